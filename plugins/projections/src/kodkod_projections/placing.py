"""Where a row lies on a map that others made: among its nearest of them."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

__all__ = ["Landmarks"]


class Landmarks:
    """Vectors `[m, dims]` and their points `[m, 2]`.

    A row is put at the mean of the points of its `k` nearest landmarks (exact search), weighed by
    the inverse square of their distances (Shepard 1968), so that a landmark is put where it is,
    and that a row does not depend on those beside it.
    """

    def __init__(self, vectors: NDArray[np.float32], points: NDArray[np.float32], k: int) -> None:
        import faiss

        self._vectors = np.ascontiguousarray(vectors)
        self._points = points
        self._k = min(k, len(vectors))
        self._index = faiss.IndexFlatL2(vectors.shape[1])
        self._index.add(self._vectors)
        # PaCMAP leaves the library with one thread.
        faiss.omp_set_num_threads(len(os.sched_getaffinity(0)))

    def place(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the points of `rows`, float32 `[n, 2]`."""
        if not len(rows):
            return np.zeros((0, 2), dtype=np.float32)
        _, nearest = self._index.search(np.ascontiguousarray(rows), self._k)
        # What the search says of distances has lost the digits that tell a landmark from its like.
        apart = np.square(self._vectors[nearest] - rows[:, None, :]).sum(axis=2, dtype=np.float64)
        scale = np.square(rows).sum(axis=1, dtype=np.float64)[:, None]
        weights = 1 / np.maximum(apart, 1e-12 * scale + 1e-30)
        weights /= weights.sum(axis=1, keepdims=True)
        return np.einsum("nk,nkd->nd", weights, self._points[nearest]).astype(np.float32)
