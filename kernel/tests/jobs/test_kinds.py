"""The kernel's own kinds of job on a real project: what lies on disk and in the tables after."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from kodkod.jobs.kinds.guide import GuideManifest
from kodkod.store.artefacts import list_features, list_models
from kodkod.store.corpus import write_corpus
from kodkod.store.labels import add_labels, change_label, delete_labels
from kodkod.store.matrices import MatrixFolder, read_manifest
from kodkod.store.projects import (
    change_project,
    find_project,
)

from .conftest import corpus

LENGTHS = np.array([i + 1 if i % 2 == 0 else i + 101 for i in range(40)], dtype=np.float64)


async def features_of(database, field):
    async with database.read() as connection:
        return await list_features(connection, field.project.id)


async def models_of(database, field):
    async with database.read() as connection:
        return await list_models(connection, field.project.id)


async def add_rows(database, settings, field, n):
    facts = write_corpus(field.root, corpus(n))
    async with database.write() as connection:
        await change_project(
            connection,
            field.project.id,
            n_rows=facts.n_rows,
            splits=facts.splits,
            corpus_fingerprint=facts.fingerprint,
        )
    async with database.read() as connection:
        field.project = await find_project(connection, "songs")


@pytest.fixture
async def lengths(desk, field):
    """The id of a feature: a text's length less the mean of the train split, and 1."""
    row = await desk.run("feature", field.project, name="lengths", component="lengths")
    assert row.state == "done", row.error
    return row.result["feature"]


@pytest.mark.parametrize("component", ["lengths", "heavy-lengths"])
async def test_a_feature_is_fitted_on_the_train_split_and_covers_the_corpus(
    desk, database, field, component
):
    row = await desk.run("feature", field.project, name="mine", component=component)

    assert row.state == "done", row.error
    (feature,) = await features_of(database, field)
    assert (feature.id, feature.name, feature.rows, feature.dim) == (row.id, "mine", 30, 2)
    assert feature.params == {"trace": "", "gate": ""}
    folder = field.root / "features" / feature.id
    train = np.arange(30) % 3 != 2
    expected = LENGTHS[:30] - LENGTHS[:30][train].mean()
    np.testing.assert_allclose(MatrixFolder(folder).open_dense()[:, 0], expected, rtol=1e-6)
    assert read_manifest(folder).corpus_fingerprint == field.project.corpus_fingerprint
    assert (folder / "fitted" / "mean.json").exists()


async def test_a_sparse_feature_is_written_and_read_sparse(desk, database, field):
    row = await desk.run("feature", field.project, name="letters", component="letters")

    assert row.state == "done", row.error
    matrix = MatrixFolder(field.root / "features" / row.id).open()
    assert matrix.shape == (30, 5)
    assert (await features_of(database, field))[0].sparse


async def test_a_taken_name_is_refused_and_nothing_is_left(desk, field, lengths):
    row = await desk.run("feature", field.project, name="lengths", component="lengths")

    assert row.state == "failed"
    assert "already" in row.error
    assert [folder.name for folder in (field.root / "features").iterdir()] == [lengths]


async def test_a_feature_grows_without_computing_what_is_there(
    desk, database, settings, field, tmp_path
):
    trace = tmp_path / "transformed"
    params = {"trace": str(trace)}
    made = await desk.run("feature", field.project, name="l", component="lengths", params=params)
    folder = field.root / "features" / made.id
    before = np.array(MatrixFolder(folder).open_dense())
    trace.unlink()

    await add_rows(database, settings, field, 40)
    row = await desk.run("extend-feature", field.project, feature_id=made.id)

    assert row.state == "done", row.error
    computed = [int(line.split()[0]) for line in trace.read_text().splitlines()]
    assert computed == list(range(30, 40))
    after = MatrixFolder(folder).open_dense()
    assert after.shape == (40, 2)
    np.testing.assert_array_equal(after[:30], before)
    # By what was learnt from the train split of then.
    mean = LENGTHS[:30][np.arange(30) % 3 != 2].mean()
    np.testing.assert_allclose(after[30:, 0], LENGTHS[30:] - mean, rtol=1e-6)
    assert (await features_of(database, field))[0].rows == 40
    assert read_manifest(folder).corpus_fingerprint == field.project.corpus_fingerprint


async def test_a_sparse_feature_grows(desk, database, settings, field):
    made = await desk.run("feature", field.project, name="l", component="letters")
    await add_rows(database, settings, field, 40)

    row = await desk.run("extend-feature", field.project, feature_id=made.id)

    assert row.state == "done", row.error
    assert MatrixFolder(field.root / "features" / made.id).open().shape == (40, 5)


async def test_a_model_learns_the_train_split_predicts_everything_and_is_scored(
    desk, database, settings, field, lengths, annotate
):
    seqs = await annotate([0, 1, 2, 3, 5, 8])  # 2, 5 and 8 are in the test split

    trained = await desk.run(
        "train",
        field.project,
        name="m",
        scheme_id=field.scheme.id,
        component="centroid",
        features=["lengths"],
    )
    predicted = await desk.run(
        "predict", field.project, model_id=trained.result["model"], metric="share"
    )

    assert (trained.state, predicted.state) == ("done", "done"), predicted.error
    (model,) = await models_of(database, field)
    assert (model.n_train, model.trained_at_seq, model.features) == (3, seqs[-1], [lengths])
    assert model.label_ids == [label.id for label in field.scheme.labels]
    assert (settings.models / "songs" / model.id / "fitted" / "means.npy").exists()
    probabilities = MatrixFolder(field.root / "predictions" / model.id).open_dense()
    assert probabilities.dtype == np.float32
    np.testing.assert_array_equal(probabilities.argmax(axis=1), np.arange(30) % 2)
    assert model.predicted_rows == 30
    assert {split: report["n"] for split, report in model.scores.items()} == {"train": 3, "test": 3}
    assert model.scores["test"]["overall"]["accuracy"]["value"] == 1.0
    assert predicted.result == {
        "model": model.id,
        "on": "complete",
        "rows": 30,
        "computed": 30,
        "scores": model.scores,
    }


async def test_a_model_reads_texts_where_its_spec_says_so(desk, field, annotate):
    await annotate([0, 1, 3, 4])
    params = {"name": "m", "scheme_id": field.scheme.id, "component": "by-length"}

    trained = await desk.run("train", field.project, **params)
    predicted = await desk.run("predict", field.project, model_id=trained.id, metric="share")

    assert predicted.state == "done", predicted.error
    probabilities = MatrixFolder(field.root / "predictions" / trained.id).open_dense()
    np.testing.assert_array_equal(probabilities.argmax(axis=1), np.arange(30) % 2)


async def test_scoring_again_hears_of_new_annotations_and_changed_labels(
    desk, database, field, lengths, annotate
):
    await annotate([0, 1, 2])
    params = {"scheme_id": field.scheme.id, "component": "centroid", "features": [lengths]}
    trained = await desk.run("train", field.project, name="m", **params)
    await desk.run("predict", field.project, model_id=trained.id, metric="share")
    short = field.scheme.labels[0]

    await annotate([5, 8])
    async with database.write() as connection:
        await add_labels(connection, field.scheme.id, [("new", None, "")])
        await change_label(connection, short.id, name="brief", position=5)
    scored = await desk.run("score", field.project, model_id=trained.id, metric="share")

    assert scored.state == "done", scored.error
    report = scored.result["scores"]["test"]
    assert report["labels"] == ["long", "new", "brief"]
    assert (report["n"], report["overall"]["accuracy"]["value"]) == (3, 1.0)


async def test_training_without_annotations_fails_with_advice(desk, field, lengths):
    row = await desk.run(
        "train",
        field.project,
        name="m",
        scheme_id=field.scheme.id,
        component="centroid",
        features=[lengths],
    )

    assert row.state == "failed"
    assert "'size'" in row.error
    assert "annotated" in row.error


async def refresh(desk, field):
    return await desk.run(
        "guide",
        field.project,
        scheme_id=field.scheme.id,
        model="centroid",
        features=["lengths"],
    )


async def test_a_guide_waits_for_two_labels_then_publishes_version_by_version(
    desk, field, lengths, annotate
):
    await annotate([0, 4, 2, 5])  # 2 and 5 are in the test split, so only one label counts
    waiting = await refresh(desk, field)
    assert (waiting.state, waiting.result["state"]) == ("done", "waiting")
    assert "two different labels" in waiting.result["message"]

    for n, rows in enumerate(([1], [3], [7]), start=1):
        seqs = await annotate(rows)
        row = await refresh(desk, field)
        assert row.state == "done", row.error
        assert row.result["state"] == "fresh"
        assert row.result["version"] == n
        assert row.result["trained_at_seq"] == seqs[-1]
        assert row.result["n_train"] == 2 + n

    folder = Path(row.result["folder"])
    there = sorted(each.name for each in folder.parent.iterdir())
    assert there == ["2", "3", "beliefs.jsonl"]
    manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=GuideManifest)
    assert manifest.label_ids == [label.id for label in field.scheme.labels]
    assert (manifest.rows, manifest.n_train, manifest.version) == (30, 5, 3)
    probabilities = np.load(folder / "probabilities.npy", mmap_mode="r")
    np.testing.assert_array_equal(probabilities.argmax(axis=1), np.arange(30) % 2)


async def test_a_guide_hears_of_labels_that_were_deleted_meanwhile(
    desk, database, field, lengths, annotate
):
    await annotate([0, 1])
    assert (await refresh(desk, field)).result["state"] == "fresh"

    async with database.write() as connection:
        await delete_labels(connection, [field.scheme.labels[1].id])

    assert (await refresh(desk, field)).result["state"] == "waiting"


async def test_a_second_run_after_a_death_changes_nothing(desk, database, field, lengths, runner):
    from kodkod.store.tables import job

    async with database.write() as connection:
        await connection.execute(
            job.update().where(job.c.id == lengths).values(state="queued", finished_at=None)
        )
    import asyncio

    await asyncio.to_thread(runner.run, lengths)

    row = await desk.job(lengths)
    assert (row.state, row.result) == ("done", {"feature": lengths})
    assert len(await features_of(database, field)) == 1
