"""Texts over which several models disagree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Params, Pool, Strategy, medium
from kodkod_selection.columns import cached_rows
from kodkod_selection.ranking import highest_first
from kodkod_selection.reading import given, predicted, sums_to_one, unpredicted
from kodkod_selection.uncertainty import entropy_of_outcomes, outcomes

__all__ = [
    "Committee",
    "CommitteeParams",
    "consensus_entropy",
    "information_gain",
    "over_committee",
    "vote_entropy",
]

Votes = NDArray[np.floating]


class CommitteeParams(Params, frozen=True):
    """How disagreement is measured."""

    measure: Annotated[
        Literal["vote-entropy", "consensus-entropy", "kl"],
        medium(
            "vote-entropy: how split the models' votes are; kl: how far the models are from their "
            "mean; consensus-entropy: how unsure the mean is"
        ),
    ] = "vote-entropy"


class Committee(Strategy[CommitteeParams]):
    """Query by committee (Seung, Opper and Sompolinsky 1992) over the project's quick models.

    With V(y) the share of votes for y and P the mean of the members' p_m: vote entropy
    -sum V log V (Dagan and Engelson 1995, "Committee-based sampling for training probabilistic
    classifiers"), ties by consensus entropy; consensus entropy -sum P log P; kl, the mean of
    KL(p_m || P) (McCallum and Nigam 1998, "Employing EM and pool-based active learning"). Where a
    text may have several labels, each label's own are summed. Time O(members x n x k), memory O(n)
    and a block.

    Helps where one model's doubts are not to be trusted: members that read other features are
    wrong elsewhere. Hurts with members that are alike (no disagreement) or poor (nothing else).
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return rows by falling disagreement; a row that a member has not predicted is last."""
        consensus = over_committee(pool, consensus_entropy)
        if self.params.measure == "vote-entropy":
            return highest_first(pool, over_committee(pool, vote_entropy), consensus)
        if self.params.measure == "kl":
            return highest_first(pool, over_committee(pool, information_gain))
        return highest_first(pool, consensus)


def over_committee(pool: Pool, measure: Callable[..., NDArray[np.floating]]) -> NDArray[np.float32]:
    """Return a measure of `[n_members, rows, n_labels]` for each row of the pool."""
    members = given(pool.committee, "committee")
    several = pool.multilabel or not all(sums_to_one(each) for each in members)
    scores = np.empty(pool.n, dtype=np.float32)
    for rows in cached_rows(pool.n, len(members) * members.shape[2]):
        scores[rows] = measure(members[:, rows], several=several)
    return scores


def vote_entropy(members: Votes, *, several: bool) -> NDArray[np.floating]:
    """Return the entropy of the members' votes, NaN where one has no prediction."""
    votes = np.zeros(members.shape[1:], dtype=np.float32)
    for each in members:
        votes += predicted(each, several=several)
    scores = entropy_of_outcomes(outcomes(votes / len(members), several=several))
    return np.where(unpredicted(members.sum(axis=0)), np.nan, scores)


def consensus_entropy(members: Votes, *, several: bool) -> NDArray[np.floating]:
    """Return the entropy of the members' mean."""
    return entropy_of_outcomes(outcomes(members.mean(axis=0), several=several))


def information_gain(members: Votes, *, several: bool) -> NDArray[np.floating]:
    """Return H(mean) - mean H, which is the mean of KL(member || mean)."""
    each = outcomes(members, several=several)
    return entropy_of_outcomes(each.mean(axis=0)) - entropy_of_outcomes(each).mean(axis=0)
