"""Votes as a table of counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, Votes

__all__ = ["TIE", "check_votes", "shares_of", "tied_lines"]

TIE = 1e-9
"""Probabilities that differ by less are the same: their sums are rounded."""


def check_votes(votes: Votes) -> None:
    """Refuse to agree on nothing.

    Raises:
        InvalidInputError: there are no votes.
    """
    if not len(votes):
        raise InvalidInputError(
            "There are no votes to agree on; let two people code the same texts first."
        )


def shares_of(votes: Votes) -> NDArray[np.float64]:
    """Return the share of each label among a unit's votes, float64 `[n_units, n_labels]`."""
    places = votes.units * votes.n_labels + votes.labels
    counts = np.bincount(places, minlength=votes.n_units * votes.n_labels)
    table = counts.reshape(votes.n_units, votes.n_labels).astype(np.float64)
    return table / table.sum(axis=1, keepdims=True)


def tied_lines(probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell for which units no label is before all others."""
    if probabilities.shape[1] < 2:
        return np.zeros(len(probabilities), dtype=np.bool_)
    ordered = np.sort(probabilities, axis=1)
    return ordered[:, -1] - ordered[:, -2] < TIE
