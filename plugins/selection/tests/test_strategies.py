"""The strategies against hand-worked examples, SciPy, and each other."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import entropy as scipy_entropy

from kodkod.api import InvalidParamsError, NoParams, PluginError, Pool
from kodkod_selection.fixed import Deterministic, Random
from kodkod_selection.max_entropy import MaxEntropy, entropy
from kodkod_selection.max_probability import MaxProbability
from kodkod_selection.params import MaxProbabilityParams

NAN = float("nan")
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


def pool(probabilities, *, seed=0, labels=("a", "b", "c")):
    return Pool(
        n=len(probabilities),
        rng=np.random.default_rng(seed),
        labels=labels,
        probabilities=probabilities,
    )


def test_entropy_of_the_hand_worked_example():
    expected = [0.0, 0.693147, 1.098612, 1.039721, NAN, 0.693147]

    np.testing.assert_allclose(entropy(HAND_WORKED), expected, atol=1e-6)


def test_most_uncertain_first_ties_by_row_unknown_last():
    order = MaxEntropy(NoParams()).order(pool(HAND_WORKED))

    assert order.tolist() == [2, 3, 1, 5, 0, 4]


@given(
    arrays(
        np.float32,
        st.tuples(st.integers(1, 40), st.integers(2, 6)),
        elements=st.floats(0.0078125, 1, width=32),
    )
)
def test_entropy_of_one_label_agrees_with_scipy(weights):
    probabilities = weights / weights.sum(axis=1, keepdims=True)

    expected = scipy_entropy(probabilities.astype(np.float64), axis=1)

    np.testing.assert_allclose(entropy(probabilities), expected, rtol=1e-4, atol=1e-5)


@given(
    arrays(
        np.float32,
        st.tuples(st.integers(1, 40), st.integers(2, 6)),
        elements=st.floats(0, 0.125, width=32),
    )
)
def test_entropy_of_several_labels_is_the_sum_over_labels(probabilities):
    # Six labels of at most an eighth each never sum to 1, so each label stands for itself.
    p = probabilities.astype(np.float64)

    expected = scipy_entropy(np.stack([p, 1 - p]), axis=0).sum(axis=1)

    np.testing.assert_allclose(entropy(probabilities), expected, rtol=1e-4, atol=1e-5)


def test_with_several_labels_the_undecided_text_comes_before_the_decided():
    sure_of_two, undecided = [0.99, 0.99, 0.01], [0.5, 0.4, 0.6]

    order = MaxEntropy(NoParams()).order(pool(np.float32([sure_of_two, undecided])))

    assert order.tolist() == [1, 0]


def test_the_same_probabilities_in_another_order_tie():
    rng = np.random.default_rng(1)
    rows = rng.dirichlet(np.ones(5), 500).astype(np.float32)
    twins = np.concatenate([rows, rows[:, ::-1]])

    first, second = np.split(entropy(twins), 2)

    assert (first == second).all()


@pytest.mark.parametrize(
    ("label", "expected"), [("a", [0, 1, 2, 3, 5, 4]), ("b", [1, 3, 5, 2, 0, 4])]
)
def test_most_likely_the_label_first(label, expected):
    strategy = MaxProbability(MaxProbabilityParams(label=label))

    assert strategy.order(pool(HAND_WORKED)).tolist() == expected


def test_a_label_that_the_guide_does_not_know_is_refused_by_name():
    strategy = MaxProbability(MaxProbabilityParams(label="zebra"))

    with pytest.raises(InvalidParamsError, match=r"'zebra'.*'a', 'b', 'c'") as refusal:
        strategy.order(pool(HAND_WORKED))

    assert refusal.value.field == "label"


def test_without_probabilities_a_strategy_that_needs_them_says_so():
    with pytest.raises(PluginError, match="needs probabilities"):
        MaxEntropy(NoParams()).order(Pool(n=3, rng=np.random.default_rng(0)))


def test_in_order_is_the_order_of_the_file():
    assert Deterministic(NoParams()).order(pool(HAND_WORKED)).tolist() == [0, 1, 2, 3, 4, 5]


def test_random_depends_on_the_seed_and_is_uniform():
    def first(seed):
        return Random(NoParams()).order(pool(HAND_WORKED, seed=seed))[0]

    counts = np.bincount([first(seed) for seed in range(6_000)], minlength=6)

    # 1,000 each is expected, with a standard deviation of 29.
    assert (np.abs(counts - 1_000) < 150).all()


@pytest.mark.parametrize(
    "strategy",
    [
        Random(NoParams()),
        MaxEntropy(NoParams()),
        MaxProbability(MaxProbabilityParams(label="c")),
    ],
    ids=lambda each: type(each).__name__,
)
def test_a_million_rows_take_a_moment(strategy):
    rng = np.random.default_rng(0)
    large = pool(rng.dirichlet(np.ones(3), 1_000_000).astype(np.float32))

    start = time.process_time()
    order = strategy.order(large)
    seconds = time.process_time() - start

    assert len(order) == 1_000_000
    # 0.06 to 0.2 s; the bound tells a loop over rows from array work on a busy machine.
    assert seconds < 1.5
