"""Margin between present and absent labels, weighed against their number."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from kodkod.api import Params, Pool, Strategy, medium, pro
from kodkod_selection.label_cardinality import cardinality_inconsistency
from kodkod_selection.ranking import highest_first
from kodkod_selection.reading import indicators, labelled_of, probabilities_of
from kodkod_selection.vectors import anchors_of, embedded, take

__all__ = ["Adaptive", "AdaptiveParams", "best_weight", "separation_margin"]

WEIGHTS = tuple(i / 10 for i in range(11))
_FLOOR = 0.01
_RIDGE = 1.0


class AdaptiveParams(Params, frozen=True):
    """How the two parts are weighed."""

    weight: Annotated[
        Annotated[float, Meta(ge=0, le=1)] | None,
        medium(
            "How much uncertainty counts against the number of labels; empty: chosen anew each "
            "time by what the choice would teach (0.5 without embeddings)"
        ),
    ] = None
    threshold: Annotated[
        float, pro("From which probability on a label counts as predicted", ge=0, le=1)
    ] = 0.5
    sample: Annotated[
        int, pro("On how many texts to try what a choice would teach", ge=1, le=100_000)
    ] = 2_000
    anchors: Annotated[
        int, pro("From how many labelled texts to learn, at most", ge=1, le=100_000)
    ] = 2_000


class Adaptive(Strategy[AdaptiveParams]):
    """u(x)^w l(x)^(1 - w), highest first.

    Li and Guo (2013), "Active learning with multi-label SVM classification". u is
    1 / (least p of the predicted labels - greatest p of the others), the inverse separation margin,
    where a missing side counts as the threshold; l is label cardinality inconsistency. Neither
    is let fall under 0.01, so that one alone never decides. w is, of 0, 0.1, ... 1, the one whose
    best row x would, taken with its predicted labels into the training set, leave the least hinge
    loss sum of max(0, 1 - |f|) on unlabelled rows (section 3.3). The paper retrains its SVMs for
    that; here f is a ridge regression on embeddings, to which a row is added by a rank-one update.
    Time O(n k + (anchors + sample) x dim^2 + 11 x sample x (dim + k)), memory
    O(n + (anchors + sample) x dim).

    Helps with several labels a text. Hurts where the number of labels says nothing (nearly all
    texts have one): it is then margin sampling, at a higher price.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return rows by falling score, ties by row, unpredicted last."""
        inverse = 1 / np.maximum(
            separation_margin(probabilities_of(pool), self.params.threshold), _FLOOR
        )
        odd = np.maximum(cardinality_inconsistency(pool, self.params.threshold), _FLOOR)
        weight = self.params.weight
        if weight is None:
            weight = self._weigh(pool, inverse, odd)
        return highest_first(pool, _joined(inverse, odd, weight))

    def _weigh(self, pool: Pool, inverse: NDArray[np.floating], odd: NDArray[np.floating]) -> float:
        if pool.embeddings is None:
            return 0.5
        anchors = anchors_of(pool, self.params.anchors)
        may = embedded(pool) & ~np.isnan(inverse)
        may[labelled_of(pool)] = False
        if pool.candidates is not None:
            may &= np.isin(np.arange(pool.n), pool.candidates)
        unlabelled = np.flatnonzero(may)
        if not len(anchors) or not len(unlabelled):
            return 0.5
        best = np.array(
            [unlabelled[np.argmax(_joined(inverse, odd, w)[unlabelled])] for w in WEIGHTS]
        )
        if len(unlabelled) > self.params.sample:
            unlabelled = np.sort(pool.rng.choice(unlabelled, self.params.sample, replace=False))
        return WEIGHTS[
            best_weight(
                take(pool, labelled_of(pool)[anchors]),
                2 * indicators(pool)[anchors] - 1,
                take(pool, best),
                2.0 * (probabilities_of(pool)[best] >= self.params.threshold) - 1,
                take(pool, unlabelled),
            )
        ]


def separation_margin(p: NDArray[np.float32], threshold: float) -> NDArray[np.float32]:
    """Return by how much the least predicted label is ahead of the best of the others, `[n]`."""
    present = p >= threshold
    least = np.where(present, p, np.inf).min(axis=1, initial=np.inf)
    best = np.where(present, -np.inf, p).max(axis=1, initial=-np.inf)
    least = np.where(np.isinf(least), threshold, least)
    best = np.where(np.isinf(best), threshold, best)
    return (least - best).astype(np.float32)


def best_weight(
    x: NDArray[np.float32],
    y: NDArray[np.floating],
    offered: NDArray[np.float32],
    believed: NDArray[np.floating],
    unlabelled: NDArray[np.float32],
) -> int:
    """Return which of the `offered` rows, with labels `believed` (-1, 1), leaves the least loss.

    Ridge regression of `y` on `x` with a bias; Sherman and Morrison (1950) for one row more.
    """
    learnt, pool = _with_bias(x), _with_bias(unlabelled)
    inverse = np.linalg.inv(learnt.T @ learnt + _RIDGE * np.eye(learnt.shape[1]))
    weights = inverse @ (learnt.T @ y)
    scores = pool @ weights
    losses: list[float] = []
    for row, labels in zip(_with_bias(offered), believed, strict=True):
        gain = inverse @ row
        error = (labels - row @ weights) / (1 + float(row @ gain))
        after = scores + np.outer(pool @ gain, error)
        losses.append(float(np.maximum(0, 1 - np.abs(after)).sum()))
    return int(np.argmin(losses))


def _joined(
    inverse: NDArray[np.floating], odd: NDArray[np.floating], weight: float
) -> NDArray[np.floating]:
    return inverse**weight * odd ** (1 - weight)


def _with_bias(x: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.hstack([x, np.ones((len(x), 1))]).astype(np.float64)
