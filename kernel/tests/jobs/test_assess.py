"""The job that assesses a guide, with a real model on a project that can be learnt."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from sklearn.metrics import f1_score

from kodkod.jobs.context import KernelJobContext
from kodkod.store.beliefs import read_assessment, read_assessments
from kodkod.store.projects import change_scheme

from .study import GUIDE, LEARNER, TOPICS, TRAIN


async def test_every_labelled_text_is_predicted_by_models_that_have_not_seen_it(make_study):
    # Given a study of which 90 rows are annotated, 75 of them in the train split
    study = await make_study()
    seq = await study.say(range(90))

    # When the guide is assessed
    result = await study.assess()

    # Then there are held-out probabilities of the rows of the train split
    found = read_assessment(study.home)
    rows = np.flatnonzero(TRAIN[:90])
    np.testing.assert_array_equal(found.rows, rows)
    assert found.facts.label_ids == [label.id for label in study.scheme.labels]
    np.testing.assert_allclose(found.held_out.sum(axis=1), 1, atol=1e-5)
    assert (found.facts.model, found.facts.params, found.facts.features) == (
        "logistic", {}, ["vectors"],
    )  # fmt: skip
    # And the score is theirs
    predicted = found.held_out.argmax(axis=1)
    score = found.facts.held_out.score
    assert score.value == pytest.approx(f1_score(TOPICS[rows], predicted, average="macro"))
    assert score.low < score.value < score.high
    assert (found.facts.held_out.n_train, found.facts.held_out.trained_at_seq) == (75, seq)
    assert (result["state"], result["n_train"], result["score"]["value"]) == (
        "assessed", 75, score.value,
    )  # fmt: skip
    # And the curve rises from an eighth of the training sets to the whole of them
    curve = found.facts.curve
    assert [point.n for point in curve] == [8, 13, 22, 36, 60]
    assert curve[0].score.value < curve[-1].score.value == pytest.approx(score.value, abs=1e-6)
    assert all(point.score.low <= point.score.value <= point.score.high for point in curve)
    assert read_assessments(study.home) == [found.facts.held_out]


async def test_the_same_seed_gives_the_same_assessment_and_another_run_leaves_one(make_study):
    study = await make_study()
    await study.say(range(60))
    await study.assess()
    first = read_assessment(study.home)
    await study.assess()
    again = read_assessment(study.home)
    np.testing.assert_array_equal(first.held_out, again.held_out)
    assert first.facts == again.facts
    assert len(read_assessments(study.home)) == 1

    # And a later one is added
    await study.say(range(60, 90))
    await study.assess()
    assert [each.n_train for each in read_assessments(study.home)] == [50, 75]
    assert sorted(each.name for each in study.home.iterdir()) == [
        "assessment", "assessments.jsonl",
    ]  # fmt: skip


async def test_several_labels_a_text_are_assessed(make_study):
    study = await make_study(multilabel=True)
    await study.say(range(120))
    await study.assess()
    found = read_assessment(study.home)
    rows = np.flatnonzero(TRAIN[:120])
    table = np.column_stack([TOPICS[rows, None] == np.arange(3), rows % 2 == 1])
    expected = f1_score(table, found.held_out >= 0.5, average="macro", zero_division=0)
    assert found.facts.held_out.score.value == pytest.approx(expected)
    assert expected > 0.8
    assert found.facts.curve[-1].n == 80


async def test_a_text_that_alone_has_its_label_is_always_learnt(make_study):
    # Given rows of two topics, and one of the third
    study = await make_study()
    rows = [row for row in range(60) if TOPICS[row] < 2 and TRAIN[row]] + [4]
    await study.say(rows)
    await study.assess()
    found = read_assessment(study.home)
    alone = found.rows == 4
    assert np.isnan(found.held_out[alone]).all()
    assert np.isfinite(found.held_out[~alone]).all()


async def test_too_few_labels_wait_and_write_nothing(make_study):
    study = await make_study()
    await study.say([0, 1, 2])
    result = await study.assess()
    assert result["state"] == "waiting"
    assert "two labels" in result["message"]
    assert not study.home.exists()


async def test_an_assessment_of_a_guide_that_is_no_more_is_dropped(make_study):
    study = await make_study()
    await study.say(range(60))
    async with study.database.write() as connection:
        await change_scheme(connection, study.scheme.id, guide={**GUIDE, "params": {"cost": 3}})
    assert (await study.assess())["state"] == "superseded"
    async with study.database.write() as connection:
        await change_scheme(connection, study.scheme.id, guide=None)
    assert (await study.assess())["state"] == "superseded"
    assert not study.home.exists()


async def test_it_stops_when_it_is_asked_to(make_study, runner, monkeypatch):
    # Given an assessment that is asked to stop when it reports its tenth model
    study = await make_study()
    await study.say(range(90))
    row = await study.desk.submit("assess", study.project, scheme_id=study.scheme.id, **LEARNER)
    said: list[str] = []
    real = KernelJobContext.progress

    def progress(self, fraction, message="", **metrics):
        said.append(message)
        if "model 10 of" in message:
            self.stop()
        real(self, fraction, message, **metrics)

    monkeypatch.setattr(KernelJobContext, "progress", progress)
    await asyncio.to_thread(runner.run, row.id)

    # Then the tenth is not fitted, and nothing is written
    assert (await study.desk.job(row.id)).state == "cancelled"
    assert "model 10 of" in said[-1]
    assert not study.home.exists()
