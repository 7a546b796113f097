"""Texts for which one label is most open."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Pool, Strategy
from kodkod_selection.params import LabelParams
from kodkod_selection.ranking import highest_first
from kodkod_selection.reading import column_of, probabilities_of
from kodkod_selection.uncertainty import entropy

__all__ = ["LabelEntropy"]


class LabelEntropy(Strategy[LabelParams]):
    """-p log p - (1 - p) log (1 - p) with p = p(label | x), highest first.

    Uncertainty sampling as Lewis and Gale (1994) used it, for one label against the rest: rows
    come by how near p is to 0.5. Time O(n log n), memory O(n).

    Helps to draw the boundary of the one label that matters. Where that label is rare, few texts
    come near 0.5 at first: mix with max-probability until there are some of it.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return rows by falling entropy of the label, ties by row, unpredicted last.

        Raises:
            InvalidParamsError: the label is not among the pool's.
        """
        column = column_of(pool, self.params.label)
        return highest_first(pool, entropy(probabilities_of(pool)[:, [column]], several=True))
