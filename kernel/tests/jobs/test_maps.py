"""Projections and topics on a real project: what lies on disk and in the tables after."""

from __future__ import annotations

import numpy as np
import pytest

from kodkod.api import InvalidInputError
from kodkod.jobs.map_follower import MapFollower
from kodkod.jobs.places import ProjectPlaces
from kodkod.jobs.remains import sweep_remains
from kodkod.jobs.stored_artefacts import StoredArtefacts
from kodkod.project.maps import open_map
from kodkod.store.artefacts import delete_feature
from kodkod.store.corpus import write_corpus
from kodkod.store.files import whole_folder
from kodkod.store.jobs import list_jobs
from kodkod.store.matrices import MatrixFolder, read_manifest
from kodkod.store.projections import list_projections
from kodkod.store.projects import change_project, find_project
from kodkod.store.topic_versions import read_assigned, read_version
from kodkod.store.topics import list_topics

from .conftest import corpus


async def add_rows(database, field, n):
    facts = write_corpus(field.root, corpus(n))
    values = {
        "n_rows": facts.n_rows,
        "splits": facts.splits,
        "corpus_fingerprint": facts.fingerprint,
    }
    await database.change(change_project, field.project.id, **values)
    async with database.read() as connection:
        field.project = await find_project(connection, "songs")


@pytest.fixture
async def lengths(desk, field):
    """The id of a feature: a text's length less the mean of the train split, and 1."""
    row = await desk.run("feature", field.project, name="lengths", component="lengths")
    assert row.state == "done", row.error
    return row.result["feature"]


async def run(desk, kind, field, **params):
    row = await desk.run(kind, field.project, **params)
    assert row.state == "done", row.error
    return row


async def the_map(desk, field):
    async with desk.database.read() as connection:
        (row,) = await list_projections(connection, field.project.id)
    return row, open_map(field.root, row)


async def the_topics(desk, field):
    async with desk.database.read() as connection:
        (row,) = await list_topics(connection, field.project.id)
    folder = field.root / "topics" / row.id
    return row, read_assigned(folder / "states" / str(read_version(folder, row.version).state))


@pytest.mark.parametrize("split", [None, "test"])
async def test_a_map_has_a_point_for_each_row_and_follows_new_ones(desk, field, lengths, split):
    # Given a map of the corpus, or of a split
    row = await run(
        desk, "projection", field, name="m", feature_id=lengths, component="line", split=split
    )
    made, there = await the_map(desk, field)
    assert (made.id, made.rows, made.split, made.params) == (row.id, 30, split, {})
    vectors = MatrixFolder(field.root / "features" / lengths).open_dense()
    rows = np.arange(30) if split is None else np.arange(2, 30, 3)
    expected = vectors[rows, 0] - vectors[rows, 0].mean()
    np.testing.assert_allclose(there.points[:, 0], expected, rtol=1e-5, atol=1e-5)
    assert split is None or there.rows.tolist() == rows.tolist()
    before = np.array(there.points)

    # When rows are added, and the feature is extended
    await add_rows(desk.database, field, 40)
    await run(desk, "extend-feature", field, feature_id=lengths)
    await run(desk, "extend-projection", field, projection_id=row.id)

    # Then what was there stays where it was, and the new rows are placed as they say
    made, there = await the_map(desk, field)
    assert made.rows == 40
    np.testing.assert_array_equal(there.points[: len(before)], before)
    rows = np.arange(40) if split is None else np.arange(2, 40, 3)
    assert len(there.points) == len(rows)
    assert set(there.points[len(before) :, 1].tolist()) == {2.0}
    assert split is None or there.rows.tolist() == rows.tolist()
    folder = field.root / "projections" / row.id
    assert read_manifest(folder).corpus_fingerprint == field.project.corpus_fingerprint
    # and running it once more does nothing
    await run(desk, "extend-projection", field, projection_id=row.id)
    assert len((await the_map(desk, field))[1].points) == len(rows)


async def test_a_sparse_feature_has_a_map_of_a_split(desk, field):
    made = await run(desk, "feature", field, name="letters", component="letters")
    feature = made.result["feature"]
    await run(
        desk, "projection", field, name="m", feature_id=feature, component="line", split="train"
    )
    assert len((await the_map(desk, field))[1].points) == 20


async def test_a_name_that_is_taken_and_a_feature_that_is_gone_are_refused(desk, field, lengths):
    params = {"name": "m", "feature_id": lengths, "component": "line"}
    await run(desk, "projection", field, **params)

    row = await desk.run("projection", field.project, **params)
    assert row.state == "failed"
    assert "already" in row.error
    await desk.database.change(delete_feature, lengths)
    row = await desk.run("projection", field.project, **{**params, "name": "other"})
    assert row.state == "failed"
    assert "deleted" in row.error
    assert len(list((field.root / "projections").iterdir())) == 1


async def test_topics_are_merged_split_and_extended_and_every_version_is_kept(
    desk, field, lengths, workspace
):
    # Given topics
    made = await run(desk, "topics", field, name="t", feature_id=lengths, component="letter")
    row, assigned = await the_topics(desk, field)
    assert (row.id, row.version, row.rows, row.found.outliers) == (made.id, 1, 30, 1)
    sizes = {topic.id: topic.size for topic in row.found.topics}
    assert sizes == {0: 14, 1: 15}

    # When one is split, what is in none is taken up, and two are merged
    async def change(op, ids=()):
        before, _ = await the_topics(desk, field)
        params = {"topics_id": row.id, "version": before.version, "op": op, "ids": list(ids)}
        await run(desk, "topic-operation", field, **params)
        after, assigned = await the_topics(desk, field)
        there = {topic.id: topic.size for topic in after.found.topics}
        counted = {id_: int((assigned == id_).sum()) for id_ in there}
        assert there == counted
        assert after.found.outliers == int((assigned == -1).sum())
        return there

    assert await change("split", [1]) == {0: 14, 1: 8, 2: 7}
    assert await change("reduce-outliers") == {0: 15, 1: 8, 2: 7}
    assert await change("merge", [0, 2]) == {0: 22, 1: 8}

    # Then each version is as it was, and says what it was made of
    folder = field.root / "topics" / row.id
    versions = [read_version(folder, number) for number in (1, 2, 3, 4)]
    assert [each.operation for each in versions] == ["found", "split", "reduce-outliers", "merge"]
    assert [each.parent for each in versions] == [0, 1, 2, 3]
    np.testing.assert_array_equal(read_assigned(folder / "states" / "1"), assigned)

    # And rows that are added are given topics, and others keep theirs
    _, before = await the_topics(desk, field)
    before = np.array(before)
    await add_rows(desk.database, field, 40)
    await run(desk, "extend-feature", field, feature_id=lengths)
    await run(desk, "extend-topics", field, topics_id=row.id)
    row, assigned = await the_topics(desk, field)
    assert (row.rows, len(assigned), row.version) == (40, 40, 5)
    np.testing.assert_array_equal(assigned[:30], before)
    assert sum(topic.size for topic in row.found.topics) + row.found.outliers == 40
    await run(desk, "extend-topics", field, topics_id=row.id)
    assert (await the_topics(desk, field))[0].version == 5

    # And a component may read them
    found = StoredArtefacts(workspace, field.project).topics("t")
    assert (found.id, found.component, len(found.assigned)) == (row.id, "letter", 40)
    assert found.vectors.shape == (40, 2)
    assert (found.folder / "sizes.json").exists()
    with pytest.raises(InvalidInputError, match="choose among t"):
        StoredArtefacts(workspace, field.project).topics("other")


async def test_an_operation_on_what_was_changed_meanwhile_is_refused(desk, field, lengths):
    made = await run(desk, "topics", field, name="t", feature_id=lengths, component="letter")
    params = {"topics_id": made.id, "version": 1, "op": "split", "ids": [0]}
    await run(desk, "topic-operation", field, **params)

    row = await desk.run("topic-operation", field.project, **params)

    assert row.state == "failed"
    assert "meanwhile" in row.error
    assert (await the_topics(desk, field))[0].version == 2


async def test_what_is_behind_its_feature_is_queued_once(desk, field, lengths):
    # Given a map and topics, and a feature that was extended
    params = {"feature_id": lengths, "name": "m"}
    await run(desk, "projection", field, component="line", **params)
    await run(desk, "topics", field, component="letter", **params)
    follower = MapFollower(desk.database, desk.dispatcher)
    await follower.catch_up()
    await add_rows(desk.database, field, 40)
    await run(desk, "extend-feature", field, feature_id=lengths)

    # When that is heard of, twice
    await follower.catch_up()
    await follower.catch_up()

    # Then one job each is queued
    async with desk.database.read() as connection:
        queued = await list_jobs(connection, states=("queued",))
    assert sorted(row.kind for row in queued) == ["extend-projection", "extend-topics"]


async def test_what_a_killed_run_left_of_a_map_or_topics_is_swept(desk, field, settings):
    places = ProjectPlaces.of(settings, field.project.slug)
    failed = await desk.run("fail", field.project)
    for place in (places.projection(failed.id), places.topics(failed.id)):
        with whole_folder(place) as aside:
            (aside / "file").write_text("")
    half = [
        places.root / "projections" / ".m.0123abcd",
        places.root / "topics" / ".t.0123abcd",
        places.topics("kept") / "states" / ".2.0123abcd",
    ]
    for folder in half:
        folder.mkdir(parents=True)

    await sweep_remains(settings, desk.database)

    assert not places.projection(failed.id).exists()
    assert not places.topics(failed.id).exists()
    assert not any(folder.exists() for folder in half)
    assert (places.topics("kept") / "states").exists()
