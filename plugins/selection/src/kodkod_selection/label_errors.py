"""Labelled texts whose label is probably wrong."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Params, Pool, Strategy, medium, pro
from kodkod_selection.label_quality import (
    QUALITIES,
    confident_thresholds,
    lowered,
    off_diagonal,
    quality_of_several,
)
from kodkod_selection.ranking import highest_first
from kodkod_selection.reading import (
    given,
    has_several_labels,
    labelled_of,
    probabilities_of,
    unpredicted,
)

__all__ = ["LabelErrors", "LabelErrorsParams"]

_FLAGGED = 2.0
"""More than any quality, so that flagged rows come before all others."""


class LabelErrorsParams(Params, frozen=True):
    """How the quality of a label is measured."""

    measure: Annotated[
        Literal["self-confidence", "margin", "entropy"],
        medium(
            "self-confidence: how likely the given label is; margin: how far it is ahead of the "
            "likeliest other; entropy: the first, weighed by how sure the model is at all"
        ),
    ] = "margin"
    flagged_first: Annotated[
        bool,
        medium("Rows that confident learning takes for wrong come before all others"),
    ] = True
    adjusted: Annotated[
        bool, pro("Measure against how sure the model usually is of each label")
    ] = False


class LabelErrors(Strategy[LabelErrorsParams]):
    """Labelled rows by rising quality of their label; unlabelled ones after them, by row.

    Northcutt, Jiang and Chuang (2021), "Confident learning: estimating uncertainty in dataset
    labels". With t_j the mean p_j of rows labelled j, a row labelled i is flagged if the likeliest
    of the labels j with p_j >= t_j is not i (off the diagonal of the confident joint). Quality is
    p_i, or (p_i - max of others + 1) / 2, or an entropy-weighted p_i; `adjusted` lowers p by t
    first. With several labels a text, each label's yes or no has a quality, joined by an
    exponential moving average from the best to the worst (Thyagarajan et al. 2022). Time
    O(n + labelled x k), memory O(n + labelled x k).

    Helps to review: sample `tagged`. Uses cross-validated predictions (`held_out`) where there are
    some. Hurts without: a guide that has learnt a wrong label believes it, and shows fewer errors
    than there are.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return labelled rows with a prediction first, worst first; unpredicted rows last."""
        labelled = labelled_of(pool)
        p = pool.held_out
        if p is None:
            p = probabilities_of(pool)[labelled]
        scores = np.where(unpredicted(probabilities_of(pool)), np.nan, -10.0)
        if len(labelled):
            targets = given(pool.targets, "targets")
            several = targets.ndim == 2 or has_several_labels(pool)
            quality = self._quality(p.astype(np.float64), targets, several=several)
            known = ~np.isnan(quality) & ~np.isnan(scores[labelled])
            scores[labelled[known]] = -quality[known]
        return highest_first(pool, scores)

    def _quality(
        self, p: NDArray[np.float64], targets: NDArray[Any], *, several: bool
    ) -> NDArray[np.float64]:
        """Return each label's quality, lowered under all others where it is flagged."""
        measure, given_ = QUALITIES[self.params.measure], self.params
        quality = np.full(len(p), np.nan)
        known = ~np.isnan(p).any(axis=1)
        if not several:
            known &= (targets >= 0) & (targets < p.shape[1])
        if not known.any() or not p.shape[1]:
            return quality
        p, targets = p[known], targets[known]
        if several:
            flagged, found = quality_of_several(p, targets, measure, adjusted=given_.adjusted)
        else:
            thresholds = confident_thresholds(p, targets)
            flagged = off_diagonal(p, targets, thresholds)
            found = measure(lowered(p, thresholds) if given_.adjusted else p, targets)
        quality[known] = found - _FLAGGED * flagged if given_.flagged_first else found
        return quality
