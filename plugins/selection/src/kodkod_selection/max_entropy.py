"""Texts over which the model spreads its belief most."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import NoParams, Pool, Strategy
from kodkod_selection.ranking import highest_first
from kodkod_selection.uncertainty import uncertainty

__all__ = ["MaxEntropy"]


class MaxEntropy(Strategy[NoParams]):
    """H(x) = -sum over labels of p log p, highest first.

    Shannon (1948); as a query strategy Settles (2009), section 3.1. Where a text may have several
    labels, the entropies of the labels' own yes-or-no are summed. Time O(n k), memory O(n).

    Helps as breaking ties does, and is the same with two labels. With many, a long tail of small
    probabilities outweighs a tie between the two that matter.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return rows by falling entropy, ties by row, unpredicted last."""
        return highest_first(pool, uncertainty(pool, "entropy"))
