"""Embeddings: which rows have one, rows by number, lengths, chunks of products."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Pool
from kodkod_selection.reading import given, labelled_of

__all__ = [
    "anchors_of",
    "blocks",
    "embedded",
    "row_blocks",
    "squared_lengths",
    "take",
    "unit",
]

_CELLS = 1 << 22
"""Numbers in a block of products: 16 MB of float32."""


def embedded(pool: Pool) -> NDArray[np.bool_]:
    """Return which of the pool's rows have an embedding, `[n]`."""
    # By number alone: looking at the numbers would read the whole of a mapped file.
    return np.arange(pool.n) < len(given(pool.embeddings, "embeddings"))


def take(pool: Pool, rows: NDArray[np.int64], *, normalised: bool = True) -> NDArray[np.float32]:
    """Return the embeddings of `rows`, which have one; of length 1 where `normalised`."""
    vectors = np.ascontiguousarray(given(pool.embeddings, "embeddings")[rows], dtype=np.float32)
    return unit(vectors) if normalised else vectors


def anchors_of(pool: Pool, most: int) -> NDArray[np.int64]:
    """Return the places in `labelled` of up to `most` labelled rows that have an embedding."""
    labelled = labelled_of(pool)
    places = np.flatnonzero(embedded(pool)[labelled])
    if len(places) > most:
        places = np.sort(pool.rng.choice(places, most, replace=False))
    return places


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return vectors of length 1; those of length 0 stay as they are."""
    lengths = np.sqrt(squared_lengths(vectors))[:, None]
    return np.divide(vectors, lengths, out=vectors.copy(), where=lengths > 0)


def squared_lengths(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return each row's squared length."""
    return np.einsum("ij,ij->i", vectors, vectors)


def row_blocks(n: int, width: int) -> Iterator[slice]:
    """Cut `n` rows so that a block of them times `width` stays small."""
    step = max(_CELLS // max(width, 1), 1)
    for start in range(0, n, step):
        yield slice(start, min(start + step, n))


def blocks(
    left: NDArray[np.float32], right: NDArray[np.float32]
) -> Iterator[tuple[slice, NDArray[np.float32]]]:
    """Yield `left @ right.T`, some rows at a time."""
    for rows in row_blocks(len(left), len(right)):
        yield rows, left[rows] @ right.T
