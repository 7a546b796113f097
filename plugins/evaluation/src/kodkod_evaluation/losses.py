"""Losses of probabilities: log loss and the Brier score, the less the better."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kodkod_evaluation.coded import Coded
from kodkod_evaluation.resampling import Floats

__all__ = ["LossFigures"]

_LEAST = float(np.finfo(np.float32).eps)
"""No probability is taken for less: one certain mistake would make the loss infinite."""


class LossFigures:
    """Log loss (Good 1952) and Brier score (Brier 1950), means over texts.

    With one label a text they are of the whole distribution: minus the log of the probability of
    the label that the text has, and the sum over labels of the squared distance from 0 or 1 (thus
    from 0 to 2). With several labels they are means over the labels. Those of a label are of its
    probability against that of the rest.
    """

    overall = ("log_loss", "brier")
    by_label = ("log_loss", "brier")

    def __init__(self, coded: Coded) -> None:
        p, has = coded.probabilities, coded.reference
        of_truth = np.clip(np.where(has, p, 1 - p), _LEAST, 1.0)
        logs, squares = -np.log(of_truth), (p - has) ** 2
        if coded.several:
            whole = [logs.mean(axis=1), squares.mean(axis=1)]
        else:
            whole = [logs[has], squares.sum(axis=1)]
        self._table = np.column_stack([*whole, logs, squares])

    def of(self, weights: NDArray[Any]) -> tuple[Floats, Floats]:
        """Return the figures for each of the weightings."""
        n = len(self._table)
        means = (self._table.T.astype(weights.dtype) @ weights).astype(np.float64) / n
        return means[:2], means[2:].reshape(2, -1, weights.shape[1])
