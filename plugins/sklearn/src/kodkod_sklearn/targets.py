"""What a training set says about its labels."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, TrainingSet

__all__ = ["Targets", "balanced_weights", "read_targets"]


class Targets(Struct, frozen=True, kw_only=True):
    """Targets without the labels that teach nothing.

    `columns` are the positions of the labels that can be learnt. `y` is int64 `[n]` of values
    of `columns` for one label a text, uint8 `[n, len(columns)]` for several. `constants`
    (float32 `[n_labels]`) has the probability of every other label: 0, or 1 where all texts
    have it.
    """

    multilabel: bool
    columns: NDArray[np.int64]
    constants: NDArray[np.float32]
    y: NDArray[np.int64] | NDArray[np.uint8]


def read_targets(data: TrainingSet) -> Targets:
    """Sort the labels of `data` into those that can be learnt and the constant ones.

    Raises:
        InvalidInputError: no label can be told from another.
    """
    read = _several(data) if data.targets.ndim == 2 else _one(data)
    if len(read.columns) < (1 if read.multilabel else 2):
        raise InvalidInputError(
            f"there is nothing to tell apart in {len(data.targets)} annotated texts: "
            + (
                "each label is on all of them or on none"
                if read.multilabel
                else "they carry fewer than two labels"
            )
            + "; annotate texts of other labels first"
        )
    return read


def _one(data: TrainingSet) -> Targets:
    y = np.asarray(data.targets, dtype=np.int64)
    return Targets(
        multilabel=False,
        columns=np.unique(y),
        constants=np.zeros(len(data.labels), dtype=np.float32),
        y=y,
    )


def _several(data: TrainingSet) -> Targets:
    y = np.asarray(data.targets, dtype=np.uint8)
    positives = y.sum(axis=0, dtype=np.int64)
    varies = (positives > 0) & (positives < len(y))
    return Targets(
        multilabel=True,
        columns=np.flatnonzero(varies),
        constants=((positives == len(y)) & (len(y) > 0)).astype(np.float32),
        y=y[:, varies],
    )


def balanced_weights(y: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return a weight for each text such that all classes weigh the same in sum.

    For several labels a text (`[n, k]`), the mean of the weights that its labels give it.
    """
    if y.ndim == 2:
        return np.mean([balanced_weights(column) for column in y.T], axis=0)
    _, inverse, counts = np.unique(y, return_inverse=True, return_counts=True)
    return (len(y) / (len(counts) * counts))[inverse]
