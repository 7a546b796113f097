"""What must hold of every sample."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimating.corpora import draw, everything, make_corpus
from estimating.estimators import ESTIMATORS
from kodkod.api import InvalidInputError, SampleDesign
from kodkod_estimates.design import weigh
from kodkod_estimates.reporting import wilson


@pytest.mark.parametrize("name", ESTIMATORS)
@pytest.mark.parametrize("estimand", ["share", "linear", "logistic"])
def test_coding_everything_leaves_no_doubt(name, estimand):
    corpus = make_corpus("biased", 300)
    found = ESTIMATORS[name].estimate(
        corpus.ask(estimand, everything(300)), np.random.default_rng(0)
    )
    assert all(each.low == each.value == each.high for each in found)


def test_useless_machine_labels_cost_next_to_nothing():
    corpus, rng = make_corpus("useless", 20_000), np.random.default_rng(2)
    data = corpus.ask("share", draw(corpus, "uniform", 2_000, rng))
    widths = {
        name: (found := ESTIMATORS[name].estimate(data, rng)[0]).high - found.low
        for name in ("ppi", "random-sample")
    }
    assert widths["ppi"] <= 1.001 * widths["random-sample"]


def test_good_machine_labels_stand_for_many_human_ones():
    corpus, rng = make_corpus("good", 20_000), np.random.default_rng(2)
    (found,) = ESTIMATORS["ppi"].estimate(
        corpus.ask("share", draw(corpus, "uniform", 1_000, rng)), rng
    )
    assert found.n_effective is not None
    assert found.n_effective > 2_000


def test_one_text_in_a_stratum_of_many_is_refused():
    design = SampleDesign(
        rows=np.array([0, 1, 2]),
        inclusion=np.array([0.2, 0.2, 0.1]),
        strata=np.array([0, 0, 1]),
        stratum_sizes=np.array([10, 10]),
    )
    with pytest.raises(InvalidInputError, match="fewer than 2 coded texts"):
        weigh(design)


def test_covariates_that_cannot_be_told_apart_are_refused():
    corpus, rng = make_corpus("good"), np.random.default_rng(2)
    corpus.group[:] = 0
    with pytest.raises(InvalidInputError, match="cannot be told apart"):
        ESTIMATORS["ppi"].estimate(corpus.ask("linear", draw(corpus, "uniform", 90, rng)), rng)


@given(
    value=st.floats(-0.1, 1.1),
    error=st.floats(0, 1),
    n=st.integers(1, 10_000),
)
def test_the_interval_of_a_share_stays_in_bounds(value, error, n):
    low, high = wilson(value, error, 1.96, n)
    assert 0 <= low <= min(max(value, 0), 1) <= high <= 1


def test_the_interval_of_a_share_is_wilsons():
    """3 of 100, as in a table of Wilson's intervals: 1.03 % to 8.45 %."""
    low, high = wilson(0.03, math.sqrt(0.03 * 0.97 / 100), 1.959964, 100)
    assert (low, high) == pytest.approx((0.0103, 0.0845), abs=1e-4)


@given(seed=st.integers(0, 1_000))
def test_weights_stand_for_the_corpus(seed):
    corpus, rng = make_corpus("good", 500), np.random.default_rng(seed)
    assert weigh(draw(corpus, "unequal", 80, rng)).weights.sum() == pytest.approx(500)
