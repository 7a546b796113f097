"""Texts least like those that are labelled."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Pool, pro
from kodkod_selection.batches import BatchParams, BatchStrategy, at_random
from kodkod_selection.logistic import fit_logistic, scores_of
from kodkod_selection.ranking import Arranged
from kodkod_selection.reading import labelled_of
from kodkod_selection.vectors import anchors_of, squared_lengths, take

__all__ = ["Discriminative", "DiscriminativeParams", "least_like"]


class DiscriminativeParams(BatchParams, frozen=True):
    """How labelled and unlabelled are told apart."""

    rounds: Annotated[
        int,
        pro("In how many parts the batch is chosen; between them it counts as labelled", ge=1),
    ] = 5
    factor: Annotated[
        int, pro("How many unlabelled texts to learn from for each labelled one", ge=1, le=1_000)
    ] = 10
    strength: Annotated[
        float, pro("How closely to fit (C of a logistic regression)", gt=0, le=1e6)
    ] = 1.0
    anchors: Annotated[
        int, pro("From how many labelled texts to learn, at most", ge=1, le=100_000)
    ] = 1_000


class Discriminative(BatchStrategy[DiscriminativeParams]):
    """argmax over x of p(unlabelled | x), by a model that tells the two apart; in `rounds`.

    Gissin and Shalev-Shwartz (2019), "Discriminative active learning" (DAL). After each round its
    rows count as labelled and the model is learnt anew, so that a batch is spread. The model is a
    logistic regression on unit embeddings (the paper: a small network), learnt from at most
    `anchors` labelled rows and `factor` times as many others, drawn once. With nothing labelled
    the row nearest to the mean is taken for labelled first. Over a random `subpool`; the rest at
    random. Time O(n + rounds x steps x anchors x factor x dim + rounds x subpool x dim), memory
    O(n + subpool x dim).

    Helps to make the labelled part look like the corpus, also with several labels a text. Hurts
    as core-set does: outliers are unlike anything labelled.
    """

    def arrange(self, pool: Pool) -> Arranged:
        """Return a random order."""
        return at_random(pool)

    def pick(self, pool: Pool, rows: NDArray[np.int64], n: int) -> NDArray[np.int64]:
        """Return rows by falling probability of being unlabelled, round after round."""
        given = self.params
        anchors = labelled_of(pool)[anchors_of(pool, given.anchors)]
        return least_like(
            take(pool, rows),
            take(pool, anchors),
            n,
            pool.rng,
            rounds=given.rounds,
            factor=given.factor,
            strength=given.strength,
        )


def least_like(
    x: NDArray[np.float32],
    anchors: NDArray[np.float32],
    n: int,
    rng: np.random.Generator,
    *,
    rounds: int,
    factor: int,
    strength: float,
) -> NDArray[np.int64]:
    """Return `n` different rows of `x` least like `anchors` and the rows before."""
    picked = np.zeros(0, dtype=np.int64)
    if not len(anchors):
        picked = np.argmin(squared_lengths(x) - 2 * (x @ x.mean(axis=0)), keepdims=True)
    sample = np.sort(rng.permutation(len(x))[: factor * (len(anchors) + n)])
    weights = None
    for size in np.diff(np.linspace(len(picked), n, min(rounds, n) + 1).astype(int)):
        if size == 0:
            continue
        others = np.setdiff1d(sample, picked)
        learnt = np.concatenate([x[others], anchors, x[picked]])
        unlabelled = np.zeros((len(learnt), 1))
        unlabelled[: len(others)] = 1
        weights = fit_logistic(learnt, unlabelled, softmax=False, strength=strength, start=weights)
        scores = scores_of(x, weights)[:, 0]
        scores[picked] = -np.inf
        best = np.argsort(-scores, kind="stable")[:size]
        picked = np.concatenate([picked, best])
    return picked
