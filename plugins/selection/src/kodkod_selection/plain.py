"""Orders that need no model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import NoParams, Pool, Strategy
from kodkod_selection.ranking import arranged

__all__ = ["Deterministic", "Random"]


class Deterministic(Strategy[NoParams]):
    """The order of the file. O(n).

    Helps where texts must be read in order. Hurts as training data: what stands together in a
    file is often alike.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return the rows as they are numbered."""
        every = np.ones(pool.n, dtype=np.bool_)
        # Labelled rows keep their places: whoever reads in order passes over them.
        return arranged(_unlabelled(pool), every, np.zeros(pool.n, dtype=np.float32)).order


class Random(Strategy[NoParams]):
    """A uniform permutation: drawing from its front is sampling without replacement. O(n).

    The base of unbiased estimates, and hard to beat with few labels of balanced kinds. Hurts
    where a label is rare: one label in a thousand takes a thousand texts.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return a permutation drawn with the pool's generator."""
        return arranged(_unlabelled(pool), np.ones(pool.n, dtype=np.bool_)).order


def _unlabelled(pool: Pool) -> Pool:
    """Return the pool as if nothing were labelled: these orders take no account of it."""
    return Pool(n=pool.n, rng=pool.rng, candidates=pool.candidates)
