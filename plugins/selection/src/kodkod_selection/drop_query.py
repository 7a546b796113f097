"""Texts whose prediction does not survive forgetting part of the embedding."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Pool, pro
from kodkod_selection.batches import BatchParams, BatchStrategy, at_random
from kodkod_selection.kmeans import kmeans, one_of_each
from kodkod_selection.logistic import Weights, fit_logistic, scores_of
from kodkod_selection.ranking import Arranged
from kodkod_selection.reading import indicators, labelled_of
from kodkod_selection.vectors import anchors_of, row_blocks, take

__all__ = ["DropQuery", "DropQueryParams", "changed_by_dropout"]


class DropQueryParams(BatchParams, frozen=True):
    """What is forgotten, and how often."""

    dropout: Annotated[
        float, pro("The share of an embedding's numbers that is set to 0", gt=0, lt=1)
    ] = 0.75
    repeats: Annotated[int, pro("How often", ge=3, le=100)] = 3
    anchors: Annotated[
        int, pro("From how many labelled texts to learn, at most", ge=1, le=100_000)
    ] = 2_000


class DropQuery(BatchStrategy[DropQueryParams]):
    """k-means over the rows whose predicted label changes in more than half of the dropouts.

    Gupte, Aklilu, Nirschl and Yeung-Levy (2024), "Revisiting active learning in the era of vision
    foundation models". The predictions are those of a linear model on the embeddings, as in the
    paper: a logistic regression learnt here from at most `anchors` labelled rows, for the guide's
    own model is not in this process. Where too few rows change, those that change most often make
    up the batch. With nothing labelled it is embedding k-means. Over a random `subpool`; the rest
    at random. Time O(n + anchors x dim x k x steps + subpool x dim x (repeats x k + batch)), memory
    O(n + subpool x dim).

    Helps from the start on good embeddings, and keeps batches diverse. Hurts where the guide reads
    something else than the embeddings: then it asks for another model than the one that learns.
    """

    def arrange(self, pool: Pool) -> Arranged:
        """Return a random order."""
        return at_random(pool)

    def pick(self, pool: Pool, rows: NDArray[np.int64], n: int) -> NDArray[np.int64]:
        """Return the rows nearest to the centres of those that change."""
        x = take(pool, rows)
        weights = self._learn(pool)
        near = np.arange(len(rows))
        if weights is not None:
            rate = changed_by_dropout(
                x,
                weights,
                pool.rng,
                dropout=self.params.dropout,
                repeats=self.params.repeats,
                several=pool.multilabel,
            )
            size = max(int(np.count_nonzero(rate > 0.5)), n)
            near = np.sort(np.argsort(-rate, kind="stable")[:size])
        return near[one_of_each(x[near], kmeans(x[near], n, pool.rng), n)]

    def _learn(self, pool: Pool) -> Weights | None:
        places = anchors_of(pool, self.params.anchors)
        y = indicators(pool)[places]
        if not pool.multilabel:
            there = y.any(axis=1)
            places, y = places[there], y[there]
        if len(np.unique(y, axis=0)) < 2:
            return None
        x = take(pool, labelled_of(pool)[places])
        return fit_logistic(x, y, softmax=not pool.multilabel)


def changed_by_dropout(
    x: NDArray[np.float32],
    weights: Weights,
    rng: np.random.Generator,
    *,
    dropout: float,
    repeats: int,
    several: bool,
) -> NDArray[np.float64]:
    """Return in which share of `repeats` each row's prediction changes, with numbers set to 0."""
    changed = np.zeros(len(x))
    for rows in row_blocks(len(x), x.shape[1]):
        before = _decided(scores_of(x[rows], weights), several=several)
        for _ in range(repeats):
            kept = rng.random(x[rows].shape, dtype=np.float32) >= dropout
            after = _decided(scores_of(x[rows] * kept, weights), several=several)
            changed[rows] += (after != before).any(axis=1)
    return changed / repeats


def _decided(scores: NDArray[np.float32], *, several: bool) -> NDArray[np.integer | np.bool_]:
    return scores > 0 if several else scores.argmax(axis=1)[:, None]
