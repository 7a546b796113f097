"""Texts farthest from everything that is labelled."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Pool, pro
from kodkod_selection.batches import BatchParams, BatchStrategy, at_random
from kodkod_selection.ranking import Arranged
from kodkod_selection.reading import labelled_of
from kodkod_selection.vectors import anchors_of, blocks, squared_lengths, take

__all__ = ["CoreSet", "CoreSetParams", "farthest_first"]


class CoreSetParams(BatchParams, frozen=True):
    """How distance is measured."""

    subpool: Annotated[
        int, pro("How many texts to choose among; more take longer", ge=1, le=1_000_000)
    ] = 20_000
    normalised: Annotated[
        bool, pro("Compare directions only (cosine), and not the lengths of embeddings")
    ] = True
    anchors: Annotated[
        int, pro("How many labelled texts to keep away from, at most", ge=1, le=1_000_000)
    ] = 10_000


class CoreSet(BatchStrategy[CoreSetParams]):
    """argmax over x of the distance to the nearest labelled or chosen row, `batch` times.

    The greedy k-centre of Sener and Savarese (2018), "Active learning for convolutional neural
    networks: a core-set approach" (Gonzalez 1985 shows that it is within twice the optimum). With
    nothing labelled the row nearest to the mean comes first. Over a random `subpool`; the rest at
    random. Distances are kept and only lowered, so time is
    O(n + subpool x (labelled + batch) x dim), memory O(n + subpool x dim).

    Helps to cover a corpus. Hurts where embeddings have outliers, which it takes first, and where
    dimensions are many and distances all alike; uncertainty does better once a model is fair.
    """

    def arrange(self, pool: Pool) -> Arranged:
        """Return a random order."""
        return at_random(pool)

    def pick(self, pool: Pool, rows: NDArray[np.int64], n: int) -> NDArray[np.int64]:
        """Return the rows by the greedy rule; of two that tie, the lower."""
        anchors = labelled_of(pool)[anchors_of(pool, self.params.anchors)]
        x = take(pool, rows, normalised=self.params.normalised)
        return farthest_first(x, take(pool, anchors, normalised=self.params.normalised), n)


def farthest_first(
    x: NDArray[np.float32], anchors: NDArray[np.float32], n: int
) -> NDArray[np.int64]:
    """Return `n` different rows of `x`, each the farthest from `anchors` and those before it."""
    lengths = squared_lengths(x)
    picked = np.empty(n, dtype=np.int64)
    if len(anchors):
        nearest = lengths + _least(x, anchors)
        start = 0
    else:
        picked[0] = np.argmin(lengths - 2 * (x @ x.mean(axis=0)))
        nearest = _squared_to(x, lengths, picked[0])
        nearest[picked[0]] = -np.inf
        start = 1
    for i in range(start, n):
        picked[i] = np.argmax(nearest)
        np.minimum(nearest, _squared_to(x, lengths, picked[i]), out=nearest)
        nearest[picked[: i + 1]] = -np.inf
    return picked


def _squared_to(
    x: NDArray[np.float32], lengths: NDArray[np.float32], row: np.int64
) -> NDArray[np.float32]:
    return np.maximum(lengths + lengths[row] - 2 * (x @ x[row]), 0)


def _least(x: NDArray[np.float32], anchors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the least of |a|^2 - 2 x a over the anchors, for each row."""
    least = np.empty(len(x), dtype=np.float32)
    lengths = squared_lengths(anchors)
    for rows, products in blocks(x, anchors):
        products *= -2
        products += lengths
        least[rows] = products.min(axis=1)
    return least
