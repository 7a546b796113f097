"""What killed runs left is swept; what runs now, and what is whole, is not touched."""

from __future__ import annotations

import os
import time

import pytest

from kodkod.jobs.places import ProjectPlaces
from kodkod.jobs.remains import sweep_remains
from kodkod.store.artefacts import FeatureRow, add_feature
from kodkod.store.database import now
from kodkod.store.files import aside_folder, whole_folder
from kodkod.store.jobs import claim_job
from kodkod.store.project_files import ProjectFileRow, add_project_file


@pytest.fixture
def places(field, settings):
    return ProjectPlaces.of(settings, field.project.slug)


def left_aside(path):
    """Leave what a run does that is killed while it writes `path`."""
    with aside_folder(path) as aside:
        kept = aside.with_name(aside.name[:-8] + "0123abcd")
        kept.mkdir()
    return kept


def made(path):
    with whole_folder(path) as aside:
        (aside / "manifest.json").write_text("{}")
    return path


async def test_what_is_half_written_is_swept_once_no_job_of_the_project_runs(
    desk, field, settings, places
):
    # Given what runs left in every place, and a job that runs in the project
    left = [
        left_aside(path)
        for path in (
            places.feature("a1"),
            places.predictions("m1"),
            places.guide(1) / "7",
            places.guide(2),
            places.model("m2"),
        )
    ]
    whole = [made(places.feature("b1")), made(places.guide(1) / "6"), made(places.model("m3"))]
    row = await desk.submit("sum", field.project, numbers=[1])
    await desk.database.change(claim_job, row.id, "somebody")

    # When remains are swept
    await sweep_remains(settings, desk.database)

    # Then they are left while it runs, and no longer
    assert all(path.exists() for path in left)
    await desk.dispatcher.worker_died("somebody")
    await sweep_remains(settings, desk.database)
    assert not any(path.exists() for path in left)
    assert all(path.exists() for path in whole)


async def test_what_an_ended_job_made_and_nobody_registered_is_swept(desk, field, settings, places):
    # Given jobs that ended between their files and their row, or after both, or not yet
    failed = await desk.run("fail", field.project)
    cancelled = await desk.submit("sum", field.project, numbers=[1])
    await desk.dispatcher.cancel(cancelled.id)
    queued = await desk.submit("sum", field.project, numbers=[1])
    registered = await desk.run("fail", field.project)
    feature = FeatureRow(
        id=registered.id,
        project_id=field.project.id,
        name="kept",
        component="lengths",
        params={},
        dim=1,
        rows=1,
        sparse=False,
        created_at=now(),
    )
    await desk.database.change(add_feature, feature)
    swept = [made(places.feature(failed.id)), made(places.model(cancelled.id))]
    kept = [made(places.feature(each.id)) for each in (queued, registered)]
    kept.append(made(places.feature("of-no-job")))

    # When remains are swept
    await sweep_remains(settings, desk.database)

    # Then only what nobody will ever claim is gone
    assert not any(path.exists() for path in swept)
    assert all(path.exists() for path in kept)


async def test_what_a_project_was_to_become_is_swept_after_an_hour(desk, settings):
    # Given two imports that were killed, one of them long ago, and a server that was
    settings.projects.mkdir()
    new, old = left_aside(settings.projects / "new"), left_aside(settings.projects / "old")
    corpus = settings.projects / "songs" / ".complete.parquet.0123abcd"
    corpus.parent.mkdir()
    corpus.touch()
    then = time.time() - 2 * 3600
    for path in (old, corpus):
        os.utime(path, (then, then))

    # When remains are swept
    await sweep_remains(settings, desk.database)

    # Then the old one is gone, and the part of a corpus
    assert (new.exists(), old.exists(), corpus.exists()) == (True, False, False)


async def test_a_file_that_nobody_can_find_any_more_is_swept_after_an_hour(
    desk, field, settings, places
):
    # Given files of a project: one with its row, one that was just sent, and one that is forgotten
    kept, fresh, old = (made(places.file(name)) for name in ("kept", "fresh", "old"))
    row = ProjectFileRow(
        id="kept", project_id=field.project.id, name="a", bytes=2, user_id=1, created_at=now()
    )
    async with desk.database.write() as connection:
        await add_project_file(connection, row)
    before = time.time() - 7_200
    for folder in (kept, old):
        os.utime(folder, (before, before))

    await sweep_remains(settings, desk.database)

    assert [folder.exists() for folder in (kept, fresh, old)] == [True, True, False]
