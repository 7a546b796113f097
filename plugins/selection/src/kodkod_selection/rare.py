"""A share of texts that are likely to have a rare label."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Pool, Strategy, easy, medium
from kodkod_selection.ranking import highest_first, merged
from kodkod_selection.reading import column_of, indicators, probabilities_of, unpredicted
from kodkod_selection.wrapping import WrapperParams, base_of

__all__ = ["RareMix", "RareMixParams"]


class RareMixParams(WrapperParams, frozen=True):
    """Which labels are looked for, and how much."""

    rare: Annotated[
        tuple[str, ...],
        easy("The labels to look for; none means the one with the fewest texts", max_length=1000),
    ] = ()
    share: Annotated[
        float, medium("The share of texts that are likely to have one of them", ge=0, le=1)
    ] = 0.5


class RareMix(Strategy[RareMixParams]):
    """Wrapper: `share` of the rows by max p(rare label | x), the others by the base's order.

    Attenberg and Provost (2010), "Why label when you can search? Alternatives to active learning
    for applying human resources to build classification models under extreme class imbalance":
    uncertainty hardly meets a label of one text in a thousand, so part of the effort is a search.
    Both orders are spread evenly; a row keeps the earlier of its two places. Time O(n log n),
    memory O(n).

    Helps while a label has under some dozens of texts. Hurts later, when what is likeliest teaches
    nothing any more: lower the share.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return the mixed order, unpredicted rows last.

        Raises:
            InvalidParamsError: a rare label is not among the pool's.
        """
        base, probabilities = base_of(pool), probabilities_of(pool)
        columns = [column_of(pool, name) for name in self.params.rare]
        if not columns and pool.labels:
            columns = [int(indicators(pool).sum(axis=0).argmin())]
        scores = probabilities[:, columns].max(axis=1, initial=-1)
        likely = highest_first(pool, scores)
        mix = merged(base, likely, self.params.share)
        rank = np.empty(pool.n)
        rank[mix] = -np.arange(pool.n)
        unknown = unpredicted(probabilities)
        return highest_first(pool, np.where(unknown, np.nan, rank))
