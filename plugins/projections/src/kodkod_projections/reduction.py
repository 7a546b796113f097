"""Vectors to fewer dimensions: a truncated SVD where they are sparse or very wide, then PCA."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse

from kodkod.api import InvalidInputError, Matrix
from kodkod_projections.blocks import blocks, finite_rows, n_rows, take, width

__all__ = ["Reduction"]

_WIDE = 4_096
"""From so many columns on, a covariance takes longer than a truncated SVD of a sample."""
_SVD_DIMS = 100
_SVD_ROWS = 50_000

Told = Callable[[float], None]


class Reduction:
    """A linear map to `dims` dimensions (fewer where there are fewer columns or rows).

    Singular vectors come from Halko, Martinsson and Tropp (2011), on a sample of the rows;
    components of the PCA from the covariance of all rows. Signs are fixed: of each direction, the
    coordinate of greatest size is positive.
    """

    def __init__(self, *, dims: int, normalise: bool) -> None:
        self._dims = dims
        self._normalise = normalise
        self._svd: NDArray[np.float32] | None = None
        self._mean = np.zeros(0, dtype=np.float32)
        self._components = np.zeros((0, 0), dtype=np.float32)
        self._width = 0

    def fit(self, matrix: Matrix, rng: np.random.Generator, told: Told) -> None:
        """Learn from all rows of `matrix` that are finite; `told` hears the share that is read."""
        self._width = width(matrix)
        self._svd = self._learn_svd(matrix, rng) if _is_wide(matrix) else None
        k = self._width if self._svd is None else self._svd.shape[1]
        count, total, squares = 0, np.zeros(k), np.zeros((k, k))
        # Sums of squares lose digits where the mean is large: take off a first guess of it.
        guess = np.zeros(k)
        for start, block in blocks(matrix):
            told(start / n_rows(matrix))
            part = self._narrow(take(block, np.flatnonzero(finite_rows(block)))).astype(np.float64)
            if not len(part):
                continue
            if not count:
                guess = part.mean(axis=0)
            part -= guess
            count += len(part)
            total += part.sum(axis=0)
            squares += part.T @ part
        mean = total / max(count, 1)
        self._mean = (guess + mean).astype(np.float32)
        self._components = _principal(squares / max(count, 1) - np.outer(mean, mean), self._dims)

    def apply(self, block: Matrix) -> NDArray[np.float32]:
        """Return float32 `[n, dims]`; the rows are finite.

        Raises:
            InvalidInputError: they are not as wide as those that were learnt from.
        """
        if width(block) != self._width:
            raise InvalidInputError(
                f"The map was learnt from vectors of {self._width} columns, and these have "
                f"{width(block)}; make a new map of this feature."
            )
        return (self._narrow(block) - self._mean) @ self._components

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what `restore` takes."""
        kept: dict[str, NDArray[Any]] = {
            "mean": self._mean,
            "components": self._components,
            "width": np.array(self._width),
        }
        return kept if self._svd is None else {**kept, "svd": self._svd}

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Become what was saved."""
        self._mean, self._components = arrays["mean"], arrays["components"]
        self._width = int(arrays["width"])
        self._svd = arrays.get("svd")

    def _narrow(self, block: Matrix) -> NDArray[np.float32]:
        """Return a block dense: directions only if so wished, after the SVD where there is one."""
        rows = cast("Any", block)
        if self._svd is None and issparse(rows):
            rows = rows.toarray()
        if self._normalise:
            rows = _directions(rows)
        return np.asarray(rows if self._svd is None else rows @ self._svd, dtype=np.float32)

    def _learn_svd(self, matrix: Matrix, rng: np.random.Generator) -> NDArray[np.float32]:
        from sklearn.utils.extmath import randomized_svd

        n = n_rows(matrix)
        rows = np.sort(rng.choice(n, min(n, _SVD_ROWS), replace=False))
        sample = cast("Any", take(matrix, rows))
        sample = sample[finite_rows(sample)]
        if self._normalise:
            sample = _directions(sample)
        most = max(min(_SVD_DIMS, *sample.shape), 1)
        if not sample.shape[0]:
            return np.zeros((self._width, most), dtype=np.float32)
        seed = int(rng.integers(2**31 - 1))
        _, _, directions = randomized_svd(sample, n_components=most, random_state=seed)
        return np.asarray(directions.T, dtype=np.float32)


def _is_wide(matrix: Matrix) -> bool:
    # A narrow sparse matrix (columns of the corpus) is as well read densely.
    return width(matrix) > (_SVD_DIMS if issparse(matrix) else _WIDE)


def _directions(rows: Any) -> Any:
    """Divide rows by their lengths; a row of zeros stays one."""
    sparse = issparse(rows)
    squares = rows.multiply(rows).sum(axis=1) if sparse else np.square(rows).sum(axis=1)
    lengths = np.sqrt(np.asarray(squares, dtype=np.float32).reshape(-1, 1))
    lengths[lengths == 0] = 1
    return rows.multiply(1 / lengths).tocsr() if sparse else rows / lengths


def _principal(covariance: NDArray[np.float64], dims: int) -> NDArray[np.float32]:
    _, vectors = np.linalg.eigh(covariance)
    vectors = vectors[:, ::-1][:, :dims]
    greatest = np.abs(vectors).argmax(axis=0)
    signs = np.sign(vectors[greatest, np.arange(vectors.shape[1])])
    return (vectors * np.where(signs == 0, 1, signs)).astype(np.float32)
