"""Vectors as topics compare them: directions only, and a truncated SVD of what is sparse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse

from kodkod.api import InvalidInputError, Matrix

__all__ = ["Directions", "rows_of"]

_SVD_DIMS = 100
_ROWS = 8_192


def rows_of(matrix: Matrix) -> int:
    """Return how many rows a matrix has."""
    return int(cast("Any", matrix).shape[0])


class Directions:
    """Turns rows into unit vectors; one of zeros, or that is not finite, becomes zeros."""

    def __init__(self) -> None:
        self.svd = np.zeros((0, 0), dtype=np.float32)
        self.width = 0

    def learn(self, matrix: Matrix, rng: np.random.Generator) -> None:
        """Learn the SVD of a sparse `matrix`; a dense one needs none."""
        self.width = int(cast("Any", matrix).shape[1])
        if not issparse(matrix) or self.width <= _SVD_DIMS:
            return
        from sklearn.utils.extmath import randomized_svd

        sparse = cast("Any", matrix)
        most = max(min(_SVD_DIMS, *sparse.shape), 1)
        seed = int(rng.integers(2**31 - 1))
        _, _, directions = randomized_svd(sparse, n_components=most, random_state=seed)
        self.svd = np.asarray(directions.T, dtype=np.float32)

    def of(self, rows: Matrix) -> NDArray[np.float32]:
        """Return float32 `[n, dims]`.

        Raises:
            InvalidInputError: the rows are not as wide as those that were learnt from.
        """
        given = cast("Any", rows)
        if given.shape[1] != self.width:
            raise InvalidInputError(
                f"The topics were found by vectors of {self.width} columns, and these have "
                f"{given.shape[1]}; find topics anew by this feature."
            )
        if len(self.svd):
            given = given @ self.svd
        dense = np.array(given.toarray() if issparse(given) else given, dtype=np.float32)
        dense[~np.isfinite(dense).all(axis=1)] = 0
        lengths = np.linalg.norm(dense, axis=1, keepdims=True)
        lengths[lengths == 0] = 1
        return dense / lengths

    def blocks(self, matrix: Matrix) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Yield (first row, unit vectors) of a matrix that may be larger than the memory."""
        for start in range(0, rows_of(matrix), _ROWS):
            yield start, self.of(cast("Any", matrix)[start : start + _ROWS])
