"""Checks and slices of feature matrices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse

from kodkod.api import InvalidInputError, Matrix

__all__ = ["check_finite", "dense", "require_features", "row_blocks", "shape_of"]


def shape_of(features: Matrix) -> tuple[int, int]:
    """Return rows and dimensions (SciPy types the shape of a sparse matrix as optional)."""
    matrix: Any = features
    return matrix.shape


def require_features(features: Matrix | None, n: int) -> Matrix:
    """Return `features` if there are any, one line for each of `n` texts.

    Raises:
        InvalidInputError: the model was given no feature, or one of other texts.
    """
    if features is None:
        raise InvalidInputError(
            "this model reads features and was given none; choose at least one feature",
            field="features",
        )
    rows, _ = shape_of(features)
    if rows != n:
        raise InvalidInputError(
            f"the feature has {rows} rows for {n} texts; compute it again",
            field="features",
        )
    return features


def check_finite(features: Matrix, first_row: int = 0) -> None:
    """Refuse NaN and infinity.

    Raises:
        InvalidInputError: some row is not finite; the message names the first.
    """
    matrix: Any = features
    if np.isfinite(matrix.data if issparse(matrix) else matrix).all():
        return
    bad = int(np.flatnonzero(~np.isfinite(np.asarray(matrix.sum(axis=1)).ravel()))[0])
    raise InvalidInputError(
        f"row {first_row + bad} of the feature is not a finite number; compute the feature again",
        field="features",
    )


def row_blocks(n: int, size: int) -> Iterator[slice]:
    """Yield slices of at most `size` rows that cover `n` rows in order."""
    for start in range(0, n, size):
        yield slice(start, min(start + size, n))


def dense(features: Matrix, most_bytes: int) -> NDArray[np.float32]:
    """Return `features` as a dense array of at most `most_bytes`.

    Raises:
        InvalidInputError: it would take more memory than that.
    """
    matrix: Any = features
    if not issparse(matrix):
        return matrix
    needed = matrix.shape[0] * matrix.shape[1] * 4
    if needed > most_bytes:
        raise InvalidInputError(
            f"{matrix.shape[0]} texts with {matrix.shape[1]} sparse dimensions would take "
            f"{needed / 2**30:.1f} GiB, more than the {most_bytes / 2**30:.1f} GiB allowed; "
            "use a dense feature such as tfidf-svd, or lower max_features",
            field="features",
        )
    return matrix.toarray()
