"""Dawid and Skene: each coder has a table of which labels they take for which.

Dawid and Skene (1979), "Maximum likelihood estimation of observer error-rates using the EM
algorithm", Applied Statistics 28(1). The search begins with the shares of the votes; the last step
gives each unit's probabilities. With T the probabilities `[units, labels]`, p their mean, and
pi[k, j, l] the probability that coder k says l of what is j: T[i, j] is in proportion to p[j] times
the product of pi[k, j, l] over the votes on i.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Agreed, Consensus, Votes
from kodkod_consensus.counting import check_votes, shares_of, tied_lines
from kodkod_consensus.params import DawidSkeneParams

__all__ = ["DawidSkene"]

Floats = NDArray[np.float64]
_LEAST = 1e-300


class DawidSkene(Consensus[DawidSkeneParams]):
    """Expectation and maximisation in turn, until nothing changes."""

    def agree(self, votes: Votes, rng: np.random.Generator) -> Agreed:
        """Search. The beginning is not random, so neither is the end.

        Raises:
            InvalidInputError: there are no votes.
        """
        check_votes(votes)
        found = shares_of(votes)
        for _ in range(self.params.iterations):
            before, found = found, self._step(votes, found)
            if np.abs(found - before).max() <= self.params.tolerance:
                break
        prevalence, confusion = self._learn(votes, found)
        right = np.einsum("j,kjj->k", prevalence, confusion)
        there = np.bincount(votes.coders, minlength=votes.n_coders) > 0
        competence = np.where(there, right, np.nan)
        return Agreed(probabilities=found, tied=tied_lines(found), competence=competence)

    def _step(self, votes: Votes, found: Floats) -> Floats:
        prevalence, confusion = self._learn(votes, found)
        said = np.log(np.maximum(confusion, _LEAST))[votes.coders, :, votes.labels]
        logs = np.tile(np.log(np.maximum(prevalence, _LEAST)), (votes.n_units, 1))
        np.add.at(logs, votes.units, said)
        likely = np.exp(logs - logs.max(axis=1, keepdims=True))
        return likely / likely.sum(axis=1, keepdims=True)

    def _learn(self, votes: Votes, found: Floats) -> tuple[Floats, Floats]:
        """Return the labels' shares, and float64 `[coder, true label, label said]`."""
        n = votes.n_labels
        counts = np.full((votes.n_coders, n, n), self.params.smoothing, dtype=np.float64)
        np.add.at(counts, (votes.coders, slice(None), votes.labels), found[votes.units])
        totals = counts.sum(axis=2, keepdims=True)
        return found.mean(axis=0), np.divide(
            counts, totals, out=np.zeros_like(counts), where=totals > 0
        )
