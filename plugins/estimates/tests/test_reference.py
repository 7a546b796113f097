"""The same numbers as ppi-python, the authors' implementation, gives."""

from __future__ import annotations

import numpy as np
import pytest
from ppi_py import (
    classical_mean_ci,
    ppi_logistic_pointestimate,
    ppi_mean_ci,
    ppi_mean_pointestimate,
    ppi_ols_ci,
    ppi_ols_pointestimate,
)

from estimating.corpora import Corpus, draw, make_corpus
from estimating.estimators import ESTIMATORS
from kodkod.api import SampleDesign
from kodkod_estimates.design import weigh
from kodkod_estimates.equations import solve
from kodkod_estimates.ppi import tune


@pytest.fixture
def drawn():
    corpus = make_corpus("good")
    return corpus, draw(corpus, "uniform", 300, np.random.default_rng(1))


@pytest.mark.parametrize("trust", [0.0, 0.6, 1.0])
def test_mean(drawn, trust):
    corpus, design = drawn
    data = corpus.ask("share", design)
    ours = solve(data, weigh(design), corpus.machine, trust).theta
    theirs = ppi_mean_pointestimate(
        data.outcome, corpus.machine[design.rows], corpus.machine, lam=trust
    )
    assert ours == pytest.approx(np.ravel(theirs), rel=1e-6)


# Theirs fits its first guess by a param that scikit-learn is about to drop.
@pytest.mark.filterwarnings("ignore:'penalty' was deprecated:FutureWarning")
@pytest.mark.parametrize("trust", [0.0, 0.6, 1.0])
def test_logistic_regression(drawn, trust):
    corpus, design = drawn
    data = corpus.ask("logistic", design)
    ours = solve(data, weigh(design), corpus.machine, trust).theta
    theirs = ppi_logistic_pointestimate(
        data.covariates[design.rows],
        data.outcome,
        corpus.machine[design.rows],
        data.covariates,
        corpus.machine,
        lam=trust,
        optimizer_options={"ftol": 1e-15, "gtol": 1e-12},
    )
    # Theirs stops where L-BFGS no longer sees the loss fall.
    assert ours == pytest.approx(theirs, rel=1e-4)


def balanced(seed: int) -> tuple[Corpus, SampleDesign]:
    """Return a corpus that has each pair of covariates five times, and a sample with each once.

    Theirs adds up a regression of the corpus and one of the sample; ours is the minimum of the
    loss that the paper defines. They are one where the covariates vary alike in both, as here.
    """
    once, rng = make_corpus("biased", 400), np.random.default_rng(seed)
    five = {name: np.tile(values, 5) for name, values in vars(once).items()}
    flipped = rng.random(2_000) < 0.1
    five["labels"] = np.where(flipped, 1 - five["labels"], five["labels"])
    five["machine"] = np.clip(five["machine"] + 0.1 * rng.normal(size=2_000), 0, 1)
    rows = np.sort(np.arange(400) + 400 * rng.integers(5, size=400))
    design = SampleDesign(
        rows=rows,
        inclusion=np.full(400, 0.2),
        strata=np.zeros(400, dtype=np.int64),
        stratum_sizes=np.array([2_000]),
    )
    return Corpus(**five), design


@pytest.mark.parametrize("trust", [0.0, 0.6, 1.0])
def test_linear_regression(trust):
    corpus, design = balanced(seed=4)
    data = corpus.ask("linear", design)
    ours = solve(data, weigh(design), corpus.machine, trust).theta
    theirs = ppi_ols_pointestimate(
        data.covariates[design.rows],
        data.outcome,
        corpus.machine[design.rows],
        data.covariates,
        corpus.machine,
        lam=trust,
    )
    assert ours == pytest.approx(theirs, rel=1e-6)


def test_tuned_linear_regression_and_its_intervals():
    """With the same power, theirs over the rest of the corpus and ours over all of it."""
    corpus, design = balanced(seed=5)
    data, sample = corpus.ask("linear", design), weigh(design)
    trust = tune(solve(data, sample, corpus.machine, 0.0), sample)
    ours = solve(data, sample, corpus.machine, trust)
    low, high = ppi_ols_ci(
        data.covariates[design.rows],
        data.outcome,
        corpus.machine[design.rows],
        np.delete(data.covariates, design.rows, axis=0),
        np.delete(corpus.machine, design.rows),
        alpha=0.05,
        lam=trust * 0.8,
    )
    assert trust > 0.3
    assert ours.theta == pytest.approx((low + high) / 2, rel=1e-6)
    errors = np.sqrt(ours.variances(sample, trust, wider=True))
    # The machine's labels vary as in the 400 coded texts here, and as in the other 1,600 there.
    assert 2 * 1.959964 * errors == pytest.approx(high - low, rel=0.03)


def test_tuned_mean_and_its_interval(drawn):
    """Theirs takes the rest of the corpus for a second sample, and ours is of the corpus.

    With the corpus itself for a random sample both are the same, up to whose labels the variance
    of the machine's is taken from: the 300 coded texts, or all 2,000.
    """
    corpus, design = drawn
    data = corpus.ask("share", design, population="wider")
    rest = np.delete(corpus.machine, design.rows)
    (ours,) = ESTIMATORS["ppi"].estimate(data, np.random.default_rng(0))
    low, high = ppi_mean_ci(data.outcome, corpus.machine[design.rows], rest, alpha=0.05)
    assert ours.value == pytest.approx((low + high).item() / 2, abs=2e-3)
    assert 2 * 1.96 * ours.standard_error == pytest.approx((high - low).item(), rel=0.05)
    sample = weigh(design)
    trust = tune(solve(data, sample, corpus.machine, 0.0), sample)
    theirs = ppi_mean_pointestimate(
        data.outcome, corpus.machine[design.rows], rest, lam=trust * len(rest) / data.n_rows
    )
    assert solve(data, sample, corpus.machine, trust).theta == pytest.approx(
        np.ravel(theirs), rel=1e-6
    )


def test_human_labels_alone(drawn):
    corpus, design = drawn
    data = corpus.ask("share", design, population="wider")
    (ours,) = ESTIMATORS["random-sample"].estimate(data, np.random.default_rng(0))
    low, high = classical_mean_ci(data.outcome, alpha=0.05)
    # Theirs divides by n, not n - 1.
    assert ours.value == pytest.approx((low + high).item() / 2, rel=1e-6)
    assert 2 * 1.959964 * ours.standard_error == pytest.approx((high - low).item(), rel=2e-3)
