"""Clusters of the pool in which uncertain texts weigh more."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Pool, pro
from kodkod_selection.batches import BatchParams, BatchStrategy, by_uncertainty
from kodkod_selection.kmeans import kmeans, one_of_each
from kodkod_selection.ranking import Arranged
from kodkod_selection.uncertainty import Measure, uncertainty
from kodkod_selection.vectors import take

__all__ = ["Clue", "ClueParams"]


class ClueParams(BatchParams, frozen=True):
    """How uncertainty weighs."""

    measure: Annotated[Measure, pro("How uncertainty is measured")] = "entropy"


class Clue(BatchStrategy[ClueParams]):
    """k-means over the pool with H(x) as the weight of x; the row nearest to each centre.

    Prabhu, Chandrasekaran, Saenko and Hoffman (2021), "Active domain adaptation via clustering
    uncertainty-weighted embeddings". The paper clusters the whole pool; here a random `subpool`
    of it. The rest follows by falling uncertainty. Time O(n k + subpool x batch x dim), memory
    O(n + subpool x dim).

    Helps with large batches and with models that are not sure of anything yet: weights alone
    never leave a region out. Hurts where few texts are uncertain: centres go to the crowd.
    """

    def arrange(self, pool: Pool) -> Arranged:
        """Return the most uncertain first."""
        return by_uncertainty(pool, self.params.measure)

    def pick(self, pool: Pool, rows: NDArray[np.int64], n: int) -> NDArray[np.int64]:
        """Return the rows nearest to the centres."""
        x = take(pool, rows)
        weights = uncertainty(pool, self.params.measure, rows)
        return one_of_each(x, kmeans(x, n, pool.rng, weights), n, weights)
