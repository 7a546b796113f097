"""Tokens to the stretches of a text that can begin or end a span."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
import regex
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Span

__all__ = ["Boundaries", "Units", "boundaries_of", "units_of"]

Boundaries = Literal["words", "characters"]
"""Where spans begin and end: at words only, or anywhere that is not inside a character."""

_PATTERNS = {
    "words": regex.compile(r"(?:\w[\p{M}\u200d]*)+|\X"),
    "characters": regex.compile(r"\X"),
}
"""What is never cut: a word, or a character as people see it (UAX 29: with its accents, joined
emoji whole)."""

_AT_WORDS = 0.98
"""The share of ends that must lie between words, so that spans are taken to be of whole words."""


class Units(Struct, frozen=True):
    """The stretches of one text, ascending and apart: characters `[start, end)`, int64 `[m]`.

    `token` is the first token of each, from which its label is read.
    """

    token: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.token)

    def covered(self, span: Span) -> slice:
        """Return the units that the span touches, perhaps none."""
        first = int(np.searchsorted(self.end, span.start, side="right"))
        last = int(np.searchsorted(self.start, span.end, side="left"))
        return slice(first, max(first, last))


def units_of(text: str, offsets: NDArray[np.int64], boundaries: Boundaries) -> Units:
    """Return the units of a text from its tokens' offsets, int64 `[n, 2]`, in characters.

    White space at a token's ends is not its own (byte-level tokens have the space in front);
    a token of nothing else is in no unit. Tokens that share a word or a character, as the bytes
    of an emoji do, are one unit.
    """
    n = len(text)
    if not n or not len(offsets):
        return _NO_UNITS
    start, end = _trimmed(text, np.clip(offsets[:, 0], 0, n), np.clip(offsets[:, 1], 0, n))
    token = np.flatnonzero(start < end)
    start, end = _snapped(text, start[token], end[token], boundaries)
    if not len(token):
        return _NO_UNITS
    reached = np.maximum.accumulate(end)
    first = np.concatenate(([True], start[1:] >= reached[:-1]))
    at = np.flatnonzero(first)
    last = np.concatenate((at[1:], [len(token)])) - 1
    return Units(token[at], start[at], reached[last])


def boundaries_of(texts: Sequence[str], values: Iterable[Sequence[Span]]) -> Boundaries:
    """Return where the spans of some texts begin and end, were they those of a training set."""
    between = ends = 0
    for text, spans in zip(texts, values, strict=True):
        if not spans:
            continue
        starts, stops = _pieces(text, "words")
        edges = np.concatenate((starts, stops))
        asked = [edge for span in spans for edge in (span.start, span.end)]
        between += int(np.isin(asked, edges).sum())
        ends += len(asked)
    return "words" if between >= _AT_WORDS * ends else "characters"


def _trimmed(
    text: str, start: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Move starts and ends over white space; what has nothing else ends where it begins."""
    n = len(text)
    blank = np.fromiter(map(str.isspace, text), dtype=bool, count=n)
    if not blank.any():
        return start, end
    places = np.arange(n, dtype=np.int64)
    # For each place: the next one that is not blank, and one past the last that is not.
    ahead = np.append(np.minimum.accumulate(np.where(blank, n, places)[::-1])[::-1], n)
    behind = np.append(0, np.maximum.accumulate(np.where(blank, 0, places + 1)))
    return ahead[start], behind[end]


def _snapped(
    text: str, start: NDArray[np.int64], end: NDArray[np.int64], boundaries: Boundaries
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Widen to whole words or characters."""
    if boundaries == "characters" and text.isascii():
        return start, end
    starts, stops = _pieces(text, boundaries)
    return (
        starts[np.searchsorted(starts, start, side="right") - 1],
        stops[np.searchsorted(stops, end, side="left")],
    )


def _pieces(text: str, boundaries: Boundaries) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return start and end of all that is never cut; together they are the whole text."""
    found = [piece.span() for piece in _PATTERNS[boundaries].finditer(text)]
    both = np.array(found, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


_EMPTY = np.zeros(0, dtype=np.int64)
_NO_UNITS = Units(_EMPTY, _EMPTY, _EMPTY)
