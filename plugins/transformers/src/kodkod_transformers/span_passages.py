"""Texts as the tagger reads them: in passages that the model's window holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import InvalidInputError
from kodkod_transformers.span_units import Boundaries, Units, units_of

__all__ = ["Frame", "Passage", "TextTokens", "frame_of", "passages_of", "read_tokens", "windows_of"]


class TextTokens(Struct, frozen=True):
    """A text's tokens without special ones, and its units."""

    ids: list[int]
    units: Units


class Frame(Struct, frozen=True):
    """The special tokens in front of what is read and behind it."""

    lead: list[int]
    trail: list[int]

    def __len__(self) -> int:
        return len(self.lead) + len(self.trail)


class Passage(Struct, frozen=True):
    """A part of a text with special tokens around it.

    It answers for the units `first` to `stop` of the text at position `text`; `at`, int64
    `[stop - first]`, says where in `ids` their first tokens are. What else it holds is there to be
    read along.
    """

    text: int
    ids: list[int]
    first: int
    stop: int
    at: NDArray[np.int64]


def read_tokens(tokenizer: Any, texts: Sequence[str], boundaries: Boundaries) -> list[TextTokens]:
    """Return the tokens of the texts with where they are. Lone surrogates become question marks.

    Raises:
        InvalidInputError: the tokenizer cannot say where in a text a token is.
    """
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise InvalidInputError(
            "The model's tokenizer cannot tell which characters a token stands for, which spans "
            "need; choose a model with a fast tokenizer (tokenizer.json).",
            field="model",
        )
    backend.no_truncation()
    backend.no_padding()
    readable = [text.encode("utf-8", "replace").decode() for text in texts]
    found: list[TextTokens] = []
    encodings = backend.encode_batch(readable, add_special_tokens=False)
    for text, encoding in zip(readable, encodings, strict=True):
        offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
        found.append(TextTokens(encoding.ids, units_of(text, offsets, boundaries)))
    return found


def frame_of(tokenizer: Any) -> Frame:
    """Return which special tokens the tokenizer puts around a text."""
    whole = tokenizer("a", verbose=False)["input_ids"]
    bare = tokenizer("a", add_special_tokens=False, verbose=False)["input_ids"]
    for i in range(len(whole) - len(bare) + 1):
        if whole[i : i + len(bare)] == bare:
            return Frame(whole[:i], whole[i + len(bare) :])
    return Frame([], [])


def windows_of(n: int, size: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield windows over `n` tokens: start, stop, and from where to where it is answered for.

    Neighbours share a quarter, which is cut in its middle: each token is answered for by the
    window in which it has the most around it. The last one ends with the text.
    """
    step = max(1, size - size // 4)
    starts = [*range(0, max(n - size, 0), step), max(n - size, 0)]
    cuts = [(start + size + after) // 2 for start, after in pairwise(starts)]
    edges = [0, *cuts, n]
    for i, start in enumerate(starts):
        yield start, min(start + size, n), edges[i], edges[i + 1]


def passages_of(text: int, tokens: TextTokens, length: int, frame: Frame) -> Iterator[Passage]:
    """Yield the passages of the text at position `text`, of at most `length` tokens each.

    Each unit is in exactly one of them; a text without units has none.
    """
    places = tokens.units.token
    for start, stop, keep, end in windows_of(len(tokens.ids), max(1, length - len(frame))):
        first, last = np.searchsorted(places, [keep, end]).tolist()
        if first < last:
            at = places[first:last] - start + len(frame.lead)
            ids = [*frame.lead, *tokens.ids[start:stop], *frame.trail]
            yield Passage(text, ids, first, last, at)
