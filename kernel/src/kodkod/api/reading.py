"""How much of a text a component reads."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from msgspec import Struct

__all__ = ["ReadingWindow", "reading_window"]


class ReadingWindow(Struct, frozen=True, kw_only=True):
    """What lies beyond the first `tokens` of a text is not read.

    `characters` is where that is, about: the median of the texts that were longer.
    """

    tokens: int
    characters: int


def reading_window(
    texts: Sequence[str], lengths: Sequence[int], most: int | None
) -> ReadingWindow | None:
    """Return the window of whoever reads `most` tokens of texts that have `lengths` tokens.

    None where none of the texts is longer. Tokens are taken to be of one length within a text.
    """
    if most is None:
        return None
    cut = [
        len(text) * most / length
        for text, length in zip(texts, lengths, strict=True)
        if length > most
    ]
    return ReadingWindow(tokens=most, characters=round(median(cut))) if cut else None
