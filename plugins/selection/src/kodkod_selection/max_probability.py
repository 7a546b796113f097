"""Texts most likely to have a label."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidParamsError, Pool, Strategy
from kodkod_selection.params import MaxProbabilityParams
from kodkod_selection.ranking import highest_first, probabilities_of

__all__ = ["MaxProbability"]


class MaxProbability(Strategy[MaxProbabilityParams]):
    """Relevance sampling (Lewis and Gale 1994): the label's probability, highest first."""

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return rows by falling probability of the label, ties by row, unpredicted last.

        Raises:
            InvalidParamsError: the label is not among the pool's.
        """
        label = self.params.label
        if label not in pool.labels:
            there = ", ".join(map(repr, pool.labels)) or "none"
            raise InvalidParamsError(
                f"The guide does not predict the label {label!r}; it predicts {there}.",
                field="label",
            )
        return highest_first(probabilities_of(pool)[:, pool.labels.index(label)])
