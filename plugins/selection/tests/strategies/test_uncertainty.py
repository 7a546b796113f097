"""Uncertainty: hand-worked, and against small-text, scikit-activeml and SciPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import entropy as scipy_entropy
from skactiveml.pool import uncertainty_scores
from small_text.query_strategies import BreakingTies as SmallTextBreakingTies
from small_text.query_strategies import LeastConfidence as SmallTextLeastConfidence
from small_text.query_strategies import PredictionEntropy

from kodkod.api import NoParams, PluginError
from kodkod_selection.breaking_ties import BreakingTies
from kodkod_selection.least_confidence import LeastConfidence
from kodkod_selection.max_entropy import MaxEntropy
from kodkod_selection.uncertainty import entropy, least_confidence, small_margin

from .pools import NAN, GivenProbabilities, GivenRows, order, pool

# Entropies in nats, worked by hand: 0; ln 2 = 0.693; ln 3 = 1.099;
# -(0.5 ln 0.5 + 2 * 0.25 ln 0.25) = 0.347 + 0.693 = 1.040; unknown; ln 2 again.
HAND_WORKED = np.array(
    [
        [1.0, 0.0, 0.0],
        [0.5, 0.5, 0.0],
        [1 / 3, 1 / 3, 1 / 3],
        [0.25, 0.5, 0.25],
        [NAN, NAN, NAN],
        [0.0, 0.5, 0.5],
    ],
    dtype=np.float32,
)
# With several labels: sure of all; one open; two at 0.6 / 0.4; unknown.
SEVERAL = np.array(
    [[0.9, 0.1, 0.9], [0.9, 0.5, 0.9], [0.6, 0.4, 0.9], [NAN, NAN, NAN]], dtype=np.float32
)
DISTRIBUTIONS = arrays(
    np.float32,
    st.tuples(st.integers(1, 40), st.integers(2, 6)),
    elements=st.floats(0.0078125, 1, width=32),
).map(lambda weights: (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32))


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (entropy, [0.0, 0.693147, 1.098612, 1.039721, NAN, 0.693147]),
        (least_confidence, [0, 0.5, 2 / 3, 0.5, NAN, 0.5]),
        (small_margin, [0, 1, 1, 0.75, NAN, 1]),
    ],
)
def test_the_hand_worked_example(measure, expected):
    np.testing.assert_allclose(measure(HAND_WORKED, several=False), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        # H(0.1) = 0.325083, H(0.5) = 0.693147, H(0.4) = 0.673012, summed over labels.
        (entropy, [0.975249, 1.343314, 1.671107, NAN]),
        # 1 - 0.9^3; 1 - 0.9^2 * 0.5; 1 - 0.6^2 * 0.9.
        (least_confidence, [0.271, 0.595, 0.676, NAN]),
        # The label closest to undecided: |2 * 0.9 - 1| = 0.8; 0; 0.2.
        (small_margin, [0.2, 1, 0.8, NAN]),
    ],
)
def test_the_hand_worked_example_of_several_labels(measure, expected):
    np.testing.assert_allclose(measure(SEVERAL, several=True), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        (MaxEntropy, [2, 3, 1, 5, 0, 4]),
        (LeastConfidence, [2, 1, 3, 5, 0, 4]),
        (BreakingTies, [1, 2, 5, 3, 0, 4]),
    ],
)
def test_most_uncertain_first_ties_by_row_unknown_last(strategy, expected):
    assert order(strategy, pool(HAND_WORKED), NoParams()) == expected


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        (MaxEntropy, [2, 1, 0, 3]),
        (LeastConfidence, [2, 1, 0, 3]),
        (BreakingTies, [1, 2, 0, 3]),
    ],
)
def test_several_labels_are_known_by_the_flag_or_by_their_sums(strategy, expected):
    assert order(strategy, pool(SEVERAL), NoParams()) == expected
    assert order(strategy, pool(SEVERAL, multilabel=True), NoParams()) == expected


def test_one_of_several_labels_is_not_taken_for_a_distribution():
    # Each row sums to 1 by chance; as yes-or-no of two labels both are fully open in the first.
    given = pool([[0.5, 0.5], [1.0, 0.0]], multilabel=True)

    assert order(LeastConfidence, given, NoParams()) == [0, 1]
    np.testing.assert_allclose(
        least_confidence(given.probabilities, several=True), [0.75, 0], atol=1e-6
    )


def test_candidates_come_first_whatever_they_score():
    assert order(MaxEntropy, pool(HAND_WORKED, candidates=[0, 3, 4]), NoParams()) == [
        3,
        0,
        2,
        1,
        5,
        4,
    ]


def test_a_single_label_has_nothing_to_be_unsure_of():
    assert order(BreakingTies, pool([[1.0], [1.0]]), NoParams()) == [0, 1]


def test_without_probabilities_a_strategy_that_needs_them_says_so():
    with pytest.raises(PluginError, match="needs probabilities"):
        MaxEntropy(NoParams()).order(pool(n=3))


@given(DISTRIBUTIONS)
def test_scores_agree_with_scikit_activeml_and_scipy(probabilities):
    p = probabilities.astype(np.float64)
    p /= p.sum(axis=1, keepdims=True)
    expected = {
        measure: uncertainty_scores(p, method=method)
        for measure, method in (
            (entropy, "entropy"),
            (least_confidence, "least_confident"),
            (small_margin, "margin_sampling"),
        )
    }

    for measure, scores in expected.items():
        np.testing.assert_allclose(measure(probabilities, several=False), scores, atol=1e-5)
    np.testing.assert_allclose(
        entropy(probabilities, several=False), scipy_entropy(p, axis=1), rtol=1e-4, atol=1e-5
    )


@given(
    arrays(
        np.float32,
        st.tuples(st.integers(1, 40), st.integers(2, 6)),
        elements=st.floats(0, 1, width=32),
    )
)
def test_entropy_of_several_labels_is_the_sum_over_labels(probabilities):
    p = probabilities.astype(np.float64)

    expected = scipy_entropy(np.stack([p, 1 - p]), axis=0).sum(axis=1)

    np.testing.assert_allclose(entropy(probabilities, several=True), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (BreakingTies, SmallTextBreakingTies()),
        (LeastConfidence, SmallTextLeastConfidence()),
        (MaxEntropy, PredictionEntropy()),
    ],
)
def test_the_batch_is_the_one_that_small_text_picks(ours, theirs):
    p = np.random.default_rng(3).dirichlet(np.ones(5), 400)
    unlabelled, none = np.arange(400), np.zeros(0, dtype=int)

    picked = theirs.query(
        GivenProbabilities(p), GivenRows(range(400)), unlabelled, none, none, n=25
    )

    assert sorted(order(ours, pool(p), NoParams())[:25]) == sorted(picked.tolist())


@given(st.integers(2, 12))
def test_the_same_probabilities_in_another_order_tie(k):
    rows = np.random.default_rng(k).dirichlet(np.ones(k), 500).astype(np.float32)

    first, second = np.split(entropy(np.concatenate([rows, rows[:, ::-1]]), several=False), 2)

    assert (first == second).all()
