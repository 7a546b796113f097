"""Texts most likely to have a label."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Pool, Strategy
from kodkod_selection.params import LabelParams
from kodkod_selection.ranking import highest_first
from kodkod_selection.reading import column_of, probabilities_of

__all__ = ["MaxProbability"]


class MaxProbability(Strategy[LabelParams]):
    """Relevance sampling: p(label | x), highest first.

    Lewis and Gale (1994), "A sequential algorithm for training text classifiers", section 4.
    Time O(n log n), memory O(n).

    Helps to find a rare label quickly and to check what a model takes for it. Hurts as training
    data: it confirms what the model believes and says little about where it is wrong.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return rows by falling probability of the label, ties by row, unpredicted last.

        Raises:
            InvalidParamsError: the label is not among the pool's.
        """
        column = column_of(pool, self.params.label)
        return highest_first(pool, probabilities_of(pool)[:, column])
