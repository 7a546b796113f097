"""A large file becomes a project in a worker."""

from __future__ import annotations

import asyncio

import pytest

from kodkod.store.corpus import read_corpus
from kodkod.store.projects import list_projects
from kodkod.store.tables import job

CONFIG = {"name": "Songs", "text_columns": ["line"]}


@pytest.fixture
def upload(settings, database):
    path = settings.data_dir / "uploads" / "ab12"
    path.parent.mkdir()
    path.write_text("one\ntwo\nthree\n")
    return path


async def projects(database):
    async with database.read() as connection:
        return [project for project, _ in await list_projects(connection, user_id=1)]


async def test_a_file_becomes_a_project_of_its_user_s(desk, database, settings, upload):
    row = await desk.run("import", upload="ab12", filename="x.lines", config=CONFIG)

    assert row.state == "done", row.error
    (project,) = await projects(database)
    assert row.result == {"project": project.slug}
    assert (project.name, project.created_by, project.n_rows) == ("Songs", "ana", 3)
    assert read_corpus(settings.projects / project.slug)["text"].to_list() == [
        "one",
        "two",
        "three",
    ]
    assert not upload.exists()


async def test_a_file_that_cannot_be_read_leaves_nothing(desk, database, settings, upload):
    upload.write_text("")

    row = await desk.run("import", upload="ab12", filename="x.lines", config=CONFIG)

    assert (row.state, row.error) == ("failed", "The file is empty; choose another.")
    assert await projects(database) == []
    assert not upload.exists()


async def test_a_second_run_after_a_death_makes_no_second_project(desk, database, runner, upload):
    row = await desk.run("import", upload="ab12", filename="x.lines", config=CONFIG)
    async with database.write() as connection:
        await connection.execute(job.update().values(state="queued", finished_at=None))

    await asyncio.to_thread(runner.run, row.id)

    again = await desk.job(row.id)
    assert (again.state, again.attempts, again.result) == ("done", 2, row.result)
    assert len(await projects(database)) == 1
