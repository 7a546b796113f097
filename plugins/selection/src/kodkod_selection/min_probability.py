"""Texts least likely to have a label."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Pool, Strategy
from kodkod_selection.params import LabelParams
from kodkod_selection.ranking import highest_first
from kodkod_selection.reading import column_of, probabilities_of

__all__ = ["MinProbability"]


class MinProbability(Strategy[LabelParams]):
    """1 - p(label | x), highest first: the mirror of relevance sampling (Lewis and Gale 1994).

    Time O(n log n), memory O(n).

    Helps to collect sure counter-examples of a frequent label, and to see what a model misses
    altogether. Hurts as training data: these are the texts that it decides most easily.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return rows by rising probability of the label, ties by row, unpredicted last.

        Raises:
            InvalidParamsError: the label is not among the pool's.
        """
        column = column_of(pool, self.params.label)
        return highest_first(pool, -probabilities_of(pool)[:, column])
