"""The job that simulates, on a real project: what lies on disk after, and how it ends."""

from __future__ import annotations

import asyncio
import time

import msgspec
import pytest

from annotated_project import FEATURE, annotate, lay_project
from kodkod.simulation.report import SimulationInfo, SimulationReport

SECONDS = 2.0
PLAN = {
    "strategies": [
        {"name": "breaking-ties"},
        {"name": "varied", "params": {"base": "max-entropy"}},
    ],
    "start": 10,
    "batch": 10,
    "rounds": 2,
    "seeds": 2,
    "target": 0.5,
}


@pytest.fixture
async def planted(settings, database):
    project, scheme = await lay_project(settings, database, 260, n_test=110)
    await annotate(database, project, scheme, range(240))
    return project, scheme


def params(scheme, **plan):
    return {"scheme_id": scheme.id, "features": [FEATURE], "name": "t", "plan": PLAN | plan}


def read(settings, project, row, type_=SimulationReport):
    folder = settings.projects / project.slug / "simulations" / row.id
    return msgspec.json.decode((folder / "report.json").read_bytes(), type=type_)


async def test_a_simulation_is_written_whole_and_tests_on_the_test_split_if_it_is_annotated(
    desk, database, settings, planted
):
    project, scheme = planted
    row = await desk.run("simulate", project, **params(scheme))

    assert row.state == "done", row.error
    assert row.result == {"simulation": row.id}
    home = settings.projects / project.slug / "simulations"
    assert [folder.name for folder in home.iterdir()] == [row.id]
    names = sorted(file.name for file in (home / row.id).iterdir())
    assert names == ["curves.png", "curves.svg", "report.json"]
    assert (home / row.id / "curves.png").read_bytes().startswith(b"\x89PNG")
    report = read(settings, project, row)
    # 90 texts of the test split are annotated: too few, so that a share of all is tested on.
    assert (report.n_rows, report.n_test, report.rounds) == (240, 72, 2)
    assert [each.name for each in report.strategies] == ["random", "breaking-ties", "varied"]
    assert report.strategies[2].params["base"] == "max-entropy"
    assert report.whole.value > 0.8
    # A list shows the same without the curves.
    assert read(settings, project, row, SimulationInfo).strategies[1].gain is not None

    await annotate(database, project, scheme, range(240, 255))
    row = await desk.run("simulate", project, **params(scheme, seeds=1, rounds=1))

    assert row.state == "done", row.error
    report = read(settings, project, row)
    assert (report.n_rows, report.n_test) == (255, 105)
    assert "One seed has no interval" in row.log


async def test_too_few_annotations_are_counted_in_the_error(desk, planted):
    project, scheme = planted
    row = await desk.run("simulate", project, **params(scheme, start=200, batch=100))
    assert row.state == "failed"
    assert "at least 300" in row.error
    assert "20 to test on" in row.error


async def test_a_cancelled_simulation_stops_within_two_seconds_and_leaves_nothing(
    desk, settings, planted, start_worker
):
    project, scheme = planted
    worker = start_worker()
    row = await desk.submit("simulate", project, **params(scheme, seeds=50, rounds=10))

    # The child imports what it learns with first, which a busy machine takes its time for.
    async with asyncio.timeout(120):
        while "seed" not in (await desk.job(row.id)).message:
            await asyncio.sleep(0.02)
    began = time.monotonic()
    await desk.dispatcher.cancel(row.id)
    ended = await desk.reaches(row.id, "cancelled", "done", "failed")

    assert (ended.state, time.monotonic() - began < SECONDS) == ("cancelled", True)
    assert worker.poll() is None
    home = settings.projects / project.slug / "simulations"
    assert not home.exists() or list(home.iterdir()) == []
