"""MACE: each coder either looks, or guesses with a taste of their own.

Hovy, Berg-Kirkpatrick, Vaswani and Hovy (2013), "Learning whom to trust with MACE", NAACL. On a
unit whose label is t, drawn uniformly, coder j looks with probability theta[j] and says t, or else
says l with probability xi[j, l]. Fitted by EM with smoothed counts; of several searches from
random beginnings the one of the greatest likelihood is taken.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Agreed, Consensus, Votes
from kodkod_consensus.counting import check_votes, tied_lines
from kodkod_consensus.params import MaceParams

__all__ = ["Mace"]

Floats = NDArray[np.float64]
_LEAST = 1e-300
_LEAST_LOOKING = 0.5


class Mace(Consensus[MaceParams]):
    """Expectation and maximisation in turn, from several beginnings."""

    def agree(self, votes: Votes, rng: np.random.Generator) -> Agreed:
        """Search.

        Raises:
            InvalidInputError: there are no votes.
        """
        check_votes(votes)
        best_likelihood, best = -np.inf, None
        for _ in range(self.params.restarts):
            # Coders are taken to look more often than not, or the labels could change places.
            looks = rng.uniform(_LEAST_LOOKING, 1, votes.n_coders)
            guesses = rng.dirichlet(np.full(votes.n_labels, 10.0), votes.n_coders)
            for _ in range(self.params.iterations):
                looks, guesses = self._step(votes, looks, guesses)
            likelihood, found = _expect(votes, looks, guesses)
            if best is None or likelihood > best_likelihood:
                best_likelihood, best = likelihood, (found, looks)
        assert best is not None  # noqa: S101 - there is one search at least
        found, looks = best
        there = np.bincount(votes.coders, minlength=votes.n_coders) > 0
        return Agreed(
            probabilities=found,
            tied=tied_lines(found),
            competence=np.where(there, looks, np.nan),
        )

    def _step(self, votes: Votes, looks: Floats, guesses: Floats) -> tuple[Floats, Floats]:
        _, found = _expect(votes, looks, guesses)
        guessed = (1 - looks[votes.coders]) * guesses[votes.coders, votes.labels]
        by_looking = looks[votes.coders] / np.maximum(looks[votes.coders] + guessed, _LEAST)
        # A vote other than the true label was a guess; one for it was seen or was guessed too.
        seen = found[votes.units, votes.labels] * by_looking
        smoothing = self.params.smoothing
        n = np.bincount(votes.coders, minlength=votes.n_coders) + 2 * smoothing
        looked = np.bincount(votes.coders, seen, minlength=votes.n_coders) + smoothing
        places = votes.coders * votes.n_labels + votes.labels
        tastes = np.bincount(places, 1 - seen, minlength=votes.n_coders * votes.n_labels)
        table = tastes.reshape(votes.n_coders, votes.n_labels) + max(smoothing, _LEAST)
        return (
            np.divide(looked, n, out=np.full_like(looked, _LEAST_LOOKING), where=n > 0),
            table / table.sum(axis=1, keepdims=True),
        )


def _expect(votes: Votes, looks: Floats, guesses: Floats) -> tuple[float, Floats]:
    """Return the log likelihood, and each unit's probabilities."""
    guessed = (1 - looks[votes.coders]) * guesses[votes.coders, votes.labels]
    wrong = np.log(np.maximum(guessed, _LEAST))
    right = np.log(np.maximum(looks[votes.coders] + guessed, _LEAST))
    logs = np.zeros((votes.n_units, votes.n_labels))
    logs += np.bincount(votes.units, wrong, minlength=votes.n_units)[:, None]
    np.add.at(logs, (votes.units, votes.labels), right - wrong)
    greatest = logs.max(axis=1, keepdims=True)
    likely = np.exp(logs - greatest)
    totals = likely.sum(axis=1, keepdims=True)
    likelihood = float((greatest + np.log(totals / votes.n_labels)).sum())
    return likelihood, likely / totals
