"""Which annotations a model learns from, and how it is tried out before."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import msgspec
import numpy as np
import pytest

from kodkod.project.teaching import Taught
from kodkod.store.log import LogWriter
from kodkod.store.matrices import MatrixFolder

from .classroom import Classroom, texts_of


@pytest.fixture
async def room(settings, database) -> AsyncIterator[Classroom]:
    writer = LogWriter(database, lambda _: None)
    await writer.start()
    yield Classroom(settings, database, writer)
    await writer.stop()


async def trained(desk, room, name="m", component="words", **options):
    job = await desk.run(
        "train",
        room.project,
        name=name,
        scheme_id=room.scheme.id,
        component=component,
        **options,
    )
    assert job.state == "done", job.error
    return await room.model(job.id)


async def refused(desk, room, **options) -> str:
    job = await desk.run(
        "train",
        room.project,
        **{"name": "m", "scheme_id": room.scheme.id, "component": "words", **options},
    )
    assert job.state == "failed"
    return job.error


async def predicted(desk, room, model, **options) -> np.ndarray:
    job = await desk.run("predict", room.project, model_id=model.id, **options)
    assert job.state == "done", job.error
    folder = room.root / "predictions" / model.id
    if options.get("on", "complete") != "complete":
        folder = room.root / "predicted" / model.id / options["on"]
    return np.array(MatrixFolder(folder).open_dense())


async def test_an_excluded_label_is_not_learnt_and_its_texts_are_left_out(desk, room):
    await room.open(40, "multiclass")
    await room.truth(room.train_rows(12))

    model = await trained(desk, room, exclude_labels=["none"])

    said = await predicted(desk, room, model)
    assert model.label_ids == [room.label("cat"), room.label("dog")]
    assert model.n_train == sum(room.right(row) != "none" for row in room.train_rows(12))
    assert said.shape == (40, 2)
    assert msgspec.convert(model.training, Taught).exclude_labels == [room.label("none")]


async def test_of_several_labels_only_texts_with_no_other_are_left_out(desk, room):
    await room.open(40, "multilabel")
    await room.say({0: ["cat"], 1: ["dog"], 2: [], 3: ["cat", "dog"], 5: ["dog"]})

    model = await trained(desk, room, exclude_labels=["dog"])

    # An empty list says that none applies, and stays
    assert model.n_train == 3
    assert model.label_ids == [room.label("cat"), room.label("none")]


async def test_one_label_against_the_rest_gives_one_probability(desk, room):
    await room.open(40, "multiclass")
    await room.truth(room.train_rows(20))

    model = await trained(desk, room, dichotomise="dog")

    said = await predicted(desk, room, model)
    assert model.label_ids == [room.label("dog")]
    assert said.shape == (40, 1)
    has_dog = np.array(["dog" in text and "cat" not in text for text in texts_of(40)])
    np.testing.assert_array_equal(said[:, 0] >= 0.5, has_dog)


async def test_only_the_votes_of_some_annotators_count(desk, room):
    await room.open(40, "multiclass")
    rows = room.train_rows(8)
    await room.truth(rows)
    await room.say(dict.fromkeys(rows, "none"), user="ben")  # the newest, hence what counts

    by_ana = await trained(desk, room, "ana", annotators=["ana"])

    said = await predicted(desk, room, by_ana)
    assert by_ana.n_train == 8
    names = [room.scheme.labels[i].name for i in said[rows].argmax(axis=1)]
    assert names == [room.right(row) for row in rows]
    assert "'zoe'" in await refused(desk, room, annotators=["zoe"])


async def test_only_adjudicated_values_count_where_that_is_asked_for(desk, room):
    await room.open(40, "multiclass")
    await room.truth(room.train_rows(8))
    await room.say({0: "cat", 1: "dog", 2: "none"}, user="ben", source="adjudication")

    model = await trained(desk, room, sources=["adjudication"])

    assert model.n_train == 3
    assert msgspec.convert(model.training, Taught).sources == ["adjudication"]


async def test_names_that_are_not_there_are_refused_with_those_that_are(desk, room):
    await room.open(40, "multiclass")
    await room.truth(room.train_rows(8))

    for options in ({"exclude_labels": ["cow"]}, {"dichotomise": "cow"}):
        assert "'cat', 'dog', 'none'" in await refused(desk, room, **options)
    assert "two of them" in await refused(desk, room, exclude_labels=["cat", "dog", "none"])
    assert "both excluded" in await refused(desk, room, exclude_labels=["cat"], dichotomise="cat")
    error = await refused(desk, room, component="centroid", dichotomise="cat")
    assert "multilabel" in error


async def test_folds_score_each_text_by_a_model_that_has_not_seen_it(desk, room, tmp_path):
    await room.open(200, "multiclass")
    await room.truth(room.train_rows(40))
    params = {"trace": str(tmp_path / "trace")}

    model = await trained(desk, room, folds=4, params=params)

    fits = [int(line.split()[1]) for line in (tmp_path / "trace").read_text().splitlines()]
    assert fits == [30, 30, 30, 30, 40]
    crossed = model.validation["folds"]
    assert (crossed["folds"], crossed["report"]["n"]) == (4, 40)
    score = crossed["report"]["overall"]["macro_f1"]
    assert score["low"] <= score["value"] <= score["high"]
    assert score["value"] > 0.9


async def test_more_folds_than_texts_are_refused_before_anything_is_fitted(desk, room, tmp_path):
    await room.open(40, "multiclass")
    await room.truth([0, 1, 2])
    params = {"trace": str(tmp_path / "trace")}

    assert "fewer folds" in await refused(desk, room, folds=5, params=params)
    assert not (tmp_path / "trace").exists()


async def test_a_search_keeps_all_trials_and_fits_with_the_best(desk, room):
    await room.open(200, "multilabel")
    await room.truth(room.train_rows(40))
    # With a threshold of almost 1 nothing is predicted; with a slope of 0 nothing is learnt.
    search = {
        "space": {"threshold": [0.9999, 0.5], "slope": [0.0, 1.0]},
        "method": "grid",
        "trials": 10,
        "folds": 2,
    }

    job = await desk.run(
        "train",
        room.project,
        name="m",
        scheme_id=room.scheme.id,
        component="words",
        params={"threshold": 0.9999, "slope": 1.0},
        search=search,
    )

    assert job.state == "done", job.error
    model = await room.model("m")
    found = model.validation["search"]
    trials = found["trials"]
    assert [each["params"]["threshold"] for each in trials[:1]] == [0.9999]  # as given, first
    assert len(trials) == 4  # the given params are one of the grid's
    assert [each["score"]["value"] for each in trials if each["params"]["slope"] == 0] == [None] * 2
    assert "slope of 0" in trials[1]["message"]
    assert trials[found["chosen"]]["params"] == model.params
    assert (model.params["threshold"], model.thresholds[0]) == (0.5, 0.5)
    assert job.metrics[f"best_{found['figure']}"] == trials[found["chosen"]]["score"]["value"]


async def test_a_random_search_draws_within_its_bounds_and_repeats_itself(desk, room):
    await room.open(200, "multiclass")
    await room.truth(room.train_rows(20))
    search = {
        "space": {"slope": {"low": 0.01, "high": 10.0, "log": True}},
        "trials": 4,
        "judged_by": "share",
        "share": 0.25,
    }

    first = await trained(desk, room, "first", search=search, seed=7)
    again = await trained(desk, room, "again", search=search, seed=7)

    slopes = [each["params"]["slope"] for each in first.validation["search"]["trials"]]
    assert len(set(slopes)) == 4
    assert all(0.01 <= slope <= 10.0 for slope in slopes)
    assert slopes == [each["params"]["slope"] for each in again.validation["search"]["trials"]]


async def test_training_twice_with_one_seed_predicts_the_same(desk, room):
    await room.open(60, "multiclass")
    await room.truth(room.train_rows(20))
    feature = await desk.run("feature", room.project, name="t", component="tfidf")
    assert feature.state == "done", feature.error

    def train(name):
        return trained(desk, room, name, component="logistic", features=["t"], seed=3)

    first, second = await train("first"), await train("second")

    np.testing.assert_array_equal(
        await predicted(desk, room, first), await predicted(desk, room, second)
    )


async def test_a_model_says_where_it_is_from(desk, room):
    await room.open(60, "multiclass")
    await room.truth(room.train_rows(20))
    await desk.run("feature", room.project, name="t", component="tfidf")

    model = await trained(desk, room, component="logistic", features=["t"])

    made = model.provenance
    assert {"scikit-learn", "numpy"} <= set(made["packages"])
    assert made["plugin"].startswith("kodkod-sklearn ")
    assert made["kodkod"]
    assert made["python"]
    assert made["seconds"] > 0
    assert model.trained_at_seq > 0
    assert model.corpus_fingerprint == room.project.corpus_fingerprint


async def test_what_a_killed_run_began_with_is_what_the_next_one_learns_from(
    desk, room, waiting, runner, settings
):
    # Given a heavy training whose child is killed after it left a checkpoint
    await room.open(40, "multiclass")
    await room.truth(room.train_rows(8))
    job = await desk.submit(
        "train",
        room.project,
        name="m",
        scheme_id=room.scheme.id,
        component="keeper",
        params=waiting.params,
    )
    running = asyncio.create_task(asyncio.to_thread(runner.run, job.id))

    async def left():
        lines = waiting.trace.read_text().splitlines() if waiting.trace.exists() else []
        kept = settings.data_dir / "checkpoints" / job.id / "step-1"
        return lines if lines and kept.exists() else None

    lines = await desk.until(left)
    os.kill(int(lines[0].split()[0]), signal.SIGKILL)
    await running
    assert (await desk.job(job.id)).state == "queued"

    # When more is annotated meanwhile and the job is run again
    await room.truth(room.train_rows(12))
    await asyncio.to_thread(runner.run, job.id)

    # Then it found the checkpoint, learnt from what it began with, and left none behind
    done = await desk.job(job.id)
    assert done.state == "done", done.error
    assert waiting.trace.read_text().splitlines()[1].split()[1:] == ["step-1"]
    assert (await room.model("m")).n_train == 8
    assert not (settings.data_dir / "checkpoints" / job.id).exists()
