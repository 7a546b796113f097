"""Texts whose label would tell most about which model is right."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import NoParams, Pool, Strategy
from kodkod_selection.committee import information_gain, over_committee
from kodkod_selection.ranking import highest_first

__all__ = ["Bald"]


class Bald(Strategy[NoParams]):
    """I(y; model | x) = H(mean of p_m(y | x)) - mean of H(p_m(y | x)), highest first.

    Houlsby, Huszar, Ghahramani and Lengyel (2011), "Bayesian active learning for classification
    and preference learning", with the project's quick models for samples of the posterior (an
    ensemble: Beluch, Genewein, Nuernberger and Koehler 2018). It is the committee's `kl` by another
    road. Where a text may have several labels, each label's own are summed. Time
    O(members x n x k), memory O(n) and a block.

    Helps to leave alone what is merely ambiguous: all members are unsure of it in the same way.
    Hurts with two or three members, a poor estimate of anything.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return rows by falling information, ties by row, unpredicted last."""
        return highest_first(pool, over_committee(pool, information_gain))
