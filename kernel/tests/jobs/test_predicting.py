"""Predictions of the corpus, a split or a file: computed once, in parts, and gone on with."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import numpy as np
import polars as pl
import pytest

from kodkod.api import Span, Split
from kodkod.jobs import texts
from kodkod.store.database import now
from kodkod.store.log import LogWriter
from kodkod.store.matrices import MatrixFolder
from kodkod.store.predictions import IDS, open_predicted, open_rows
from kodkod.store.project_files import ProjectFileRow, add_project_file

from .classroom import Classroom, corpus_of, texts_of


@pytest.fixture
async def room(settings, database) -> AsyncIterator[Classroom]:
    writer = LogWriter(database, lambda _: None)
    await writer.start()
    yield Classroom(settings, database, writer)
    await writer.stop()


async def train(desk, room, component="words", **params):
    job = await desk.run(
        "train",
        room.project,
        name=component,
        scheme_id=room.scheme.id,
        component=component,
        params=params,
    )
    assert job.state == "done", job.error
    return job.id


async def predict(desk, room, model, **options):
    job = await desk.run("predict", room.project, model_id=model, **options)
    assert job.state == "done", job.error
    return job.result


def matrix(room, model):
    return np.array(MatrixFolder(room.root / "predictions" / model).open_dense())


async def give(room, name: str, content: bytes) -> str:
    folder = room.root / "files" / "f1"
    folder.mkdir(parents=True)
    (folder / name).write_bytes(content)
    async with room.database.write() as connection:
        await add_project_file(
            connection,
            ProjectFileRow(
                id="f1",
                project_id=room.project.id,
                name=name,
                bytes=len(content),
                user_id=1,
                created_at=now(),
            ),
        )
    return "f1"


async def test_what_is_predicted_is_not_computed_again_and_rows_added_later_alone_are(desk, room):
    await room.open(60, "multiclass")
    await room.truth(room.train_rows(20))
    model = await train(desk, room)

    first = await predict(desk, room, model)
    before = matrix(room, model)
    again = await predict(desk, room, model)
    await room.grow(90)
    grown = await predict(desk, room, model)

    assert [each["computed"] for each in (first, again, grown)] == [60, 0, 30]
    assert (grown["rows"], (await room.model(model)).predicted_rows) == (90, 90)
    np.testing.assert_array_equal(matrix(room, model)[:60], before)
    assert "train" in again["scores"]


async def test_damaged_predictions_are_computed_anew(desk, room):
    await room.open(60, "multiclass")
    await room.truth(room.train_rows(20))
    model = await train(desk, room)
    await predict(desk, room, model)
    before = matrix(room, model)

    (room.root / "predictions" / model / "matrix.npy").write_bytes(b"")
    again = await predict(desk, room, model)

    assert again["computed"] == 60
    np.testing.assert_array_equal(matrix(room, model), before)


async def test_a_split_is_predicted_and_scored_by_itself(desk, room):
    await room.open(60, "multiclass")
    await room.truth(room.train_rows(20))
    await room.truth([4, 9, 14])
    model = await train(desk, room)

    result = await predict(desk, room, model, on="test")

    row = await room.model(model)
    found = open_predicted(room.root, model, Split.TEST)
    assert found.rows.tolist() == list(range(4, 60, 5))
    assert (row.predicted, row.predicted_rows) == ({"test": 12}, None)
    assert (result["rows"], list(result["scores"])) == (12, ["test"])
    # And it says the same of these texts as of the complete corpus
    await predict(desk, room, model)
    np.testing.assert_allclose(found.probabilities, matrix(room, model)[found.rows], atol=1e-6)


async def test_an_empty_split_is_refused(desk, room):
    await room.open(4, "multiclass")
    await room.truth([0, 1])
    model = await train(desk, room)

    job = await desk.run("predict", room.project, model_id=model, on="test")

    assert job.state == "failed"
    assert "no texts" in job.error


async def test_a_file_is_predicted_by_texts_and_by_features(desk, room):
    await room.open(60, "multiclass")
    await room.truth(room.train_rows(20))
    feature = await desk.run("feature", room.project, name="t", component="tfidf")
    assert feature.state == "done", feature.error
    trained = await desk.run(
        "train",
        room.project,
        name="quick",
        scheme_id=room.scheme.id,
        component="logistic",
        features=["t"],
    )
    model = await train(desk, room)
    lines = "id,text\nx1,one more cat\nx2,the old dog\n"
    file = await give(room, "more.csv", lines.encode())

    for each in (model, trained.id):
        result = await predict(desk, room, each, on="file", file_id=file)
        folder = room.root / "predicted" / each / file
        names = [room.scheme.labels[i].name for i in open_rows(folder).probabilities.argmax(1)]
        assert names == ["cat", "dog"]
        assert pl.read_parquet(folder / IDS)["id"].to_list() == ["x1", "x2"]
        assert (result["computed"], result["scores"]) == (2, {})
        assert (await predict(desk, room, each, on="file", file_id=file))["computed"] == 0
    assert (await room.model(model)).predicted == {file: 2}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id,words\nx1,cat\n", "no column 'text'"),
        (b"id,text\nx1,cat\nx1,dog\n", "'x1'"),
        (b"id,text\nx1,\n", "no text"),
        (b"id,text\n", "no rows"),
    ],
)
async def test_a_file_that_cannot_be_predicted_is_refused_with_the_reason(
    desk, room, content, said
):
    await room.open(20, "multiclass")
    await room.truth([0, 1])
    model = await train(desk, room)
    file = await give(room, "more.csv", content)

    job = await desk.run("predict", room.project, model_id=model, on="file", file_id=file)

    assert job.state == "failed"
    assert said in job.error
    assert (await room.model(model)).predicted == {}


async def test_spans_lie_beside_the_probabilities_by_label_id(desk, room):
    await room.open(60, "span", labels=("cat", "dog"))
    await room.truth(room.train_rows(20))
    model = await train(desk, room, "marker")

    await predict(desk, room, model)
    await room.grow(70)
    grown = await predict(desk, room, model)

    assert grown["computed"] == 10
    stored = open_predicted(room.root, model)
    names = {room.label("cat"): "Cat", room.label("dog"): "Dog"}
    rows = np.array([0, 1, 2, 3, 65])
    assert stored.spans.values(rows, names) == [
        [Span(2, 5, "Cat")],
        [Span(4, 7, "Dog")],
        [],
        [Span(4, 7, "Cat"), Span(16, 19, "Dog")],
        [Span(4, 7, "Dog")],
    ]
    assert stored.spans.scored(rows[:1], names) == [[(Span(2, 5, "Cat"), 0.75)]]
    assert stored.spans.values(rows[1:2], {room.label("cat"): "Cat"}) == [[]]
    assert stored.probabilities[3].tolist() == [1.0, 1.0]


async def test_a_model_that_cannot_mark_passages_is_refused(desk, room):
    await room.open(20, "span", labels=("cat", "dog"))
    await room.truth([0, 1])

    job = await desk.run(
        "train", room.project, name="n", scheme_id=room.scheme.id, component="numb"
    )

    assert job.state == "failed"
    assert "cannot mark passages" in job.error


async def test_a_killed_prediction_goes_on_after_the_parts_that_are_finished(
    desk, room, runner, waiting, settings
):
    # Given a prediction of three parts, whose process is killed in the second
    n = 2 * texts.PART_TEXTS + 1_000
    await room.open(n, "multiclass")
    await room.truth(room.train_rows(20))
    whole = await train(desk, room)
    model = await train(desk, room, "gated-words", **waiting.params)
    waiting.trace.write_text("")
    job = await desk.submit("predict", room.project, model_id=model)
    running = asyncio.create_task(asyncio.to_thread(runner.run, job.id))

    async def in_the_second():
        lines = waiting.trace.read_text().splitlines()
        return lines if len(lines) == 2 else None

    lines = await desk.until(in_the_second)
    os.kill(int(lines[1].split()[3]), signal.SIGKILL)
    await running
    assert (await desk.job(job.id)).state == "queued"
    assert not (room.root / "predictions" / model).exists()

    # When it is run again
    waiting.open()
    await asyncio.to_thread(runner.run, job.id)

    # Then the first part was not computed again, and the result is as of one run
    assert (await desk.job(job.id)).state == "done"
    firsts = [int(line.split()[1]) for line in waiting.trace.read_text().splitlines()]
    assert firsts == [0, texts.PART_TEXTS, texts.PART_TEXTS, 2 * texts.PART_TEXTS]
    await predict(desk, room, whole)
    np.testing.assert_array_equal(matrix(room, model), matrix(room, whole))
    assert not (settings.data_dir / "checkpoints" / job.id).exists()


def test_parts_hold_as_many_texts_as_memory_allows(tmp_path, monkeypatch):
    monkeypatch.setattr(texts, "BATCH_ROWS", 10)
    monkeypatch.setattr(texts, "PART_TEXTS", 25)
    monkeypatch.setattr(texts, "PART_CHARACTERS", 10_000)
    frame = corpus_of(100)
    frame = frame.with_columns(text=pl.Series([*texts_of(50), *(["x" * 2_000] * 50)]))
    frame.write_parquet(tmp_path / "t.parquet", row_group_size=40)
    rows = np.arange(1_000, 1_090)

    parts = list(texts.read_parts(tmp_path / "t.parquet", rows, 5))

    assert np.concatenate([part.rows for part in parts]).tolist() == list(range(1_005, 1_090))
    assert [text for part in parts for text in part.texts] == frame["text"][5:90].to_list()
    # 5 + 10 + 10 short ones, 20 with the first long ones, and long ones by the ten
    assert [len(part) for part in parts] == [25, 30, 10, 10, 10]
