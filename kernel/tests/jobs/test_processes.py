"""Real worker processes, some of which are killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kodkod.jobs.supervisor import Supervisor


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # Whoever was orphaned in a container is a zombie until somebody reaps it.
    try:
        return process_stat(pid)[0] == "Z"
    except FileNotFoundError:
        return True


def process_stat(pid: int) -> list[str]:
    """Return state, parent and so on of a process."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


async def gone(desk, pid):
    async def check():
        return is_gone(pid)

    await desk.until(check)


@pytest.mark.parametrize("kind", ["wait", "heavy-wait"])
async def test_a_submitted_job_is_run_by_a_worker_process(desk, start_worker, waiting, kind):
    worker = start_worker()

    row = await desk.submit(kind, **waiting.params)
    pid = await waiting.started()
    waiting.open()

    done = await desk.reaches(row.id, "done", "failed")
    assert (done.state, done.result) == ("done", {"total": 1})
    assert (pid == worker.pid) == (kind == "wait")


@pytest.mark.skipif(sys.platform != "linux", reason="priorities are Linux's")
@pytest.mark.parametrize("kind", ["wait", "heavy-wait"])
async def test_those_who_annotate_go_before_a_job(desk, start_worker, waiting, kind):
    start_worker()

    await desk.submit(kind, **waiting.params)
    pid = await waiting.started()

    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, pid) == min(own + 5, 19)
    waiting.open()


async def test_a_killed_worker_s_job_runs_again_elsewhere(desk, start_worker, waiting):
    first = start_worker("--name", "first")
    row = await desk.submit("wait", **waiting.params)
    await waiting.started()

    first.kill()
    first.wait()
    await desk.dispatcher.worker_died("first")
    second = start_worker()

    assert await waiting.started(2) == second.pid
    waiting.open()
    done = await desk.reaches(row.id, "done", "failed")
    assert (done.state, done.attempts) == ("done", 2)


async def test_a_silent_worker_s_job_is_queued_again(desk, start_worker, waiting, monkeypatch):
    monkeypatch.setattr("kodkod.jobs.dispatcher.SILENT_SECONDS", 2.0)
    worker = start_worker()
    row = await desk.submit("wait", **waiting.params)
    await waiting.started()

    os.kill(worker.pid, signal.SIGSTOP)

    async def queued():
        await desk.dispatcher.recover()
        return (await desk.job(row.id)).state == "queued"

    await desk.until(queued)
    # Awake again, it finds that the job is no longer its own, and the message that is.
    os.kill(worker.pid, signal.SIGCONT)
    await waiting.started(2)
    waiting.open()
    assert (await desk.reaches(row.id, "done", "failed")).attempts == 2


async def test_a_job_that_kills_two_children_fails_with_the_reason(desk, start_worker, waiting):
    start_worker()
    row = await desk.submit("heavy-wait", **waiting.params)

    os.kill(await waiting.started(1), signal.SIGKILL)
    os.kill(await waiting.started(2), signal.SIGKILL)

    failed = await desk.reaches(row.id, "failed", "done")
    assert failed.state == "failed"
    assert "killed" in failed.error
    assert "memory" in failed.error


async def test_a_killed_child_s_job_runs_again(desk, start_worker, waiting):
    start_worker()
    row = await desk.submit("heavy-wait", **waiting.params)

    os.kill(await waiting.started(1), signal.SIGKILL)
    await waiting.started(2)
    waiting.open()

    assert (await desk.reaches(row.id, "done", "failed")).state == "done"


async def test_a_job_that_kills_two_workers_fails_with_the_reason(desk, start_worker, waiting):
    row = await desk.submit("wait", **waiting.params)
    for name in ("first", "second"):
        worker = start_worker("--name", name)
        await waiting.started(1 if name == "first" else 2)
        worker.kill()
        worker.wait()
        await desk.dispatcher.worker_died(name)

    failed = await desk.job(row.id)
    assert failed.state == "failed"
    assert "died 2 times" in failed.error
    assert (await desk.events(row.id))[-1].type == "job.failed"


async def test_a_child_dies_with_its_worker(desk, start_worker, waiting):
    worker = start_worker()
    await desk.submit("heavy-wait", **waiting.params)
    child = await waiting.started()

    worker.kill()
    worker.wait()

    await gone(desk, child)


async def test_a_supervised_worker_ends_with_its_parent_and_gives_its_job_back(
    desk, start_worker, waiting
):
    worker = start_worker("--supervised")
    row = await desk.submit("heavy-wait", **waiting.params)
    child = await waiting.started()

    worker.stdin.close()

    assert await asyncio.to_thread(worker.wait, 20) == 0
    await gone(desk, child)
    left = await desk.job(row.id)
    assert (left.state, left.attempts) == ("queued", 0)


async def test_a_terminated_worker_gives_its_job_to_the_next(desk, start_worker, waiting):
    first = start_worker()
    row = await desk.submit("wait", **waiting.params)
    await waiting.started()

    first.terminate()
    assert await asyncio.to_thread(first.wait, 20) == 0
    start_worker()
    await waiting.started(2)
    waiting.open()

    assert (await desk.reaches(row.id, "done", "failed")).state == "done"


async def test_the_supervisor_restarts_a_worker_whose_job_runs_again(desk, settings, waiting):
    supervisor = Supervisor(settings, desk.dispatcher.worker_died)
    await supervisor.start()
    try:
        row = await desk.submit("wait", **waiting.params)
        first = await waiting.started()
        assert supervisor.alive() == 1

        os.kill(first, signal.SIGKILL)
        second = await waiting.started(2)

        assert second != first
        (status,) = supervisor.status()
        assert (status.pid, status.restarts) == (second, 1)
        waiting.open()
        assert (await desk.reaches(row.id, "done", "failed")).state == "done"
    finally:
        await supervisor.stop()
    assert supervisor.alive() == 0
    await gone(desk, second)


SERVER = """
import asyncio, sys
from kodkod.jobs.supervisor import Supervisor
from kodkod.settings import load_settings

async def main():
    supervisor = Supervisor(load_settings())
    await supervisor.start()
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_nothing_outlives_a_server_that_is_killed(desk, settings, waiting):
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER], env=os.environ | settings.environment()
    )
    await desk.submit("heavy-wait", **waiting.params)
    child = await waiting.started()
    worker = int(process_stat(child)[1])

    server.kill()
    server.wait()

    await gone(desk, child)
    await gone(desk, worker)


async def test_a_lost_message_is_sent_again(desk, broker, start_worker, waiting):
    row = await desk.submit("wait", **waiting.params)
    await asyncio.to_thread(broker.flush_all)

    # Once might be a message that a worker has just taken.
    await desk.dispatcher.recover()
    await desk.dispatcher.recover()
    start_worker()

    await waiting.started()
    waiting.open()
    assert (await desk.reaches(row.id, "done", "failed")).state == "done"


async def test_a_message_that_waits_is_not_sent_twice(desk, broker, waiting):
    await desk.submit("wait", **waiting.params)

    for _ in range(3):
        await desk.dispatcher.recover()

    assert (await desk.dispatcher.waiting())["cpu"] == 1
