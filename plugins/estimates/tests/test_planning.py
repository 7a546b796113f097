"""A plan's number of labels gives the width that was asked for."""

from __future__ import annotations

import numpy as np
import pytest

from estimating.corpora import draw, make_corpus
from estimating.estimators import ESTIMATORS
from kodkod.api import InvalidInputError, PlanInput


@pytest.mark.parametrize("name", ["ppi", "stratified", "random-sample"])
def test_simple_random_plans_keep_their_word(name):
    # given what a pilot would show of the corpus
    corpus, rng = make_corpus("good", 5_000), np.random.default_rng(4)
    said = (corpus.machine >= 0.5).astype(float) if name == "stratified" else corpus.machine
    wanted = PlanInput(
        prevalence=float(corpus.labels.mean()),
        correlation=float(np.corrcoef(corpus.labels, said)[0, 1]),
        half_width=0.025,
        level=0.95,
        n_rows=5_000,
    )
    # when as many texts are coded as the plan says
    plan = ESTIMATORS[name].plan(wanted)[0]
    halves = []
    for _ in range(50):
        design = draw(corpus, "uniform", plan.n_human, rng)
        (found,) = ESTIMATORS[name].estimate(corpus.ask("share", design), rng)
        halves.append((found.high - found.low) / 2)
    # then intervals are as wide as was asked for
    assert np.mean(halves) == pytest.approx(wanted.half_width, rel=0.05)


def test_better_machines_and_strata_need_fewer_labels():
    def needed(correlation: float) -> list[int]:
        wanted = PlanInput(
            prevalence=0.1, correlation=correlation, half_width=0.02, level=0.95, n_rows=100_000
        )
        return [each.n_human for each in ESTIMATORS["ppi"].plan(wanted)]

    (simple, stratified), (better, _) = needed(0.6), needed(0.9)
    assert better < simple
    assert stratified < simple


@pytest.mark.parametrize(
    ("field", "value"),
    [("prevalence", 0.0), ("half_width", 0.7), ("level", 1.0), ("correlation", 2.0)],
)
def test_nonsense_is_refused(field, value):
    given = {"prevalence": 0.3, "correlation": 0.5, "half_width": 0.05, "level": 0.95}
    with pytest.raises(InvalidInputError, match=field):
        ESTIMATORS["ppi"].plan(PlanInput(**{**given, field: value}, n_rows=1_000))
