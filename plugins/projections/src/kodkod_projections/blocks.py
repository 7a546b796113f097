"""A matrix, dense or sparse, mapped or not, read a block of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Matrix

__all__ = ["blocks", "finite_rows", "n_rows", "take", "width"]

ROWS = 8_192


def n_rows(matrix: Matrix) -> int:
    """Return how many rows a matrix has."""
    return int(cast("Any", matrix).shape[0])


def width(matrix: Matrix) -> int:
    """Return how many columns a matrix has."""
    return int(cast("Any", matrix).shape[1])


def blocks(matrix: Matrix, rows: int = ROWS) -> Iterator[tuple[int, Matrix]]:
    """Yield (first row, rows) in order; dense ones are copied into memory, as float32."""
    for start in range(0, n_rows(matrix), rows):
        part = cast("Any", matrix)[start : start + rows]
        yield start, _held(part)


def take(matrix: Matrix, rows: NDArray[np.int64]) -> Matrix:
    """Return the given rows, which ascend."""
    return _held(cast("Any", matrix)[rows])


def finite_rows(matrix: Matrix) -> NDArray[np.bool_]:
    """Return which rows have only finite numbers."""
    if isinstance(matrix, np.ndarray):
        return np.asarray(np.isfinite(matrix).all(axis=1))
    sparse = cast("Any", matrix)
    finite = np.ones(sparse.shape[0], dtype=np.bool_)
    wrong = np.flatnonzero(~np.isfinite(sparse.data))
    finite[np.searchsorted(sparse.indptr, wrong, side="right") - 1] = False
    return finite


def _held(part: Any) -> Matrix:
    return np.array(part, dtype=np.float32) if isinstance(part, np.ndarray) else part
