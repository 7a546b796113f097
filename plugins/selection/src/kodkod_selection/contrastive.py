"""Texts judged unlike their labelled neighbours."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Params, Pool, Strategy, pro
from kodkod_selection.batches import by_uncertainty
from kodkod_selection.ranking import in_front
from kodkod_selection.reading import has_several_labels, labelled_of, probabilities_of
from kodkod_selection.uncertainty import entropy_of_outcomes, outcomes
from kodkod_selection.vectors import anchors_of, blocks, squared_lengths, take

__all__ = ["Contrastive", "ContrastiveParams", "contrast"]

_LEAST_PROBABILITY = 1e-7


class ContrastiveParams(Params, frozen=True):
    """How many neighbours are compared with."""

    neighbours: Annotated[
        int, pro("With how many labelled neighbours to compare", ge=1, le=1_000)
    ] = 10
    subpool: Annotated[
        int, pro("How many texts to compare; more take longer", ge=1, le=1_000_000)
    ] = 20_000
    anchors: Annotated[
        int, pro("How many labelled texts to look for neighbours among", ge=1, le=1_000_000)
    ] = 1_000


class Contrastive(Strategy[ContrastiveParams]):
    """Mean KL(p(x') || p(x)) over the `neighbours` labelled x' nearest to x, highest first.

    Margatina, Vernikos, Barrault and Aletras (2021), "Active learning by acquiring contrastive
    examples" (CAL). Over the `subpool` most uncertain rows and at most `anchors` labelled ones at
    random; the rest, and all where nothing is labelled, by breaking ties. Time
    O(n k + subpool x anchors x dim), memory O(n + subpool x dim) and a block of distances.

    Helps near the decision boundary when embeddings are good, and finds mistakes of the model
    close to what it has seen. Hurts where few are labelled: the neighbours are then far away.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return rows by falling divergence, ties by row; then by uncertainty."""
        given = self.params
        cheap = by_uncertainty(pool)
        rows = np.sort(cheap.order[: min(cheap.n_open, given.subpool)])
        anchors = labelled_of(pool)[anchors_of(pool, given.anchors)]
        probabilities, several = probabilities_of(pool), has_several_labels(pool)
        anchors = anchors[~np.isnan(probabilities[anchors]).any(axis=1)]
        if not len(anchors) or not len(rows):
            return cheap.order
        scores = contrast(
            take(pool, rows),
            take(pool, anchors),
            outcomes(probabilities[rows], several=several),
            outcomes(probabilities[anchors], several=several),
            given.neighbours,
        )
        return in_front(rows[np.argsort(-scores, kind="stable")], cheap.order)


def contrast(
    x: NDArray[np.float32],
    anchors: NDArray[np.float32],
    p: NDArray[np.floating],
    p_anchors: NDArray[np.floating],
    neighbours: int,
) -> NDArray[np.float64]:
    """Return each row's mean divergence from its nearest anchors, by Euclidean distance."""
    k = min(neighbours, len(anchors))
    p_anchors = np.clip(p_anchors.astype(np.float64), _LEAST_PROBABILITY, 1)
    negentropy = -entropy_of_outcomes(p_anchors)
    surprisal = -np.log(np.clip(p.astype(np.float64), _LEAST_PROBABILITY, 1))
    lengths = squared_lengths(anchors)
    scores = np.empty(len(x), dtype=np.float64)
    for rows, products in blocks(x, anchors):
        products *= -2
        products += lengths
        near = np.argpartition(products, k - 1, axis=1)[:, :k]
        # KL(a || x) = -H(a) - sum a log x, and its mean over a needs the mean of a alone.
        mean = p_anchors[near].mean(axis=1)
        scores[rows] = negentropy[near].mean(axis=1) + (mean * surprisal[rows]).sum(axis=1)
    return scores
