"""One job after the other in this process: what its row and events say afterwards."""

from __future__ import annotations

import asyncio

import pytest

from kodkod.api import ConflictError, InvalidParamsError, NotFoundError
from kodkod.jobs.scratch import sweep_scratch


async def test_a_job_ends_with_its_result_log_metrics_and_events(desk):
    row = await desk.run("sum", numbers=[1, 2, 3])

    assert (row.state, row.result, row.progress) == ("done", {"total": 6}, 1.0)
    assert row.log == "added 1\nadded 2\nadded 3\n"
    assert row.metrics["last"] == 3.0
    assert row.seconds >= 0
    types = [event.type for event in await desk.events(row.id)]
    assert types[:2] == ["job.queued", "job.running"]
    assert types[-1] == "job.done"
    assert (await desk.events(row.id))[-1].data["result"] == {"total": 6}


async def test_a_deliberate_error_is_told_as_it_is(desk):
    row = await desk.run("fail", deliberate=True)

    assert (row.state, row.error) == ("failed", "The corpus has no texts; add some.")
    assert (await desk.events(row.id))[-1].type == "job.failed"


async def test_any_other_error_is_told_by_type_and_its_traceback_stays_in_the_log(desk):
    row = await desk.run("fail")

    assert (row.state, row.error) == ("failed", "ValueError: boom")
    assert "Traceback" in row.log
    assert "Traceback" not in row.error


async def test_a_message_that_comes_twice_runs_once(desk):
    row = await desk.run("sum", numbers=[1])

    await asyncio.to_thread(desk.runner.run, row.id)

    assert (await desk.job(row.id)).attempts == 1


async def test_one_exclusive_job_for_each_user_and_project(desk, field, waiting):
    first = await desk.submit("wait", field.project, **waiting.params)

    with pytest.raises(ConflictError, match=first.id):
        await desk.submit("wait", field.project, **waiting.params)

    # Another project, a kind that is not exclusive, and a finished job do not count.
    await desk.submit("sum", field.project, numbers=[1])
    await desk.submit("wait", None, **waiting.params)
    waiting.open()
    await asyncio.to_thread(desk.runner.run, first.id)
    await desk.submit("wait", field.project, **waiting.params)


async def test_params_are_checked_and_stored_whole(desk):
    with pytest.raises(InvalidParamsError, match="numbers"):
        await desk.submit("sum", numbers="many")
    with pytest.raises(NotFoundError, match="no job 'summ'"):
        await desk.submit("summ")

    row = await desk.submit("fail")

    assert row.params == {"deliberate": False}


async def test_a_plugin_refuses_a_job(desk):
    with pytest.raises(ConflictError, match="not worth it"):
        await desk.submit("sum", numbers=[])


async def test_a_queued_job_is_cancelled_at_once(desk, waiting):
    row = await desk.submit("wait", **waiting.params)

    await desk.dispatcher.cancel(row.id)
    await asyncio.to_thread(desk.runner.run, row.id)

    assert (await desk.job(row.id)).state == "cancelled"
    assert [event.type for event in await desk.events(row.id)] == ["job.queued", "job.cancelled"]
    assert waiting.pids() == []


@pytest.mark.parametrize("kind", ["wait", "heavy-wait"])
async def test_a_running_job_is_cancelled_at_its_next_progress(desk, waiting, kind):
    row = await desk.submit(kind, **waiting.params)
    running = asyncio.create_task(asyncio.to_thread(desk.runner.run, row.id))
    await waiting.started()

    await desk.dispatcher.cancel(row.id)
    await running

    ended = await desk.job(row.id)
    assert (ended.state, ended.message, ended.result) == ("cancelled", "waiting", None)
    assert (await desk.events(row.id))[-1].type == "job.cancelled"


async def test_progress_is_stored_while_a_job_runs(desk, waiting):
    row = await desk.submit("wait", **waiting.params)
    running = asyncio.create_task(asyncio.to_thread(desk.runner.run, row.id))

    async def reported():
        now = await desk.job(row.id)
        return (now.state, now.progress, now.message) == ("running", 0.5, "waiting")

    await desk.until(reported)
    waiting.open()
    await running
    assert "job.progress" in [event.type for event in await desk.events(row.id)]


async def test_a_heavy_job_that_does_not_listen_is_killed_after_its_grace(desk, waiting):
    row = await desk.submit("stubborn", **waiting.params)
    running = asyncio.create_task(asyncio.to_thread(desk.runner.run, row.id))
    await waiting.started()

    await desk.dispatcher.cancel(row.id)
    await running

    assert (await desk.job(row.id)).state == "cancelled"


async def test_a_worker_that_leaves_puts_its_job_back_without_counting_it(desk, waiting):
    row = await desk.submit("wait", **waiting.params)
    running = asyncio.create_task(asyncio.to_thread(desk.runner.run, row.id))
    await waiting.started()

    desk.runner.leave()
    await running

    left = await desk.job(row.id)
    assert (left.state, left.attempts, left.worker) == ("queued", 0, None)


async def test_scratch_of_runs_that_were_killed_is_swept(desk, settings, workspace, waiting):
    live = await desk.submit("wait", **waiting.params)
    home = settings.data_dir / "scratch"
    for name in ("0123456789abcdef.w", f"{live.id}.w"):
        (home / name).mkdir(parents=True)

    sweep_scratch(workspace)

    assert [folder.name for folder in home.iterdir()] == [f"{live.id}.w"]


@pytest.mark.parametrize("kind", ["wait", "heavy-wait"])
async def test_a_run_leaves_no_scratch_behind(desk, settings, waiting, kind):
    waiting.open()

    done = await desk.run(kind, **waiting.params)

    assert done.state == "done"
    assert list((settings.data_dir / "scratch").glob("*")) == []
