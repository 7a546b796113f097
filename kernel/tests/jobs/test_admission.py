"""Before a job is queued: how many may wait, where it goes, what it is likely to take."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest

from kodkod.api import ConflictError, Energy, NotFoundError
from kodkod.jobs.admission import Admission
from kodkod.jobs.dispatcher import Dispatcher
from kodkod.jobs.lost_messages import LostMessages
from kodkod.store.database import now
from kodkod.store.energy import add_energy, spent_wh, sum_energy
from kodkod.store.jobs import purge_jobs
from kodkod.store.projects import change_project, delete_project, project_with_id
from kodkod.store.tables import job
from kodkod.store.workers import WorkerRow, forget_worker, list_workers, note_worker, queues_served


def worker(name: str, queue: str) -> WorkerRow:
    return WorkerRow(
        name=name,
        host="here",
        pid=1,
        queue=queue,
        card=None,
        master="m",
        restarts=0,
        job_id=None,
        rss_mb=1,
        cards=[],
        started_at=now(),
        heartbeat_at=now(),
    )


# -- the queue ------------------------------------------------------------------------------


async def test_a_users_queue_is_bounded_however_fast_they_send(
    settings, database, broker, registry, desk
):
    bounded = Dispatcher(
        msgspec.structs.replace(settings, max_queued=3), database, broker, registry
    )

    def send(user):
        return bounded.submit("sum", {"numbers": [1]}, user_id=user, username="ana", project=None)

    sent = await asyncio.gather(*(send(1) for _ in range(8)), return_exceptions=True)

    refused = [each for each in sent if isinstance(each, ConflictError)]
    assert len(refused) == 5
    assert "max_queued" in refused[0].message
    assert (await desk.job(refused[0].job)).state == "queued"
    # Somebody else's jobs are somebody else's, and one that has run makes room.
    await send(0)
    first = next(each for each in sent if not isinstance(each, ConflictError))
    await asyncio.to_thread(desk.runner.run, first.id)
    await send(1)
    await bounded.stop()


async def test_the_job_that_stands_in_the_way_is_named(desk, field, waiting):
    first = await desk.submit("wait", field.project, **waiting.params)

    with pytest.raises(ConflictError) as refused:
        await desk.submit("wait", field.project, **waiting.params)

    assert refused.value.job == first.id


async def test_a_job_for_a_card_goes_to_processors_where_no_worker_has_one(desk, database):
    async def submit():
        return await desk.dispatcher.submit(
            "sum", {"numbers": [1]}, user_id=1, username="ana", project=None, gpu=True
        )

    assert (await submit()).queue == "cpu"
    await database.change(note_worker, worker("w", "gpu"))
    waits = await submit()
    assert waits.queue == "gpu"

    # When that worker is gone and another is there for processors
    await database.change(forget_worker, "w")
    await database.change(note_worker, worker("v", "cpu"))
    await desk.dispatcher.recover()

    # Then the job that waits for it is moved, and its message with it
    moved = await desk.job(waits.id)
    assert (moved.queue, moved.state) == ("cpu", "queued")
    assert "no worker for gpu" in moved.message
    assert (await desk.events(waits.id))[-1].data["queue"] == "cpu"


async def test_a_worker_is_known_while_it_lives(desk, database, start_worker):
    process = start_worker("--name", "alive")

    async def rows():
        async with database.read() as connection:
            return await list_workers(connection)

    (row,) = await desk.until(rows)
    assert (row.name, row.pid, row.queue, row.alive) == ("alive", process.pid, "cpu", True)
    async with database.read() as connection:
        assert await queues_served(connection) == {"cpu"}

    process.terminate()
    assert await asyncio.to_thread(process.wait, 20) == 0
    assert await rows() == []


def test_a_queue_is_short_only_when_seen_so_twice():
    lost = LostMessages()

    assert lost.short({"cpu": 2}, {"cpu": 1}) == []
    assert lost.short({"cpu": 2}, {"cpu": 2}) == []
    assert lost.short({"cpu": 2, "live": 1}, {"cpu": 0, "live": 1}) == []
    assert lost.short({"cpu": 2}, {}) == ["cpu"]
    assert lost.short({"cpu": 2}, {"cpu": 2}) == []


# -- energy ---------------------------------------------------------------------------------


def account(wh: float, measured: tuple[str, ...] = ()) -> Energy:
    parts = {"cpu_wh": wh * 0.75, "ram_wh": wh * 0.25}
    return Energy(**parts, g_co2e=wh / 10, g_per_kwh=100, mix="own", measured=measured)


async def spend(desk, database, project, wh, *, rows=None, kind="sum", state="done", subject=""):
    row = await desk.submit(kind, project, numbers=[1])
    row = msgspec.structs.replace(row, subject=subject, kind=kind)
    await database.change(
        add_energy,
        row,
        account(wh, ("cpu",)),
        state=state,
        seconds=wh * 10,
        project_slug=project.slug,
        rows=rows,
    )


async def test_the_ledger_adds_up_and_outlives_its_project(desk, database, field):
    await spend(desk, database, field.project, 1.0, subject="a")
    await spend(desk, database, field.project, 3.0, subject="b")

    async with database.read() as connection:
        assert await spent_wh(connection, field.project.id) == 4.0
        by_subject = await sum_energy(connection, "subject", project_id=field.project.id)
        (today,) = await sum_energy(connection, "day")
    assert [(each.key, each.wh, each.jobs) for each in by_subject] == [("b", 3.0, 1), ("a", 1.0, 1)]
    assert (today.key, today.wh, today.measured_wh) == (now().date().isoformat(), 4.0, 3.0)

    await database.change(delete_project, field.project.id)

    async with database.read() as connection:
        (gone,) = await sum_energy(connection, "project")
    assert (gone.key, gone.wh) == ("songs", 4.0)


async def test_what_is_expected_is_the_median_of_like_jobs_that_were_done(
    desk, database, field, registry
):
    admission = Admission(database, registry)
    assert await admission.expected("sum", "", field.project) is None
    for wh in (1.0, 2.0, 9.0):
        await spend(desk, database, field.project, wh)
    await spend(desk, database, field.project, 100.0, state="failed")
    await spend(desk, database, field.project, 100.0, subject="another")

    found = await admission.expected("sum", "", field.project)

    assert (found.based_on, found.wh, found.seconds) == (3, 2.0, 20.0)
    assert (found.wh_low, found.wh_high, found.scaled) == (1.0, 9.0, False)


async def test_what_goes_with_the_rows_is_expected_in_proportion(desk, database, field, registry):
    row = await desk.submit("sum", field.project, numbers=[1])
    row = msgspec.structs.replace(row, kind="feature", subject="lengths")
    await database.change(
        add_energy, row, account(1.0), state="done", seconds=1.0, project_slug="x", rows=10
    )

    found = await Admission(database, registry).expected("feature", "lengths", field.project)

    assert field.project.n_rows == 30
    assert (found.wh, found.seconds, found.scaled) == (3.0, 3.0, True)


async def test_a_budget_is_seen_before_a_job_starts(desk, database, field, registry):
    await spend(desk, database, field.project, 5.0)
    await database.change(change_project, field.project.id, budget={"wh": 4.0, "refuse": True})
    async with database.read() as connection:
        project = await project_with_id(connection, field.project.id)

    standing = await Admission(database, registry).standing(project, None)

    assert (standing.spent_wh, standing.budget_wh, standing.refuse) == (5.0, 4.0, True)
    with pytest.raises(ConflictError, match="budget"):
        await desk.submit("wait", project, trace="", gate="")
    # What only warns lets the job through, and says so with it.
    warned = msgspec.structs.replace(project, budget={"wh": 4.0, "refuse": False})
    row = await desk.submit("wait", warned, trace="", gate="")
    assert "budget" in (await desk.job(row.id)).warning


# -- retention ------------------------------------------------------------------------------


async def test_old_jobs_are_forgotten_their_logs_before_them(desk, database):
    kept = await desk.run("sum", numbers=[1])
    silent = await desk.run("sum", numbers=[1])
    gone = await desk.run("sum", numbers=[1])
    queued = await desk.submit("sum", numbers=[1])
    async with database.write() as connection:
        for row, days in ((silent, 40), (gone, 400)):
            old = now() - timedelta(days=days)
            await connection.execute(job.update().where(job.c.id == row.id).values(finished_at=old))

    await database.change(purge_jobs, rows_after=timedelta(days=365), logs_after=timedelta(days=30))

    assert (await desk.job(kept.id)).log != ""
    assert (await desk.job(silent.id)).log == ""
    assert (await desk.job(queued.id)).state == "queued"
    with pytest.raises(NotFoundError, match="no job"):
        await desk.job(gone.id)
