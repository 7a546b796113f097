"""How alike texts are to some words, or to one of them: cosines between vectors of a feature."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

__all__ = ["Likeness", "Similar"]

# A block stays in the processor's cache between the product and the lengths.
_BLOCK_NUMBERS = 1 << 18
# Equal vectors must tie, and their products may differ in the last bits by where they lie.
_DECIMALS = 6


class Similar(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What texts are to be like: words or a sentence (`text`), or the corpus's text of this `id`.

    Compared are the vectors of `feature` (its id or name); if none is named, those of the guide,
    or else the newest dense ones. What is made of a scheme's models does not count: it would tell
    of answers. `least` leaves out texts whose cosine is smaller, and those without a vector.
    """

    text: Annotated[str, Meta(min_length=1, max_length=10_000)] | None = None
    id: Annotated[str, Meta(min_length=1, max_length=1000)] | None = None
    feature: Annotated[str, Meta(max_length=200)] | None = None
    least: Annotated[float, Meta(ge=-1, le=1)] | None = None


class Likeness(Struct, frozen=True):
    """A direction among a feature's vectors, float32 `[m, dim]`, by which texts are compared.

    `direction` has length 1. `key` changes when the vectors do.
    """

    matrix: NDArray[np.float32]
    direction: NDArray[np.float32]
    key: str

    def of(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the cosine of each of `rows`: 0 for a vector of length 0, NaN where there is none.

        Takes as long as reading the vectors: for another thread.
        """
        found = np.full(len(rows), np.nan, dtype=np.float32)
        step = max(1, _BLOCK_NUMBERS // max(1, self.matrix.shape[1]))
        for start in range(0, len(rows), step):
            some = rows[start : start + step]
            there = some < len(self.matrix)
            found[start : start + step][there] = self._cosines(some[there])
        return np.round(found, _DECIMALS)

    def _cosines(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        block = self.matrix[_places(rows)]
        lengths = np.sqrt(np.einsum("ij,ij->i", block, block))
        found = (block @ self.direction) / np.where(lengths > 0, lengths, 1)
        return found.astype(np.float32, copy=False)


def _places(rows: NDArray[np.int64]) -> NDArray[np.int64] | slice:
    """Return neighbouring rows as a slice, which copies nothing."""
    if len(rows) and np.array_equal(rows, np.arange(rows[0], rows[0] + len(rows))):
        return slice(int(rows[0]), int(rows[0]) + len(rows))
    return rows
