"""Areas under the ROC and the precision-recall curve: how well probabilities sort the texts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from kodkod_evaluation.coded import Coded
from kodkod_evaluation.ratios import divide, mean_of_defined
from kodkod_evaluation.resampling import Floats

__all__ = ["RankedFigures"]


class RankedFigures:
    """ROC-AUC and PR-AUC of each label against the rest, and their means.

    ROC-AUC: the probability that a text with the label is above one without, ties counting half
    (Hanley and McNeil 1982); undefined where all texts have it, or none. PR-AUC: average precision,
    without interpolation (Davis and Goadrich 2006); undefined where no text has the label. Means
    are over the labels for which they are defined.
    """

    overall = ("macro_roc_auc", "macro_pr_auc")
    by_label = ("roc_auc", "pr_auc")

    def __init__(self, coded: Coded) -> None:
        columns = zip(coded.probabilities.T, coded.reference.T, strict=True)
        self._rankings = [_Ranking(scores, has) for scores, has in columns]

    def of(self, weights: NDArray[Any]) -> tuple[Floats, Floats]:
        """Return the figures for each of the weightings."""
        each = np.stack([ranking.areas(weights) for ranking in self._rankings], axis=1)
        return np.stack([mean_of_defined(values) for values in each]), each


class _Ranking:
    """One label's texts, sorted once.

    Both areas are sums over the texts that have the label, so only what lies between the scores of
    those matters: texts are put into segments, which alternate between the scores of such a text
    and those between two of them, from the least to the greatest. The weights of a segment are
    then a sparse product.
    """

    def __init__(self, scores: Floats, has: NDArray[np.bool_]) -> None:
        levels = np.unique(scores[has])
        place = np.searchsorted(levels, scores)
        level = np.zeros(len(scores), dtype=np.bool_)
        inside = place < len(levels)
        level[inside] = levels[place[inside]] == scores[inside]
        self._all = _sums(2 * place + level, 2 * len(levels) + 1, np.arange(len(scores)))
        self._mine = _sums(place[has], len(levels), np.flatnonzero(has), width=len(scores))

    def areas(self, weights: NDArray[Any]) -> Floats:
        """Return `[2, r]`: ROC-AUC and PR-AUC."""
        mine = (self._mine @ weights).astype(np.float64)
        everyone = (self._all @ weights).astype(np.float64)
        positive, total = mine.sum(axis=0), everyone.sum(axis=0)
        below = np.cumsum(everyone, axis=0)
        # Of a segment with the label, the others: those below it whole, those in it half.
        hits_below = np.cumsum(mine, axis=0)
        others_below = below[:-1:2] - (hits_below - mine)
        others_here = everyone[1::2] - mine
        roc = divide(
            (mine * (others_below + others_here / 2)).sum(axis=0), positive * (total - positive)
        )
        found = positive - hits_below + mine
        read = total - below[:-1:2]
        precision = np.nan_to_num(divide(found, read), nan=0.0)
        return np.stack([roc, divide((mine * precision).sum(axis=0), positive)])


def _sums(
    segment: NDArray[np.int64], n_segments: int, texts: NDArray[np.int64], width: int | None = None
) -> csr_matrix:
    """Return `[n_segments, n]` that adds up the weights of the texts in each segment."""
    ones = np.ones(len(texts), dtype=np.float32)
    return csr_matrix((ones, (segment, texts)), shape=(n_segments, width or len(texts)))
