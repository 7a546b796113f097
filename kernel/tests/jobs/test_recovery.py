"""What a broken disk, database or broker does to jobs, and what is made good again."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
from functools import partial

import pytest
import sqlalchemy as sa
from dramatiq.errors import ConnectionClosed
from sqlalchemy.exc import OperationalError

from kodkod.jobs import endings
from kodkod.jobs.disk import disk_errno, disk_trouble
from kodkod.jobs.outcome import job_context
from kodkod.jobs.supervisor import Supervisor
from kodkod.store.jobs import MAX_ATTEMPTS, claim_job

FULL = OperationalError("UPDATE job", {}, Exception("database or disk is full"))


@pytest.fixture
def unwritable(workspace, monkeypatch):
    """Return a function that lets the worker's next writes fail, as many as it is told."""
    through = {way: getattr(workspace, way) for way in ("write", "note")}

    def fail(times):
        left = [times]

        def failing(way, change, *args, **kwargs):
            if left[0]:
                left[0] -= 1
                raise FULL
            return through[way](change, *args, **kwargs)

        for way in through:
            monkeypatch.setattr(workspace, way, partial(failing, way))

    return fail


@pytest.mark.parametrize("kind", ["wait", "heavy-wait"])
async def test_a_result_is_stored_once_the_database_can_be_written_again(
    desk, waiting, unwritable, monkeypatch, kind
):
    # Given a job that runs
    monkeypatch.setattr(endings, "_STORE_AGAIN_SECONDS", 0.02)
    row = await desk.submit(kind, **waiting.params)
    running = asyncio.create_task(asyncio.to_thread(desk.runner.run, row.id))
    await waiting.started()

    # When it ends while the database cannot be written
    unwritable(5)
    waiting.open()
    await running

    # Then it is done, at the first attempt
    ended = await desk.job(row.id)
    assert (ended.state, ended.attempts, ended.result) == ("done", 1, {"total": 1})


async def test_what_a_job_reports_is_kept_until_it_can_be_stored(desk, workspace, unwritable):
    # Given a job that runs
    queued = await desk.submit("sum", numbers=[1])
    row = await desk.database.change(claim_job, queued.id, "somebody")
    with job_context(workspace, row, "somebody") as ctx:
        # When it reports while the database cannot be written
        unwritable(1)
        ctx.log("one")
        ctx.flush()
        assert (await desk.job(row.id)).log == ""

        # Then nobody is the wiser, and it is stored with what comes next
        ctx.log("two")
        ctx.progress(0.5, "half-way", seen=2)
        ctx.flush()

    told = await desk.job(row.id)
    assert (told.log, told.progress, told.metrics) == ("one\ntwo\n", 0.5, {"seen": 2.0})


async def test_a_worker_that_leaves_does_not_wait_for_the_database(desk, waiting, unwritable):
    # Given a job that runs
    row = await desk.submit("wait", **waiting.params)
    running = asyncio.create_task(asyncio.to_thread(desk.runner.run, row.id))
    await waiting.started()

    # When its worker leaves and nothing can be stored
    unwritable(1_000_000)
    desk.runner.leave()

    # Then it leaves, and the job is for whoever finds that it is silent
    with pytest.raises(OperationalError):
        await asyncio.wait_for(running, 10)
    assert (await desk.job(row.id)).state == "running"


async def test_poison_frees_its_worker_for_others(desk, settings, waiting):
    # Given a job that kills its worker each time, and one behind it
    supervisor = Supervisor(settings, desk.dispatcher.worker_died)
    await supervisor.start()
    try:
        poison = await desk.submit("wait", **waiting.params)
        behind = await desk.submit("sum", numbers=[1])
        for times in range(1, MAX_ATTEMPTS + 1):
            os.kill(await waiting.started(times), signal.SIGKILL)

        # Then it has failed with the reason, and the other is done
        failed = await desk.reaches(poison.id, "failed", "done")
        assert (failed.state, failed.attempts) == ("failed", MAX_ATTEMPTS)
        assert "died 2 times" in failed.error
        assert (await desk.reaches(behind.id, "done", "failed")).state == "done"
    finally:
        await supervisor.stop()


async def test_a_job_that_goes_back_while_the_broker_is_away_is_sent_later(
    desk, broker, start_worker, waiting, monkeypatch
):
    # Given a job whose worker leaves while the broker does not answer
    row = await desk.submit("wait", **waiting.params)
    running = asyncio.create_task(asyncio.to_thread(desk.runner.run, row.id))
    await waiting.started()
    await asyncio.to_thread(broker.flush_all)

    def away(*_args, **_kwargs):
        raise ConnectionClosed("away")

    with monkeypatch.context() as patch:
        patch.setattr(broker, "enqueue", away)
        desk.runner.leave()
        with pytest.raises(ConnectionClosed):
            await running
        assert (await desk.job(row.id)).state == "queued"

        # When the broker is back
        await desk.dispatcher.recover()
    await desk.dispatcher.recover()
    await desk.dispatcher.recover()

    # Then another worker gets it
    start_worker()
    await waiting.started(2)
    waiting.open()
    assert (await desk.reaches(row.id, "done", "failed")).state == "done"


class _Polars(Exception):
    """Says what Polars says where a Parquet file cannot be written."""


@pytest.mark.parametrize(
    ("error", "number"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), errno.ENOSPC),
        (OSError(errno.EROFS, "Read-only file system", "/x"), errno.EROFS),
        (OSError("1000000 requested and 131056 written"), errno.ENOSPC),
        (_Polars("parquet: underlying IO error: No space (os error 28)"), errno.ENOSPC),
        (FileNotFoundError(errno.ENOENT, "No such file"), None),
        (ValueError("the disk is full"), None),
    ],
)
def test_errors_of_the_disk_are_known_by_their_number(error, number):
    assert disk_errno(error) == number
    assert (disk_trouble(error) is None) == (number is None)


@pytest.mark.parametrize(
    ("pragma", "number"), [("max_page_count = 3", errno.ENOSPC), ("query_only = on", errno.EROFS)]
)
def test_so_are_those_of_the_database(pragma, number):
    with sa.create_engine("sqlite://").connect() as connection:
        connection.exec_driver_sql("CREATE TABLE note (text)")
        connection.exec_driver_sql(f"PRAGMA {pragma}")
        with pytest.raises(OperationalError) as refused:
            connection.exec_driver_sql("INSERT INTO note VALUES (zeroblob(100000))")
    assert disk_errno(refused.value) == number


def test_what_is_said_of_a_full_disk_names_the_file_and_what_to_do():
    told = disk_trouble(OSError(errno.EROFS, "Read-only file system", "/data/x"))

    assert told is not None
    assert "read-only (/data/x)" in told
    assert "start the job again" in told
