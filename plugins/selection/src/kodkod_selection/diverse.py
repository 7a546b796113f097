"""Uncertain texts that differ from one another."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Pool, medium, pro
from kodkod_selection.batches import BatchParams, BatchStrategy, by_uncertainty
from kodkod_selection.kmeans import kmeans, one_of_each
from kodkod_selection.ranking import Arranged
from kodkod_selection.uncertainty import Measure, uncertainty
from kodkod_selection.vectors import take

__all__ = ["Diverse", "DiverseParams"]


class DiverseParams(BatchParams, frozen=True):
    """Of how many uncertain texts to take some that differ."""

    subpool: Annotated[
        int,
        medium(
            "How many of the most uncertain texts to choose among; fewer are more uncertain, more "
            "are more different",
            ge=1,
            le=1_000_000,
        ),
    ] = 500
    measure: Annotated[Measure, pro("How uncertainty is measured")] = "breaking-ties"


class Diverse(BatchStrategy[DiverseParams]):
    """Of the `subpool` most uncertain rows, the nearest to each of `batch` k-means centres.

    Zhdanov (2019), "Diverse mini-batch active learning": a row's weight in k-means is its
    uncertainty; `subpool` is the paper's beta x batch, with beta 10 to 50. Time
    O(n k + subpool x batch x dim), memory O(n + subpool x dim).

    Helps where the most uncertain texts are alike, and where many annotate between two refreshes.
    Costs a little uncertainty: with a batch of one it is breaking ties and no better.
    """

    def arrange(self, pool: Pool) -> Arranged:
        """Return the most uncertain first."""
        return by_uncertainty(pool, self.params.measure)

    def sample(self, pool: Pool, rows: NDArray[np.int64], n: int) -> NDArray[np.int64]:
        """Return the most uncertain of them."""
        return rows[:n]

    def pick(self, pool: Pool, rows: NDArray[np.int64], n: int) -> NDArray[np.int64]:
        """Return the rows nearest to the centres."""
        x = take(pool, rows)
        weights = uncertainty(pool, self.params.measure, rows)
        return one_of_each(x, kmeans(x, n, pool.rng, weights), n, weights)
