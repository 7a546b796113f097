"""Texts that would change the model much, each in its own way."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Pool, pro
from kodkod_selection.batches import BatchParams, BatchStrategy, by_uncertainty
from kodkod_selection.ranking import Arranged
from kodkod_selection.reading import has_several_labels, predicted, probabilities_of
from kodkod_selection.vectors import squared_lengths, take

__all__ = ["Badge", "BadgeParams", "spread_gradients"]


class BadgeParams(BatchParams, frozen=True):
    """Of what gradients are made."""

    subpool: Annotated[
        int, pro("How many texts to choose among; more take longer", ge=1, le=1_000_000)
    ] = 30_000
    normalised: Annotated[
        bool, pro("Compare directions only (cosine), and not the lengths of embeddings")
    ] = True


class Badge(BatchStrategy[BadgeParams]):
    """k-means++ over gradient embeddings g(x) = (p(x) - e(predicted)) (x) embedding(x).

    Ash, Zhang, Krishnamurthy, Langford and Agarwal (2020), "Deep batch active learning by diverse,
    uncertain gradient lower bounds": g is the gradient of the last layer's loss if the prediction
    were true. The longest g comes first; each next one is drawn in proportion to its squared
    distance from those before. g is never made: |g - g'|^2 follows from the parts' products. Where
    a text may have several labels, e has 1 for each predicted label. Over a random `subpool`; the
    rest by breaking ties. Time O(n k + subpool x batch x (k + dim)), memory O(n + subpool x dim).

    Helps with batches of any size and asks for no setting. Hurts little; with one text between two
    refreshes it is an uncertainty sampling that takes longer.
    """

    def arrange(self, pool: Pool) -> Arranged:
        """Return the most uncertain first."""
        return by_uncertainty(pool)

    def pick(self, pool: Pool, rows: NDArray[np.int64], n: int) -> NDArray[np.int64]:
        """Return rows drawn by k-means++."""
        p = probabilities_of(pool)[rows]
        residual = p - predicted(p, several=has_several_labels(pool))
        x = take(pool, rows, normalised=self.params.normalised)
        return spread_gradients(x, residual.astype(np.float32), n, pool.rng)


def spread_gradients(
    x: NDArray[np.float32], residual: NDArray[np.float32], n: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return `n` different rows by k-means++ over the outer products of `residual` and `x`."""
    lengths = squared_lengths(x) * squared_lengths(residual)
    picked = np.empty(n, dtype=np.int64)
    picked[0] = np.argmax(lengths)
    nearest = np.full(len(x), np.inf, dtype=np.float32)
    for i in range(1, n):
        last = picked[i - 1]
        products = (x @ x[last]) * (residual @ residual[last])
        squared = np.maximum(lengths + lengths[last] - 2 * products, 0)
        np.minimum(nearest, squared, out=nearest)
        nearest[picked[:i]] = 0
        sums = np.cumsum(nearest, dtype=np.float64)
        if sums[-1] <= 0:
            rest = np.setdiff1d(np.arange(len(x)), picked[:i])
            picked[i:] = rng.choice(rest, n - i, replace=False)
            break
        place = np.searchsorted(sums, rng.random() * sums[-1], side="right")
        picked[i] = min(place, np.flatnonzero(nearest)[-1])
    return picked
