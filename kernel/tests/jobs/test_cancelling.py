"""A job that is asked to stop: what listens stops, what does not is ended with its process."""

from __future__ import annotations

import asyncio
import os
import signal
import time

import pytest

from kodkod.jobs.runner import ABANDONED
from kodkod.jobs.supervisor import Supervisor

from .test_processes import gone

SECONDS = 2.0


async def test_a_cancelled_job_stops_within_two_seconds(desk, start_worker, waiting):
    # Given a job that listens, in a worker
    worker = start_worker()
    row = await desk.submit("wait", **waiting.params)
    await waiting.started()

    # When it is cancelled
    began = time.monotonic()
    await desk.dispatcher.cancel(row.id)
    ended = await desk.reaches(row.id, "cancelled", "done", "failed")

    # Then it is soon, and the worker lives
    assert (ended.state, time.monotonic() - began < SECONDS) == ("cancelled", True)
    assert worker.poll() is None


async def test_a_light_job_that_does_not_listen_takes_its_worker_along(desk, start_worker, waiting):
    # Given a job that does not listen and says that it needs little grace
    worker = start_worker()
    row = await desk.submit("light-stubborn", **waiting.params)
    await waiting.started()

    # When it is cancelled
    began = time.monotonic()
    await desk.dispatcher.cancel(row.id)
    ended = await desk.reaches(row.id, "cancelled", "done", "failed")

    # Then it is soon, at the cost of the worker, which says that it was on purpose
    assert (ended.state, time.monotonic() - began < SECONDS) == ("cancelled", True)
    assert await asyncio.to_thread(worker.wait, 10) == ABANDONED
    assert [event.type for event in await desk.events(row.id)][-1] == "job.cancelled"
    # And what it took until then is in its account
    assert ended.seconds > 0
    assert ended.wh > 0


async def test_a_heavy_job_that_does_not_listen_costs_its_child_only(desk, start_worker, waiting):
    worker = start_worker()
    row = await desk.submit("stubborn", **waiting.params)
    child = await waiting.started()

    began = time.monotonic()
    await desk.dispatcher.cancel(row.id)
    ended = await desk.reaches(row.id, "cancelled", "done", "failed")

    assert (ended.state, time.monotonic() - began < SECONDS) == ("cancelled", True)
    await gone(desk, child)
    assert worker.poll() is None


async def test_a_worker_that_left_jobs_behind_is_back_at_once(desk, settings, waiting):
    # Given a supervised worker
    supervisor = Supervisor(settings, desk.dispatcher.worker_died)
    await supervisor.start()

    async def pause():
        (status,) = supervisor.status()
        return status.restarts_at and status.restarts_at - status.died_at

    try:
        for times in (1, 2, 3):
            row = await desk.submit("light-stubborn", **waiting.params)
            await waiting.started(times)
            # When it has had to leave a job behind, and another
            await desk.dispatcher.cancel(row.id)
            # Then the pause before its restart does not grow, as that of one that crashes does
            assert (await desk.until(pause)).total_seconds() < 0.3
    finally:
        await supervisor.stop()


async def test_a_worker_that_leaves_gives_back_a_job_that_does_not_listen(
    desk, start_worker, waiting
):
    worker = start_worker()
    row = await desk.submit("light-stubborn", **waiting.params)
    await waiting.started()

    worker.terminate()

    assert await asyncio.to_thread(worker.wait, 20) == ABANDONED
    left = await desk.job(row.id)
    assert (left.state, left.attempts, left.worker) == ("queued", 0, None)


@pytest.mark.parametrize("how", ["died", "silent"])
async def test_a_job_that_was_asked_to_stop_when_its_worker_died_does_not_run_again(
    desk, start_worker, waiting, monkeypatch, how
):
    # Given a running job whose worker hears nothing
    worker = start_worker("--name", "deaf")
    row = await desk.submit("wait", **waiting.params)
    await waiting.started()
    os.kill(worker.pid, signal.SIGSTOP)

    # When it is cancelled, and the worker dies or is taken to be dead
    await desk.dispatcher.cancel(row.id)
    if how == "died":
        await desk.dispatcher.worker_died("deaf")
    else:
        monkeypatch.setattr("kodkod.jobs.dispatcher.SILENT_SECONDS", 0.0)
        await desk.dispatcher.recover()

    # Then it is over
    ended = await desk.job(row.id)
    assert (ended.state, ended.attempts) == ("cancelled", 1)
    assert ended.finished_at is not None
    assert (await desk.events(row.id))[-1].type == "job.cancelled"


async def test_a_job_that_was_asked_to_stop_while_its_worker_leaves_does_not_run_again(
    desk, waiting
):
    row = await desk.submit("wait", **waiting.params)
    running = asyncio.create_task(asyncio.to_thread(desk.runner.run, row.id))
    await waiting.started()

    await desk.dispatcher.cancel(row.id)
    desk.runner.leave()
    await running

    ended = await desk.job(row.id)
    assert ended.state == "cancelled"
    assert (await desk.dispatcher.waiting())["cpu"] == 1  # the first message only
