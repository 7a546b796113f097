"""Texts with unusually many or few predicted labels."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Params, Pool, Strategy, pro
from kodkod_selection.columns import total
from kodkod_selection.ranking import highest_first
from kodkod_selection.reading import indicators, probabilities_of, unpredicted
from kodkod_selection.uncertainty import uncertainty

__all__ = ["LabelCardinality", "LabelCardinalityParams", "cardinality_inconsistency"]


class LabelCardinalityParams(Params, frozen=True):
    """When a label counts as predicted."""

    threshold: Annotated[
        float, pro("From which probability on a label counts as predicted", ge=0, le=1)
    ] = 0.5


class LabelCardinality(Strategy[LabelCardinalityParams]):
    """|number of predicted labels - mean number of labels of labelled rows|, largest first.

    Li and Guo (2013), "Active learning with multi-label SVM classification", section 3.2. With
    nothing labelled the mean is that of the predictions. Scores are few, so ties come by breaking
    ties (the label closest to undecided). Time O(n k), memory O(n).

    Helps to find texts that get no label at all, and those that get everything. Hurts alone: it
    does not ask which labels; `adaptive-multilabel` joins it to uncertainty.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return rows by falling inconsistency, ties by uncertainty, unpredicted last."""
        scores = cardinality_inconsistency(pool, self.params.threshold)
        return highest_first(pool, scores, uncertainty(pool, "breaking-ties"))


def cardinality_inconsistency(pool: Pool, threshold: float) -> NDArray[np.float32]:
    """Return the distance of each row's number of labels from what is usual, `[n]`."""
    probabilities = probabilities_of(pool)
    counts = total((probabilities >= threshold).astype(np.float32))
    known = ~unpredicted(probabilities)
    labelled = indicators(pool)
    if len(labelled):
        usual = labelled.sum(axis=1).mean()
    else:
        usual = counts[known].mean() if known.any() else 0.0
    return np.where(known, np.abs(counts - np.float32(usual)), np.float32(np.nan))
