"""Promises of consensus components."""

from __future__ import annotations

from typing import Any

import numpy as np

from kodkod.api import Agreed, Consensus, InvalidInputError, Votes
from kodkod.testing.subject import Subject, require

__all__ = ["CHECKS"]

_UNITS, _CODERS, _LABELS = 60, 4, 3


def probabilities_for_each_unit(subject: Subject) -> None:
    """Each unit has probabilities that sum to 1, each coder a competence from 0 to 1 or NaN."""
    agreed = _agree(subject, _votes())
    require(agreed.probabilities.shape == (_UNITS, _LABELS), "a line for each unit")
    require(bool(np.allclose(agreed.probabilities.sum(axis=1), 1)), "probabilities sum to 1")
    require(bool((agreed.probabilities >= 0).all()), "no probability is negative")
    require(agreed.tied.shape == (_UNITS,), "each unit is tied or not")
    known = agreed.competence[~np.isnan(agreed.competence)]
    require(agreed.competence.shape == (_CODERS,), "each coder has a competence, or NaN")
    require(bool(((known >= 0) & (known <= 1)).all()), "a competence is from 0 to 1")


def same_seed_same_consensus(subject: Subject) -> None:
    """Two calls with one seed agree."""
    one, other = _agree(subject, _votes()), _agree(subject, _votes())
    same = np.array_equal(one.probabilities, other.probabilities)
    require(same, "randomness comes from rng alone")


def unanimous_votes_win(subject: Subject) -> None:
    """What all coders say of every unit is what is suggested, and nothing is tied."""
    truth = np.arange(_UNITS) % _LABELS
    votes = _votes(np.repeat(truth, _CODERS))
    agreed = _agree(subject, votes)
    require(bool((agreed.probabilities.argmax(axis=1) == truth).all()), "the common label wins")
    require(not agreed.tied.any(), "nothing is tied")


def one_label_and_one_coder(subject: Subject) -> None:
    """A single vote is answered."""
    one = np.zeros(1, dtype=np.int64)
    votes = Votes(units=one, coders=one, labels=one, n_units=1, n_coders=1, n_labels=1)
    require(_agree(subject, votes).probabilities.tolist() == [[1.0]], "the only label is certain")


def no_votes(subject: Subject) -> None:
    """No votes are refused by a message for users."""
    none = np.zeros(0, dtype=np.int64)
    votes = Votes(units=none, coders=none, labels=none, n_units=0, n_coders=0, n_labels=2)
    try:
        _agree(subject, votes)
    except InvalidInputError:
        return
    require(False, "no votes are refused")


def _votes(labels: np.ndarray[Any, Any] | None = None) -> Votes:
    rng = np.random.default_rng(3)
    if labels is None:
        truth = np.repeat(np.arange(_UNITS) % _LABELS, _CODERS)
        wrong = rng.random(_UNITS * _CODERS) < 0.25
        labels = np.where(wrong, rng.integers(0, _LABELS, len(truth)), truth)
    return Votes(
        units=np.repeat(np.arange(_UNITS), _CODERS),
        coders=np.tile(np.arange(_CODERS), _UNITS),
        labels=labels.astype(np.int64),
        n_units=_UNITS,
        n_coders=_CODERS,
        n_labels=_LABELS,
    )


def _agree(subject: Subject, votes: Votes) -> Agreed:
    consensus: Consensus[Any] = subject.build()
    return consensus.agree(votes, np.random.default_rng(7))


CHECKS = (
    probabilities_for_each_unit,
    same_seed_same_consensus,
    unanimous_votes_win,
    one_label_and_one_coder,
    no_votes,
)
