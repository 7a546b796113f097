"""The majority of votes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Agreed, Consensus, NoParams, Votes
from kodkod_consensus.counting import check_votes, shares_of, tied_lines

__all__ = ["Majority"]


class Majority(Consensus[NoParams]):
    """A label's probability is its share of the votes."""

    def agree(self, votes: Votes, rng: np.random.Generator) -> Agreed:
        """Count.

        Raises:
            InvalidInputError: there are no votes.
        """
        check_votes(votes)
        shares = shares_of(votes)
        tied = tied_lines(shares)
        return Agreed(probabilities=shares, tied=tied, competence=_with_most(votes, shares, tied))


def _with_most(
    votes: Votes, shares: NDArray[np.float64], tied: NDArray[np.bool_]
) -> NDArray[np.float64]:
    clear = ~tied[votes.units]
    right = clear & (votes.labels == shares.argmax(axis=1)[votes.units])
    n = np.bincount(votes.coders, clear, minlength=votes.n_coders)
    hits = np.bincount(votes.coders, right, minlength=votes.n_coders)
    return np.where(n > 0, hits / np.maximum(n, 1), np.nan)
