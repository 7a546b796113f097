"""Dense features of many rows get an index by themselves, and it follows them."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from kodkod.jobs.indexer import Indexer
from kodkod.store.artefacts import delete_feature
from kodkod.store.events import read_events
from kodkod.store.jobs import list_jobs
from kodkod.store.matrices import MatrixFolder
from kodkod.store.neighbours import OpenNeighbours, indexed_rows

from .test_kinds import add_rows


@pytest.fixture(autouse=True)
def thirty_are_many(monkeypatch):
    monkeypatch.setattr("kodkod.store.neighbours.INDEXED_FROM", 30)
    monkeypatch.setattr("kodkod.jobs.indexer.INDEXED_FROM", 30)


class Office:
    """Hears events as the server does, and runs what is queued."""

    def __init__(self, indexer, desk, field):
        self.indexer, self.desk, self.field = indexer, desk, field
        self.heard = 0

    async def hear(self, times=1):
        async with self.desk.database.read() as connection:
            events = await read_events(connection, after=self.heard)
        for event in events:
            self.heard = event.id
            for _ in range(times):
                if self.indexer.concerns(event):
                    await self.indexer.heard(event)

    async def queued(self):
        async with self.desk.database.read() as connection:
            rows = await list_jobs(connection, states=("queued",), limit=10)
        return [row for row in rows if row.kind == "index"]

    async def run(self):
        for row in await self.queued():
            await asyncio.to_thread(self.desk.runner.run, row.id)
            done = await self.desk.job(row.id)
            assert done.state == "done", done.error
            yield done

    async def run_all(self):
        return [row async for row in self.run()]

    def folder(self, feature_id):
        return self.field.root / "features" / feature_id


@pytest.fixture
def office(settings, database, dispatcher, desk, field):
    return Office(Indexer(settings, database, dispatcher), desk, field)


async def made(office, component="lengths"):
    row = await office.desk.run("feature", office.field.project, name="f", component=component)
    assert row.state == "done", row.error
    return row.result["feature"]


async def test_a_feature_is_indexed_when_it_was_made(office):
    feature = await made(office)

    # Of two servers that hear of it one has it done.
    await office.hear(times=2)
    (job,) = await office.run_all()

    assert (job.user_id, job.queue, job.lock_key) == (0, "cpu", f"index:{feature}")
    assert job.result == {"feature": feature, "rows": 30}
    assert indexed_rows(office.folder(feature)) == 30
    # Of that job they hear too, and have nothing to do.
    await office.hear()
    assert await office.queued() == []


async def test_an_index_that_takes_long_is_made_by_one_job_after_another(office, monkeypatch):
    # Given time for twelve vectors in each job
    monkeypatch.setattr("kodkod.store.neighbours._AT_ONCE", 12)
    monkeypatch.setattr("kodkod.jobs.kinds.index._SLICE_SECONDS", 1e-9)
    feature = await made(office)
    covered = []
    for _ in range(3):
        await office.hear()
        (job,) = await office.run_all()
        covered.append(job.result["rows"])
        # What is there of it so far is not used.
        near = OpenNeighbours().of(office.folder(feature))
        assert (near is None) == (covered[-1] < 27)
    assert covered == [12, 24, 30]
    await office.hear()
    assert await office.queued() == []


async def test_the_index_follows_new_rows_without_indexing_what_is_there(
    office, database, settings
):
    feature = await made(office)
    await office.hear()
    await office.run_all()
    before = (office.folder(feature) / "neighbours.usearch").stat().st_ino

    await add_rows(database, settings, office.field, 40)
    await office.desk.run("extend-feature", office.field.project, feature_id=feature)

    # The extended feature began with the index that was there
    folder = office.folder(feature)
    assert (folder / "neighbours.usearch").stat().st_ino == before
    assert indexed_rows(folder) == 30

    await office.hear()
    (job,) = await office.run_all()
    assert job.result["rows"] == 40
    found = OpenNeighbours().of(folder).near(np.array(MatrixFolder(folder).open_dense()), 40)
    assert (np.sort(found, axis=1) == np.arange(40)).all()


async def test_rows_that_come_while_it_is_made_are_indexed_after_it(office, database, settings):
    # Given an index job that has done its work, when an extension is heard of while it runs
    feature = await made(office)
    await office.hear()
    (job,) = await office.queued()
    await add_rows(database, settings, office.field, 40)
    await office.desk.run("extend-feature", office.field.project, feature_id=feature)
    await office.hear()
    assert [row.id for row in await office.queued()] == [job.id]

    # Then that one takes up the new rows
    await office.run_all()
    assert indexed_rows(office.folder(feature)) == 40


async def test_what_was_missed_is_made_up_for_at_the_start(office):
    feature = await made(office)
    await office.indexer.catch_up()
    await office.indexer.catch_up()
    await office.run_all()
    assert indexed_rows(office.folder(feature)) == 30

    # A damaged one is made again.
    (office.folder(feature) / "neighbours.usearch").write_bytes(b"damaged")
    await office.indexer.catch_up()
    assert len(await office.run_all()) == 1
    assert indexed_rows(office.folder(feature)) == 30


@pytest.mark.parametrize(("component", "many"), [("letters", 30), ("lengths", 31)])
async def test_sparse_features_and_small_ones_are_not_indexed(office, monkeypatch, component, many):
    monkeypatch.setattr("kodkod.store.neighbours.INDEXED_FROM", many)
    feature = await made(office, component)

    await office.hear()
    await office.indexer.catch_up()
    assert await office.queued() == []
    # Who asks for it nevertheless gets none.
    row = await office.desk.run("index", office.field.project, feature_id=feature)
    assert (row.state, row.result) == ("done", {"feature": feature, "rows": 0})
    assert not (office.folder(feature) / "neighbours.usearch").exists()


async def test_a_feature_that_was_deleted_meanwhile_has_none(office, database):
    feature = await made(office)
    await office.hear()
    (job,) = await office.queued()
    async with database.write() as connection:
        await delete_feature(connection, feature)

    await asyncio.to_thread(office.desk.runner.run, job.id)

    assert (await office.desk.job(job.id)).state == "failed"
    await office.hear()
    await office.indexer.catch_up()
    assert await office.queued() == []


async def test_what_a_killed_run_left_is_cleared_away(office):
    feature = await made(office)
    aside = office.folder(feature) / ".neighbours.usearch.0123abcd"
    aside.write_bytes(b"half")

    await office.hear()
    await office.run_all()

    assert not aside.exists()
    assert indexed_rows(office.folder(feature)) == 30
