"""Division that says NaN where it is not defined."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kodkod_evaluation.resampling import Floats

__all__ = ["divide", "mean_of_defined", "precision_recall_f1"]


def divide(above: NDArray[Any], below: NDArray[Any]) -> Floats:
    """Return above / below, NaN where `below` is not positive."""
    shape = np.broadcast_shapes(above.shape, below.shape)
    return np.divide(above, below, out=np.full(shape, np.nan), where=below > 0)


def mean_of_defined(values: Floats) -> Floats:
    """Return the mean over the first axis of what is defined, NaN where nothing is."""
    defined = ~np.isnan(values)
    return divide(np.where(defined, values, 0.0).sum(axis=0), defined.sum(axis=0))


def precision_recall_f1(
    hit: NDArray[Any], actual: NDArray[Any], predicted: NDArray[Any]
) -> tuple[Floats, Floats, Floats]:
    """Return the three, undefined where nothing was predicted, nothing is there, or both."""
    return divide(hit, predicted), divide(hit, actual), divide(2 * hit, actual + predicted)
