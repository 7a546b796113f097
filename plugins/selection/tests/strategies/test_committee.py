"""Committee and BALD: by hand, against scikit-activeml and small-text."""

import numpy as np
import pytest
from skactiveml.pool import average_kl_divergence, vote_entropy
from skactiveml.pool._bald import batch_bald
from small_text.query_strategies.bayesian import _bald

from kodkod.api import NoParams
from kodkod_selection.bald import Bald
from kodkod_selection.committee import (
    Committee,
    CommitteeParams,
    consensus_entropy,
    information_gain,
)
from kodkod_selection.committee import vote_entropy as our_vote_entropy

from .pools import NAN, order, pool

LN2 = float(np.log(2))
# Three members over four rows: all agree and are sure; all agree that it is open; two against
# one, all sure; all vote alike, more or less sure.
MEMBERS = np.float32(
    [
        [[1, 0], [0.5, 0.5], [1, 0], [0.9, 0.1]],
        [[1, 0], [0.5, 0.5], [1, 0], [0.6, 0.4]],
        [[1, 0], [0.5, 0.5], [0, 1], [0.6, 0.4]],
    ]
)
ONE_AGAINST_TWO = float(-(1 / 3) * np.log(1 / 3) - (2 / 3) * np.log(2 / 3))


def test_the_measures_by_hand():
    members = MEMBERS.astype(np.float64)
    seven = -0.7 * np.log(0.7) - 0.3 * np.log(0.3)
    mean = (-0.9 * np.log(0.9) - 0.1 * np.log(0.1)) / 3
    mean += 2 * (-0.6 * np.log(0.6) - 0.4 * np.log(0.4)) / 3

    np.testing.assert_allclose(
        our_vote_entropy(members, several=False), [0, 0, ONE_AGAINST_TWO, 0], atol=1e-6
    )
    np.testing.assert_allclose(
        consensus_entropy(members, several=False), [0, LN2, ONE_AGAINST_TWO, seven], atol=1e-6
    )
    np.testing.assert_allclose(
        information_gain(members, several=False),
        [0, 0, ONE_AGAINST_TWO, seven - mean],
        atol=1e-6,
    )


@pytest.mark.parametrize(
    ("strategy", "params", "expected"),
    [
        # Votes alike: by what the mean is unsure of.
        (Committee, CommitteeParams(), [2, 1, 3, 0]),
        (Committee, CommitteeParams(measure="consensus-entropy"), [1, 2, 3, 0]),
        (Committee, CommitteeParams(measure="kl"), [2, 3, 0, 1]),
        (Bald, NoParams(), [2, 3, 0, 1]),
    ],
)
def test_the_order_by_hand(strategy, params, expected):
    given = pool(n=4, committee=MEMBERS, labels=("a", "b"))

    assert order(strategy, given, params) == expected


def test_of_several_labels_each_one_s_votes_are_counted():
    # Row 0: split over both labels; row 1: over one; row 2: over none.
    members = np.float32(
        [[[0.9, 0.9], [0.9, 0.9], [0.9, 0.9]], [[0.1, 0.1], [0.1, 0.9], [0.9, 0.9]]]
    )
    given = pool(n=3, committee=members, labels=("a", "b"), multilabel=True)

    np.testing.assert_allclose(
        our_vote_entropy(members.astype(np.float64), several=True), [2 * LN2, LN2, 0], atol=1e-6
    )
    for strategy, params in ((Committee, CommitteeParams()), (Bald, NoParams())):
        assert order(strategy, given, params) == [0, 1, 2]


def test_a_row_that_a_member_has_not_predicted_is_last():
    members = MEMBERS.copy()
    members[1, 2] = NAN

    given = pool(n=4, committee=members, labels=("a", "b"))

    for strategy, params in ((Committee, CommitteeParams()), (Bald, NoParams())):
        assert order(strategy, given, params)[-1] == 2


@pytest.mark.parametrize("seed", range(3))
def test_the_references_come_to_the_same_scores(seed):
    members = np.random.default_rng(seed).dirichlet(np.ones(4), (5, 200))
    votes = members.argmax(axis=2).T

    ours = our_vote_entropy(members, several=False)
    gain = information_gain(members, several=False)

    np.testing.assert_allclose(ours, vote_entropy(votes, classes=range(4)), atol=1e-9)
    np.testing.assert_allclose(gain, average_kl_divergence(members.copy()), atol=1e-5)
    np.testing.assert_allclose(gain, batch_bald(members.copy(), 1)[0], atol=1e-5)
    # small-text takes logarithms to base 2.
    np.testing.assert_allclose(gain, _bald(members.swapaxes(0, 1)) * LN2, atol=1e-5)
