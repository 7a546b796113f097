"""Some rows of a matrix that may be larger than the memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Matrix

__all__ = ["subset"]

_ROWS = 65_536


def subset(matrix: Matrix, rows: NDArray[np.int64], scratch: Path) -> Matrix:
    """Return the given rows: dense ones mapped from a file in `scratch`, sparse ones in memory."""
    if not isinstance(matrix, np.ndarray):
        return cast("Any", matrix)[rows]
    if not len(rows):
        return np.zeros((0, matrix.shape[1]), dtype=np.float32)
    path = scratch / "subset.npy"
    shape = (len(rows), matrix.shape[1])
    copied = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
    for start in range(0, len(rows), _ROWS):
        copied[start : start + _ROWS] = matrix[rows[start : start + _ROWS]]
    copied.flush()
    return np.load(path, mmap_mode="r")
