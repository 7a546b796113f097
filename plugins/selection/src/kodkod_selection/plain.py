"""Strategies that need no model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import NoParams, Pool, Strategy

__all__ = ["Deterministic", "Random"]


class Deterministic(Strategy[NoParams]):
    """The order of the file."""

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return the rows as they are numbered."""
        return np.arange(pool.n, dtype=np.int64)


class Random(Strategy[NoParams]):
    """A uniform permutation: drawing from its front is sampling without replacement."""

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return a permutation drawn with the pool's generator."""
        return pool.rng.permutation(pool.n)
