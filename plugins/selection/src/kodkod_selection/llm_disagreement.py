"""Texts that an LLM and the guide judge differently."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import NoParams, Pool, Strategy
from kodkod_selection.columns import cached_rows
from kodkod_selection.ranking import highest_first, in_front
from kodkod_selection.reading import given, has_several_labels, probabilities_of
from kodkod_selection.uncertainty import entropy_of_outcomes, outcomes, uncertainty

__all__ = ["LlmDisagreement", "divergence"]


class LlmDisagreement(Strategy[NoParams]):
    """Jensen-Shannon divergence between the LLM's and the guide's distributions, highest first.

    H((p + q) / 2) - (H(p) + H(q)) / 2 (Lin 1991), a committee of two (McCallum and Nigam 1998):
    an LLM that gives a value without probabilities counts as sure of it. Where a text may have
    several labels, each label's own are summed. Rows that the LLM has not answered come after, by
    breaking ties. Time O(n k), memory O(n) and a block.

    Helps to find where one of the two is wrong, which is what a person should decide. Hurts where
    both learnt the same mistake, and where the LLM is poor: it then asks about the LLM.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return rows by falling divergence, ties by row; then by uncertainty."""
        model, llm = probabilities_of(pool), given(pool.llm, "llm")
        several = has_several_labels(pool)
        scores = np.empty(pool.n, dtype=np.float32)
        for rows in cached_rows(*model.shape):
            scores[rows] = divergence(
                outcomes(model[rows], several=several),
                outcomes(llm[rows], several=several),
            )
        answered = highest_first(pool, scores)[: np.count_nonzero(~np.isnan(scores))]
        if pool.candidates is not None:
            answered = answered[np.isin(answered, pool.candidates)]
        return in_front(answered, highest_first(pool, uncertainty(pool, "breaking-ties")))


def divergence(p: NDArray[np.floating], q: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the Jensen-Shannon divergence of each row, in nats: at most ln 2 for each label."""
    apart = entropy_of_outcomes(p) + entropy_of_outcomes(q)
    return entropy_of_outcomes((p + q) / 2) - apart / 2
