"""What a strategy takes from its pool."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidParamsError, PluginError, Pool
from kodkod_selection.columns import place_of_highest, total

__all__ = [
    "column_of",
    "given",
    "has_several_labels",
    "indicators",
    "labelled_of",
    "predicted",
    "probabilities_of",
    "sums_to_one",
    "unpredicted",
]

A = TypeVar("A")

_SUM_TOLERANCE = 1e-3


def given(value: A | None, need: str) -> A:
    """Return what the pool must have.

    Raises:
        PluginError: it is not there, although the spec says that it is needed.
    """
    if value is None:
        raise PluginError(f"The strategy needs {need}, and the pool has none.")
    return value


def probabilities_of(pool: Pool) -> NDArray[np.float32]:
    """Return the pool's probabilities, `[n, n_labels]`."""
    return given(pool.probabilities, "probabilities")


def labelled_of(pool: Pool) -> NDArray[np.int64]:
    """Return the labelled rows, none where the pool does not tell."""
    return np.zeros(0, dtype=np.int64) if pool.labelled is None else pool.labelled


def indicators(pool: Pool) -> NDArray[np.float32]:
    """Return the labelled rows' labels as 0 and 1, `[n_labelled, n_labels]`."""
    targets: NDArray[Any] | None = pool.targets
    n_labels = len(pool.labels)
    if targets is None:
        return np.zeros((0, n_labels), dtype=np.float32)
    if targets.ndim == 2:
        return targets.astype(np.float32)
    return (targets[:, None] == np.arange(n_labels)).astype(np.float32)


def has_several_labels(pool: Pool) -> bool:
    """Tell whether a text may have several labels: as the pool says, or as its rows' sums do."""
    return pool.multilabel or (
        pool.probabilities is not None and not sums_to_one(pool.probabilities)
    )


def sums_to_one(probabilities: NDArray[np.float32]) -> bool:
    """Tell whether every row without NaN is a distribution."""
    sums = total(probabilities)
    return bool(np.all((np.abs(sums - 1) <= _SUM_TOLERANCE) | np.isnan(sums)))


def unpredicted(probabilities: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Return which rows have no prediction, `[n]`."""
    return np.isnan(total(probabilities))


def predicted(probabilities: NDArray[np.float32], *, several: bool) -> NDArray[np.bool_]:
    """Return which labels are predicted, `[n, n_labels]`: the likeliest, or all from 0.5 on."""
    if several:
        return probabilities >= 0.5
    return place_of_highest(probabilities)[:, None] == np.arange(probabilities.shape[1])


def column_of(pool: Pool, label: str) -> int:
    """Return the column of a label named in the params.

    Raises:
        InvalidParamsError: the label is not among the pool's.
    """
    if label not in pool.labels:
        there = ", ".join(map(repr, pool.labels)) or "none"
        raise InvalidParamsError(
            f"The guide does not predict the label {label!r}; it predicts {there}.",
            field="label",
        )
    return pool.labels.index(label)
