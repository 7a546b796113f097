"""Strategies that choose a batch of texts together, among a sub-pool of the corpus."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Params, Pool, Strategy, medium, pro
from kodkod_selection.neighbourhood import neighbourhood
from kodkod_selection.ranking import Arranged, arranged, in_front
from kodkod_selection.uncertainty import Measure, uncertainty
from kodkod_selection.vectors import embedded

__all__ = ["BatchParams", "BatchStrategy", "at_random", "by_uncertainty"]


class BatchParams(Params, frozen=True):
    """How many texts are chosen together, and among how many."""

    batch: Annotated[
        int,
        medium(
            "How many texts to choose together; about as many as are annotated between two "
            "refreshes of the guide. The rest follow in a simpler order",
            ge=1,
            le=1_000,
        ),
    ] = 25
    subpool: Annotated[
        int,
        pro("How many texts to choose among; more take longer", ge=1, le=1_000_000),
    ] = 10_000
    among: Annotated[
        Literal["random", "neighbours"],
        medium(
            "Which part of a large corpus to choose from: the usual one, or the texts nearest to "
            "labelled ones, as many for a rare label as for a frequent one"
        ),
    ] = "random"


B = TypeVar("B", bound=BatchParams)


class BatchStrategy(Strategy[B]):
    """Puts a batch, chosen together among a sub-pool, in front of a cheap order.

    The sub-pool is `sample`'s, random where a strategy says nothing else. With `among` at
    "neighbours" it begins with a `neighbourhood` of the labelled texts, and `sample` fills it up.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return the batch, in the order in which it was chosen, and then the cheap order."""
        cheap = self.arrange(pool)
        if cheap.n_open == 0:
            return cheap.order
        # In the order of the file: mapped embeddings are read from front to end.
        rows = np.sort(self.among(pool, cheap.order[: cheap.n_open]))
        n = min(self.params.batch, len(rows))
        return in_front(rows[self.pick(pool, rows, n)], cheap.order)

    @abstractmethod
    def arrange(self, pool: Pool) -> Arranged:
        """Return the cheap order."""

    def among(self, pool: Pool, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the sub-pool, up to `subpool` of `rows`, which come in the cheap order."""
        most = self.params.subpool
        if len(rows) <= most:
            return rows
        if self.params.among == "random":
            return self.sample(pool, rows, most)
        near = neighbourhood(pool, rows, most)
        rest = rows[~np.isin(rows, near)]
        return np.concatenate([near, self.sample(pool, rest, most - len(near))])

    def sample(self, pool: Pool, rows: NDArray[np.int64], n: int) -> NDArray[np.int64]:
        """Return `n` of `rows`, which come in the cheap order: random ones."""
        return pool.rng.choice(rows, n, replace=False, shuffle=False)

    @abstractmethod
    def pick(self, pool: Pool, rows: NDArray[np.int64], n: int) -> NDArray[np.int64]:
        """Return up to `n` different places in `rows` (ascending row numbers), first first."""


def by_uncertainty(pool: Pool, measure: Measure = "breaking-ties") -> Arranged:
    """Return the most uncertain rows first, among those that have an embedding."""
    return arranged(pool, embedded(pool), uncertainty(pool, measure))


def at_random(pool: Pool) -> Arranged:
    """Return the rows that have an embedding at random."""
    return arranged(pool, embedded(pool))
