"""Cross-validation of a guide's model: when, in how many parts, and what the score is."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import CurvePoint, HeldOut, Score

__all__ = [
    "PREDICTED",
    "AssessmentPlan",
    "Replicates",
    "assessment_due",
    "curve_point",
    "plan_assessment",
    "predicted_table",
    "score_of",
]

PREDICTED = np.float32(0.5)
"""From this probability on, a label of several is taken to be on a text."""

_GROWN_PERCENT = 110
_FEWEST = 20
_FOLDS = 5
_SIZES = 5
_LEAST_SIZE = 8
_REPLICATES = 400
# Texts times estimators to fit: what a fit takes is about in proportion.
_CHEAP = 2_000
_DEAR = 10_000

Bools = NDArray[np.bool_]


def assessment_due(last: HeldOut | None, n_train: int) -> bool:
    """Tell whether a guide that learnt from `n_train` texts should be assessed again.

    That is from 20 texts on, and each time there are 10 % more, or fewer, than the last time.
    """
    if last is None:
        return n_train >= _FEWEST
    fewer, more = sorted((last.n_train, n_train))
    return 100 * more >= _GROWN_PERCENT * fewer


class AssessmentPlan(Struct, frozen=True):
    """How much to do: of `folds`, the first `curve_folds` are used for the curve as well.

    The curve has training sets of `shares` of the largest, each drawn `repeats` times; the last
    share, 1, is the cross-validation itself.
    """

    folds: int
    curve_folds: int
    repeats: int
    shares: tuple[float, ...]

    @property
    def fits(self) -> int:
        """Count the models to fit."""
        return self.folds + self.curve_folds * self.repeats * (len(self.shares) - 1)


def plan_assessment(labels: Bools, *, multilabel: bool) -> AssessmentPlan | None:
    """Return a plan for `[n, k]`, or None where no two labels have two texts each.

    There are five folds, or as many as the second most frequent label has texts, so that every
    fold can tell two labels apart. A rarer label is tested in some of the folds. Where a fit is
    dear (many texts, many labels) the curve is drawn with fewer of them.
    """
    counts = sorted(labels.sum(axis=0).tolist(), reverse=True)
    # With several labels a text, those without the one label are the other.
    second = counts[1] if len(counts) > 1 else 0
    if multilabel:
        second = max(second, min(counts[0], len(labels) - counts[0]))
    if second < 2:
        return None
    folds = min(_FOLDS, second)
    cost = len(labels) * (labels.shape[1] if multilabel else 1)
    largest = len(labels) * (folds - 1) // folds
    least = min(max(_LEAST_SIZE, largest / 8) / largest, 1.0)
    shares = tuple(np.geomspace(least, 1.0, _SIZES).tolist())
    return AssessmentPlan(
        folds,
        min(folds, 2) if cost > _DEAR else folds,
        2 if cost <= _CHEAP else 1,
        shares,
    )


def predicted_table(probabilities: NDArray[np.float32], *, multilabel: bool) -> Bools:
    """Return `[n, k]`: what is predicted. Rows with a NaN are predicted as nothing."""
    if multilabel:
        return probabilities >= PREDICTED
    known = ~np.isnan(probabilities).any(axis=1)
    best = np.where(known, np.nan_to_num(probabilities).argmax(axis=1), -1)
    return best[:, None] == np.arange(probabilities.shape[1])


class Replicates:
    """Bootstrap replicates of `n` texts, the same ones for all that is scored on them."""

    def __init__(self, n: int, rng: np.random.Generator, replicates: int = _REPLICATES) -> None:
        drawn = rng.integers(0, n, (replicates, n)) if n else np.zeros((replicates, 0), int)
        self._counts = np.stack([np.bincount(each, minlength=n) for each in drawn])
        self._counts = np.vstack([np.ones(n), self._counts]).astype(np.float32)

    def macro_f1(self, labels: Bools, predicted: Bools) -> NDArray[np.float64]:
        """Return the macro F1 of all texts, then that of each replicate; NaN where undefined.

        As scikit-learn's: over the labels that are in the reference or the predictions.
        """
        hit = self._counts @ (labels & predicted)
        either = self._counts @ (labels.astype(np.float32) + predicted)
        f1 = np.divide(2 * hit, either, out=np.zeros_like(hit), where=either > 0)
        present = (either > 0).sum(axis=1)
        total = f1.sum(axis=1, dtype=np.float64)
        return np.divide(total, present, out=np.full(len(total), np.nan), where=present > 0)


def score_of(values: NDArray[np.float64]) -> Score:
    """Return the first of `values` with the 95 % percentile interval of the others."""
    if np.isnan(values[0]):
        return Score(value=None)
    known = values[1:][~np.isnan(values[1:])]
    if not len(known):
        return Score(value=float(values[0]))
    low, high = np.percentile(known, [2.5, 97.5])
    return Score(value=float(values[0]), low=float(low), high=float(high))


def curve_point(
    n: int,
    labels: Bools,
    repeats: Sequence[Bools],
    replicates: Replicates,
    rng: np.random.Generator,
) -> CurvePoint | None:
    """Return the mean score of some models that learnt from `n` texts each; None if undefined.

    `repeats` are their predictions `[n, k]` of the same texts. The interval has both: which texts
    were tested (the bootstrap over them) and which were learnt from (drawn anew from the repeats).
    """
    each = np.array([replicates.macro_f1(labels, predicted) for predicted in repeats])
    draws = rng.integers(0, len(each), each.shape)
    mean = np.take_along_axis(each, draws, axis=0).mean(axis=0)
    mean[0] = each[:, 0].mean()
    score = score_of(mean)
    if score.value is None:
        return None
    kept = tuple(0.0 if math.isnan(value) else round(value, 6) for value in mean[1:].tolist())
    return CurvePoint(n=n, score=score, replicates=kept)
