"""A share of random texts, and of certain ones, in another strategy's order."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Pool, Strategy, easy, medium
from kodkod_selection.ranking import highest_first, merged
from kodkod_selection.uncertainty import uncertainty
from kodkod_selection.wrapping import WrapperParams, base_of

__all__ = ["Mixed", "MixedParams"]


class MixedParams(WrapperParams, frozen=True):
    """What is mixed in."""

    explore: Annotated[
        float, easy("The share of texts drawn at random, each with the same chance", ge=0, le=1)
    ] = 0.1
    certain: Annotated[
        float,
        medium("Of the others, the share of texts that the guide is surest about", ge=0, le=1),
    ] = 0.0


class Mixed(Strategy[MixedParams]):
    """Wrapper: the base's order with `certain` of it the rows that the model is surest of.

    The share `explore` of draws is uniform over all that may be drawn, whatever this order says:
    the spec's capability `explores` has the walk toss that coin at each draw. A text r then has
    the selection probability explore / eligible + (1 - explore) [r is in front of the order],
    never 0, so that estimates by inverse weights are valid (Horvitz and Thompson 1952). It is known
    before the draw: this order is fixed, and takes no coin. Epsilon-greedy as in Sutton and Barto
    (1998), section 2.2; certain with uncertain as in Attenberg and Provost (2010). Time O(n k +
    n log n), memory O(n).

    Helps to see what the model does not know that it does not know, and to estimate on the way.
    Costs the share it takes.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return what is drawn where the coin does not say random; unpredicted rows last."""
        base = base_of(pool)
        if self.params.certain == 0 or pool.probabilities is None:
            return base
        scores = uncertainty(pool, "breaking-ties")
        mix = merged(base, highest_first(pool, -scores), self.params.certain)
        rank = np.empty(pool.n)
        rank[mix] = -np.arange(pool.n)
        return highest_first(pool, np.where(np.isnan(scores), np.nan, rank))
