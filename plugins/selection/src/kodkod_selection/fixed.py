"""Orders that need no model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import NoParams, Pool, Strategy

__all__ = ["Deterministic", "Random"]


class Deterministic(Strategy[NoParams]):
    """As the corpus has them."""

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return the rows in order."""
        return np.arange(pool.n, dtype=np.int64)


class Random(Strategy[NoParams]):
    """Simple random sampling without replacement, when walked from the front."""

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return a permutation drawn by `pool.rng`, each equally likely."""
        return pool.rng.permutation(pool.n).astype(np.int64, copy=False)
