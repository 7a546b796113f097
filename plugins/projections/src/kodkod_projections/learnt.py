"""What the learnt maps share: reduce, lay a sample out, place the rest among it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, JobContext, Matrix, Projection
from kodkod_projections.blocks import blocks, finite_rows, n_rows, take
from kodkod_projections.params import LearntParams
from kodkod_projections.placing import Landmarks
from kodkod_projections.reduction import Reduction

__all__ = ["FEWEST", "LearntMap"]

P = TypeVar("P", bound=LearntParams)

FEWEST = 12
"""Of fewer texts neighbourhoods say nothing: they are laid out by PCA."""
_FILE = "map.npz"
_REDUCING, _LAID_OUT = 0.1, 0.7


class LearntMap(Projection[P]):
    """Vectors are reduced by PCA, a sample of them is laid out, and all others are placed.

    What is kept is the reduction, and the sample's vectors and points: arrays and no objects of a
    library. Rows that were not in the sample, of the corpus or new ones, are placed by
    `Landmarks`, and not by the library's own transform, for that would need its objects, and
    moves rows by those that come with them.
    """

    def __init__(self, params: P) -> None:
        super().__init__(params)
        self._reduction = Reduction(dims=params.dims, normalise=params.normalise)
        self._vectors = np.zeros((0, 1), dtype=np.float32)
        self._points = np.zeros((0, 2), dtype=np.float32)

    @abstractmethod
    def lay_out(
        self, vectors: NDArray[np.float32], start: NDArray[np.float32], ctx: JobContext
    ) -> NDArray[np.float32]:
        """Return points `[n, 2]` for vectors `[n, dims]`, n >= FEWEST, not all of them the same.

        `start` are the first two principal components, the first of standard deviation 1.
        """

    def fit(self, matrix: Matrix, ctx: JobContext) -> NDArray[np.float32]:
        """Learn the map and place every row."""
        rng = ctx.rng()
        sample = self._sample(matrix, rng)
        self._reduction.fit(
            sample, rng, lambda done: ctx.progress(_REDUCING * done, "reducing by PCA")
        )
        self._vectors = self._reduction.apply(sample)
        ctx.progress(_REDUCING, f"laying out {len(self._vectors)} texts")
        self._points = self._laid_out(ctx)
        return self._placed(
            matrix, lambda done: ctx.progress(_LAID_OUT + (1 - _LAID_OUT) * done, "placing texts")
        )

    def transform(self, matrix: Matrix, ctx: JobContext) -> NDArray[np.float32]:
        """Place rows on the map."""
        return self._placed(matrix, lambda done: ctx.progress(done, "placing texts"))

    def save(self, folder: Path) -> None:
        """Write the reduction and the sample."""
        arrays = {**self._reduction.arrays(), "vectors": self._vectors, "points": self._points}
        np.savez(folder / _FILE, **arrays)  # pyright: ignore[reportArgumentType]

    def load(self, folder: Path) -> None:
        """Read them."""
        with np.load(folder / _FILE, allow_pickle=False) as arrays:
            self._reduction.restore(arrays)
            self._vectors, self._points = arrays["vectors"], arrays["points"]

    def _sample(self, matrix: Matrix, rng: np.random.Generator) -> Matrix:
        finite = np.concatenate(
            [np.zeros(0, dtype=np.bool_), *(finite_rows(block) for _, block in blocks(matrix))]
        )
        rows = np.flatnonzero(finite)
        if not len(rows):
            raise InvalidInputError(
                "There is no text to make a map of; choose another split, or a feature whose "
                "vectors are finite."
            )
        if len(rows) > self.params.sample:
            rows = np.sort(rng.choice(rows, self.params.sample, replace=False))
        return take(matrix, rows)

    def _laid_out(self, ctx: JobContext) -> NDArray[np.float32]:
        vectors = self._vectors
        start = np.zeros((len(vectors), 2), dtype=np.float32)
        start[:, : min(2, vectors.shape[1])] = vectors[:, :2]
        spread = float(start[:, 0].std())
        if spread > 0:
            start /= spread
        if len(vectors) < FEWEST or np.ptp(vectors, axis=0).max(initial=0) == 0:
            ctx.log("Too few different texts for neighbourhoods to mean something: laid out by PCA")
            return start
        return np.asarray(self.lay_out(vectors, start, ctx), dtype=np.float32)

    def _placed(self, matrix: Matrix, told: Callable[[float], None]) -> NDArray[np.float32]:
        points = np.full((n_rows(matrix), 2), np.nan, dtype=np.float32)
        landmarks = Landmarks(self._vectors, self._points, self.params.placed_by)
        if not len(points):
            self._reduction.apply(take(matrix, np.zeros(0, dtype=np.int64)))
        for first, block in blocks(matrix):
            told(first / len(points))
            rows = np.flatnonzero(finite_rows(block))
            points[first + rows] = landmarks.place(self._reduction.apply(take(block, rows)))
        return points
