"""Principal component analysis (Hotelling 1933), of all rows and in blocks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, JobContext, Matrix, Projection
from kodkod_projections.blocks import blocks, finite_rows, n_rows, take
from kodkod_projections.params import PcaParams
from kodkod_projections.reduction import Reduction

__all__ = ["Pca"]

_FILE = "map.npz"


class Pca(Projection[PcaParams]):
    """The first two components; a map of one column has 0 for the second."""

    def __init__(self, params: PcaParams) -> None:
        super().__init__(params)
        self._reduction = Reduction(dims=2, normalise=params.normalise)

    def fit(self, matrix: Matrix, ctx: JobContext) -> NDArray[np.float32]:
        """Learn the components from all rows, and return the rows along them."""
        if not n_rows(matrix):
            raise InvalidInputError("There is no text to make a map of; choose another split.")
        self._reduction.fit(
            matrix, ctx.rng(), lambda done: ctx.progress(0.6 * done, "finding components")
        )
        return self._along(matrix, ctx, 0.6)

    def transform(self, matrix: Matrix, ctx: JobContext) -> NDArray[np.float32]:
        """Return rows along the components."""
        return self._along(matrix, ctx, 0.0)

    def save(self, folder: Path) -> None:
        """Write the components."""
        np.savez(folder / _FILE, **self._reduction.arrays())  # pyright: ignore[reportArgumentType]

    def load(self, folder: Path) -> None:
        """Read them."""
        with np.load(folder / _FILE, allow_pickle=False) as arrays:
            self._reduction.restore(arrays)

    def _along(self, matrix: Matrix, ctx: JobContext, begin: float) -> NDArray[np.float32]:
        points = np.full((n_rows(matrix), 2), np.nan, dtype=np.float32)
        if not len(points):
            self._reduction.apply(take(matrix, np.zeros(0, dtype=np.int64)))
        for first, block in blocks(matrix):
            ctx.progress(begin + (1 - begin) * first / len(points), "placing texts")
            rows = np.flatnonzero(finite_rows(block))
            along = self._reduction.apply(take(block, rows))
            points[first + rows] = 0
            points[first + rows, : along.shape[1]] = along
        return points
