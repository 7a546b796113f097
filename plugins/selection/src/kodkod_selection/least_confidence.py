"""Texts whose likeliest label is least likely."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import NoParams, Pool, Strategy
from kodkod_selection.ranking import highest_first
from kodkod_selection.uncertainty import uncertainty

__all__ = ["LeastConfidence"]


class LeastConfidence(Strategy[NoParams]):
    """1 - max p(y | x), highest first.

    Lewis and Gale (1994) for two labels; Culotta and McCallum (2005) for more. Where a text may
    have several labels, y is the likeliest set of them: 1 - product of max(p, 1 - p). Time
    O(n k), memory O(n).

    Helps as any uncertainty sampling does, once the model has seen each label. With many labels
    it looks only at the first of them; breaking ties tells better whether there is a rival.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return rows by falling uncertainty, ties by row, unpredicted last."""
        return highest_first(pool, uncertainty(pool, "least-confidence"))
