"""Figures that follow from counts: of hits, of labels given, of labels predicted."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kodkod.api import beyond_chance
from kodkod_evaluation.coded import Coded
from kodkod_evaluation.ratios import divide, mean_of_defined, precision_recall_f1
from kodkod_evaluation.resampling import Floats

__all__ = ["CountedFigures"]

_AVERAGED = ("precision", "recall", "f1")


class CountedFigures:
    """Accuracy, precision, recall, F1, balanced accuracy, MCC and kappa.

    A label's precision is undefined if it was never predicted, its recall if the reference never
    has it, its F1 if both. Averages are scikit-learn's with `zero_division=0`: macro is over the
    labels found in the reference or the predictions, an undefined figure of such a label counting
    as 0; weighted is by the number of texts that have the label. The absence of a label is nowhere
    counted as a success, but in accuracy (with several labels a text, the share of texts all of
    whose labels are right) and in what is meant to: balanced accuracy, MCC, kappa.

    With one label a text these are of all labels at once (MCC: Gorodkin 2004; kappa: Cohen 1960;
    balanced accuracy: mean recall of the labels in the reference). With several they are means over
    the labels for which they are defined.
    """

    overall = (
        "accuracy",
        "balanced_accuracy",
        "mcc",
        "kappa",
        *(f"{average}_{each}" for average in ("macro", "micro", "weighted") for each in _AVERAGED),
    )
    by_label = (*_AVERAGED, "mcc", "kappa", "support")

    def __init__(self, coded: Coded) -> None:
        parts = (coded.reference & coded.predicted, coded.reference, coded.predicted)
        self._several = coded.several
        self._n = len(coded)
        self._table = np.hstack([*parts, coded.right[:, None]]).astype(np.float32)

    def of(self, weights: NDArray[Any]) -> tuple[Floats, Floats]:
        """Return the figures for each of the weightings."""
        # Whole numbers below 2 ** 24: exact in float32 too.
        sums = (self._table.T.astype(weights.dtype) @ weights).astype(np.float64)
        hit, actual, predicted = sums[:-1].reshape(3, len(sums) // 3, -1)
        right = sums[-1] / self._n
        each = np.stack(precision_recall_f1(hit, actual, predicted))
        zeroed = np.nan_to_num(each, nan=0.0)
        present = actual + predicted > 0
        macro = divide((zeroed * present).sum(axis=1), present.sum(axis=0))
        micro = precision_recall_f1(hit.sum(axis=0), actual.sum(axis=0), predicted.sum(axis=0))
        weighted = divide((zeroed * actual).sum(axis=1), actual.sum(axis=0))
        mcc, kappa = self._alone(hit, actual, predicted)
        if self._several:
            correct = (divide(hit, actual) + self._rejected(hit, actual, predicted)) / 2
            joint = [mean_of_defined(values) for values in (correct, mcc, kappa)]
        else:
            joint = [mean_of_defined(each[1]), *self._together(right, actual, predicted)]
        whole = np.stack([right, *joint, *macro, *micro, *weighted])
        return whole, np.concatenate([each, np.stack([mcc, kappa, actual])])

    def _rejected(self, hit: Floats, actual: Floats, predicted: Floats) -> Floats:
        """Return the share of the texts without a label that were not given it."""
        return divide(self._n - actual - predicted + hit, self._n - actual)

    def _alone(self, hit: Floats, actual: Floats, predicted: Floats) -> tuple[Floats, Floats]:
        """Return MCC and kappa of each label against all that is not it."""
        n = self._n
        spread = actual * predicted * (n - actual) * (n - predicted)
        mcc = divide(hit * n - actual * predicted, np.sqrt(spread))
        agreed = (n - actual - predicted + 2 * hit) / n
        chance = (actual * predicted + (n - actual) * (n - predicted)) / n**2
        return mcc, beyond_chance(agreed, chance)

    def _together(self, right: Floats, actual: Floats, predicted: Floats) -> tuple[Floats, Floats]:
        """Return MCC and kappa of all labels at once."""
        n = self._n
        both = (actual * predicted).sum(axis=0) / n**2
        spread = (1 - (actual**2).sum(axis=0) / n**2) * (1 - (predicted**2).sum(axis=0) / n**2)
        return divide(right - both, np.sqrt(spread)), beyond_chance(right, both)
