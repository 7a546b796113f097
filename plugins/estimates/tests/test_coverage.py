"""95 % intervals hold the truth in 93 to 97 % of 1,000 samples, whatever the machine says."""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np
import pytest

from estimating.corpora import Corpus, Draw, Machine, draw, everything, make_corpus
from estimating.estimators import ESTIMATORS
from kodkod.api import Estimand, SampleDesign

pytestmark = pytest.mark.slow

_SAMPLES = 1_000
_TEXTS, _CODED = 1_600, 400

Question = Literal["share", "mean-by-group", "linear", "logistic"]

_ASKED: dict[Question, tuple[Estimand, str]] = {
    "share": ("share", "all"),
    "mean-by-group": ("share", "group"),
    "linear": ("linear", "all"),
    "logistic": ("logistic", "all"),
}
_DRAWS: tuple[Draw, ...] = ("uniform", "stratified", "unequal")
_MACHINES: tuple[Machine, ...] = ("good", "useless", "biased")
# People alone do not hear the machine; only strata of its labels depend on it.
_CELLS = [
    (name, how, machine)
    for name in ESTIMATORS
    for how in _DRAWS
    for machine in _MACHINES
    if name != "random-sample" or how == "stratified" or machine == "good"
]


@cache
def corpus_of(machine: Machine) -> Corpus:
    return make_corpus(machine, _TEXTS)


@cache
def samples_of(machine: Machine, how: Draw) -> list[SampleDesign]:
    rng = np.random.default_rng(29)
    return [draw(corpus_of(machine), how, _CODED, rng) for _ in range(_SAMPLES)]


@pytest.mark.parametrize("question", _ASKED)
@pytest.mark.parametrize(("name", "how", "machine"), _CELLS)
def test_intervals_hold_the_truth(question, name, how, machine):
    # given a corpus of which every label is known
    corpus, rng = corpus_of(machine), np.random.default_rng(41)
    estimand, part = _ASKED[question]
    whole = corpus.ask(estimand, everything(_TEXTS), part=part)
    truth = np.array([each.value for each in ESTIMATORS["random-sample"].estimate(whole, rng)])
    # when it is estimated from one sample after the other
    held = np.zeros(len(truth))
    for design in samples_of(machine, how):
        found = ESTIMATORS[name].estimate(corpus.ask(estimand, design, part=part), rng)
        held += [each.low <= value <= each.high for each, value in zip(found, truth, strict=True)]
    # then the intervals hold it as often as they say
    assert 0.93 <= (held / _SAMPLES).mean() <= 0.97
    assert (held / _SAMPLES > 0.92).all()


@pytest.mark.parametrize("name", ESTIMATORS)
def test_a_rare_label_is_covered_and_its_interval_stays_in_bounds(name):
    corpus, rng = make_corpus("biased", prevalence=0.02, seed=5), np.random.default_rng(31)
    truth, held = corpus.labels.mean(), 0
    for _ in range(_SAMPLES):
        (found,) = ESTIMATORS[name].estimate(
            corpus.ask("share", draw(corpus, "uniform", 400, rng)), rng
        )
        assert 0 <= found.low <= found.value <= found.high <= 1
        held += found.low <= truth <= found.high
    assert held / _SAMPLES >= 0.93


@pytest.mark.parametrize("name", ["ppi", "dsl", "stratified"])
def test_rare_errors_of_the_machine_are_allowed_for(name):
    """Nine samples in ten show none of them: an interval of what was seen would be a point."""
    corpus, rng = make_corpus("perfect"), np.random.default_rng(37)
    wrong = rng.choice(len(corpus.labels), 6, replace=False)
    corpus.machine[wrong] = 0
    corpus.labels[wrong] = 1
    truth, held, cautious = corpus.labels.mean(), 0, 0
    for _ in range(200):
        (found,) = ESTIMATORS[name].estimate(
            corpus.ask("share", draw(corpus, "uniform", 100, rng)), rng
        )
        held += found.low <= truth <= found.high
        cautious += any("so rare" in each for each in found.warnings)
    assert held / 200 >= 0.93
    assert cautious == 200
