"""Texts with unusually many or few predicted labels."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Params, Pool, Strategy, pro
from kodkod_selection.columns import cached_rows, total
from kodkod_selection.ranking import classes_first
from kodkod_selection.reading import indicators, probabilities_of
from kodkod_selection.uncertainty import uncertainty

__all__ = ["LabelCardinality", "LabelCardinalityParams", "cardinality_inconsistency"]

_UNPREDICTED = -1


class LabelCardinalityParams(Params, frozen=True):
    """When a label counts as predicted."""

    threshold: Annotated[
        float, pro("From which probability on a label counts as predicted", ge=0, le=1)
    ] = 0.5


class LabelCardinality(Strategy[LabelCardinalityParams]):
    """|number of predicted labels - mean number of labels of labelled rows|, largest first.

    Li and Guo (2013), "Active learning with multi-label SVM classification", section 3.2. With
    nothing labelled the mean is that of the predictions. Scores are few, so ties come by breaking
    ties (the label closest to undecided) as far as texts are drawn before the next refresh, and
    by row behind. Time O(n k), memory O(n).

    Helps to find texts that get no label at all, and those that get everything. Hurts alone: it
    does not ask which labels; `adaptive-multilabel` joins it to uncertainty.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return rows by falling inconsistency, ties by uncertainty, unpredicted last."""
        counts = _counts(probabilities_of(pool), self.params.threshold)
        # Rows with as many labels are as far from what is usual: few distances are sorted.
        ranks = np.unique(-_distances(pool, counts), return_inverse=True)[1].astype(np.uint16)
        return classes_first(
            pool,
            ranks[counts],
            counts == _UNPREDICTED,
            lambda rows: uncertainty(pool, "breaking-ties", rows),
        )


def cardinality_inconsistency(pool: Pool, threshold: float) -> NDArray[np.float32]:
    """Return the distance of each row's number of labels from what is usual, `[n]`."""
    counts = _counts(probabilities_of(pool), threshold)
    return np.append(_distances(pool, counts), np.float32(np.nan))[counts]


def _counts(probabilities: NDArray[np.float32], threshold: float) -> NDArray[np.intp]:
    """Return each row's number of predicted labels, -1 where it has no prediction."""
    counts = np.empty(len(probabilities), dtype=np.intp)
    for rows in cached_rows(*probabilities.shape):
        block = probabilities[rows]
        there = np.greater_equal(block, np.float32(threshold), out=np.empty_like(block))
        counts[rows] = total(there)
        counts[rows][np.isnan(total(block))] = _UNPREDICTED
    return counts


def _distances(pool: Pool, counts: NDArray[np.intp]) -> NDArray[np.float32]:
    """Return for each possible number of labels how far it is from what is usual."""
    labelled = indicators(pool)
    if len(labelled):
        usual = labelled.sum(axis=1).mean()
    else:
        known = counts[counts != _UNPREDICTED]
        usual = known.mean() if len(known) else 0.0
    return np.abs(np.arange(len(pool.labels) + 1, dtype=np.float32) - np.float32(usual))
