"""The state of the service, for whoever runs it."""

from __future__ import annotations

import asyncio
import os
from datetime import datetime, timedelta

import msgspec
import pytest
from litestar import get
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from kodkod.api import Energy
from kodkod.jobs.cards import CardProcess, CardStatus
from kodkod.jobs.supervisor import Place, Supervisor
from kodkod.store.database import now
from kodkod.store.energy import add_energy
from kodkod.store.people import Identity
from kodkod.web.access import Requires
from kodkod.web.app import create_app
from kodkod.web.monitor_contract import MonitorReport, StoredView
from kodkod.web.stored import Stored
from kodkod.web.traffic import Traffic

from .queued import add_queued, add_worker
from .talking import Talk, at_once

CARD = CardStatus(
    uuid="GPU-1",
    index=0,
    name="Simulated",
    total_mb=80_000,
    used_mb=9_000,
    free_mb=71_000,
    load=0.5,
    temperature=61,
    watts=212.5,
    processes=[CardProcess(pid=99, used_mb=8_000)],
)


@get("/broken", operation_id="broken", requires=Requires.PUBLIC)
async def broken() -> None:
    raise RuntimeError("private")


@pytest.fixture
def settings(settings):
    """Let no report be shared, unless a test says otherwise."""
    return msgspec.structs.replace(settings, monitor_ms=0)


@pytest.fixture
def monitor(client, bearer):
    async def ask() -> MonitorReport:
        answer = await client.get("/api/v1/monitor", headers=await bearer("root"))
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=MonitorReport)

    return ask


async def test_queues_jobs_and_failures_are_counted(monitor, services):
    # given a job that waits, one that runs, and some that ended
    database = services.database
    await add_queued(database, "aa", created_at=now() - timedelta(minutes=5))
    await add_queued(database, "bb", state="running", queue="gpu", kind="predict")
    await add_queued(database, "cc", state="done", finished_at=now())
    await add_queued(
        database,
        "dd",
        state="failed",
        project_id=1,
        finished_at=now(),
        error="The disk is full.\nTraceback ...",
        request_id="trace-1234",
    )
    await add_queued(database, "ee", state="failed", finished_at=now() - timedelta(days=2))

    report = await monitor()

    queues = {queue.name: queue for queue in report.queues}
    assert set(queues) == {"live", "cpu", "gpu"}
    assert (queues["cpu"].queued, queues["cpu"].messages) == (1, 0)
    assert 295 < queues["cpu"].oldest_seconds < 330
    assert (queues["gpu"].running, queues["gpu"].oldest_seconds) == (1, None)
    counted = {(each.kind, each.state): each.jobs for each in report.jobs}
    assert counted == {
        ("predict", "running"): 1,
        ("train", "done"): 1,
        ("train", "failed"): 1,
        ("train", "queued"): 1,
    }
    (failed,) = report.failed_jobs
    assert (failed.id, failed.project, failed.user) == ("dd", "letters", "root")
    assert (failed.error, failed.request_id) == ("The disk is full.", "trace-1234")


async def test_workers_of_all_hosts_are_shown_with_their_jobs_and_cards(monitor, services):
    database = services.database
    await add_queued(
        database,
        "aa",
        kind="train",
        queue="gpu",
        state="running",
        project_id=1,
        user_id=2,
        progress=0.25,
        card="GPU-1",
        need_mb=8_200,
    )
    cards = [msgspec.to_builtins(CARD)]
    await add_worker(database, "far-a", queue="gpu", card="GPU-1", job_id="aa", cards=cards)
    await add_worker(database, "far-b", heartbeat_at=now() - timedelta(minutes=3), restarts=2)
    # and one of a version that says something else of its cards
    await add_worker(database, "far-c", queue="gpu", cards=[{"uuid": 5}])

    report = await monitor()

    workers = {worker.name: worker for worker in report.workers}
    assert (workers["far-a"].state, workers["far-a"].supervised) == ("alive", False)
    job = workers["far-a"].job
    assert (job.kind, job.project, job.user, job.progress) == ("train", "letters", "mara", 0.25)
    assert (workers["far-b"].state, workers["far-b"].restarts) == ("silent", 2)
    (card,) = [card for card in report.cards if card.host == "far"]
    assert (card.temperature, card.load, card.planned_mb, card.jobs) == (61, 0.5, 8_200, ["aa"])
    assert [(each.pid, each.used_mb) for each in card.processes] == [(99, 8_000)]
    queues = {queue.name: queue for queue in report.queues}
    assert (queues["gpu"].workers, queues["cpu"].workers) == (2, 0)


async def test_a_worker_that_is_restarted_says_since_when(monitor, services, settings):
    supervisor = Supervisor(settings, places=[Place(queue="nowhere")])
    services.supervisor = supervisor
    await supervisor.start()
    try:
        async with asyncio.timeout(30):
            while (worker := (await monitor()).workers[0]).state != "restarting":
                await asyncio.sleep(0.02)
        assert (worker.supervised, worker.pid, worker.queue) == (True, None, "nowhere")
        assert worker.restarts_at > worker.died_at > now() - timedelta(minutes=1)
        assert (await monitor()).health.status == "degraded"
    finally:
        await supervisor.stop()


async def test_the_process_the_host_and_the_disks_are_shown(monitor, settings):
    report = await monitor()
    server, host = report.server, report.host
    assert server.pid == os.getpid()
    assert server.memory_mb > 20
    assert server.threads >= 2
    assert server.open_files > 3
    assert 0 < server.uptime_seconds < 100_000
    assert host.memory_total_mb > host.memory_available_mb > 0
    assert host.cores >= 1
    assert 0 <= host.cpu <= 1
    assert {disk.holds: disk.path for disk in report.disks} == {
        "data": str(settings.data_dir),
        "models": str(settings.models),
    }
    assert all(disk.total_mb >= disk.free_mb > 0 for disk in report.disks)


async def test_projects_in_memory_are_shown_with_their_size(monitor, client, bearer):
    talk = Talk(client, await bearer("root"))
    slug = await talk.project([{"id": f"t{i}", "text": "some words " * 50} for i in range(200)])
    await talk.scheme(slug)
    report = await monitor()
    (loaded,) = [each for each in report.projects if each.slug == slug]
    assert (loaded.rows, loaded.schemes) == (200, 1)
    assert 0.1 < loaded.memory_mb < 10
    assert 0 <= loaded.idle_seconds < 60


async def test_who_came_lately_is_shown(monitor, client, bearer):
    for name in ("anna", "anna", "otto"):
        await client.get("/api/v1/me", headers=await bearer(name))
    await client.get("/api/v1/me", headers={"Authorization": "Bearer nobody"})
    users = (await monitor()).users
    assert [user.username for user in users.users] == ["otto", "anna"]
    assert (users.last_5_minutes, users.last_60_minutes) == (2, 2)


def test_who_has_not_come_for_an_hour_and_what_failed_yesterday_is_forgotten():
    # given somebody who came, and a request that failed, and another half an hour later
    time = 1_000_000.0
    traffic = Traffic(CollectorRegistry(), clock=lambda: time)
    traffic.note(coming("ada", 1), 200, 0.01)
    traffic.note_failure(coming("ada", 1), "trace-0001", 500, RuntimeError())
    time += 1_800
    traffic.note(coming("ben", 2), 200, 0.01)
    # when time goes by
    users = traffic.users()
    assert [user.username for user in users.users] == ["ben", "ada"]
    assert (users.last_5_minutes, users.last_60_minutes) == (1, 2)
    time += 1_900
    assert [user.username for user in traffic.users().users] == ["ben"]
    assert len(traffic.failures()) == 1
    time += 90_000
    assert traffic.users().users == traffic.failures() == []


def coming(username: str, id_: int):
    identity = Identity(
        user_id=id_,
        username=username,
        role="annotator",
        token_id="t",
        scopes=(),
        expires_at=now(),
    )
    return {"method": "GET", "path": "/x", "path_template": "/x", "user": identity}


async def test_a_request_that_failed_is_shown_without_what_is_private(app, monitor, client):
    app.register(broken)
    with capture_logs():
        await client.get("/broken?text=private", headers={"X-Request-ID": "trace-5678"})
    (failed,) = (await monitor()).failed_requests
    assert (failed.request_id, failed.method, failed.path) == ("trace-5678", "GET", "/broken")
    assert (failed.status, failed.error) == (500, "RuntimeError")


async def test_energy_is_added_up_with_the_share_that_was_measured(monitor, services):
    job = await add_queued(services.database, "aa", state="done", finished_at=now())
    account = Energy(cpu_wh=3.0, ram_wh=1.0, g_co2e=2.0, g_per_kwh=500, mix="x", measured=("cpu",))
    async with services.database.write() as connection:
        await add_energy(
            connection, job, account, state="done", seconds=9, project_slug=None, rows=None
        )
    energy = (await monitor()).energy
    for total in (energy.today, energy.week, energy.all):
        assert (total.jobs, total.wh, total.g_co2e, total.measured_share) == (1, 4.0, 2.0, 0.75)


async def test_a_report_is_shared_for_as_long_as_the_setting_says(app, settings, registry, bearer):
    patient = msgspec.structs.replace(settings, monitor_ms=60_000)
    root = await bearer("root")

    async def made(talk: Talk) -> datetime:
        return (await talk.get("/monitor"))["made_at"]

    async with at_once(create_app(patient, registry=registry), root) as talk:
        # when many ask at once, and again later
        together = await asyncio.gather(*[made(talk) for _ in range(20)])
        assert {*together, await made(talk)} == {together[0]}
    # and where nothing may be old, whoever asks while it is made shares it all the same
    async with at_once(app, root) as talk:
        first = await made(talk)
        together = await asyncio.gather(*[made(talk) for _ in range(20)])
        assert first not in together
        assert len(set(together)) < 20


async def test_what_is_stored_is_counted_aside_and_seldom(services, client, settings):
    # given some files, and a clock
    (settings.projects / "letters").mkdir(parents=True)
    (settings.projects / "letters" / "complete.parquet").write_bytes(b"x" * 3_000_000)
    clock = iter([0.0, 0.0, 100.0, 400.0, 400.0])
    stored = Stored(settings, services.database, kept_seconds=300, clock=lambda: next(clock))
    # when they are asked for, then nobody waits
    assert stored.view() == StoredView()
    counted = await stored.counted()
    assert 2.8 < counted.projects_mb < 4
    assert counted.database_mb > 0.05
    assert counted.counted_at is not None
    # and they are not counted again before it is time
    (settings.projects / "letters" / "train.parquet").write_bytes(b"x" * 3_000_000)
    assert stored.view() == counted
    assert await stored.counted() == counted
    stored.view()
    assert (await stored.counted()).projects_mb > 5.6


async def test_the_monitor_shows_what_is_stored_once_it_was_counted(app, services, bearer):
    async with at_once(app, await bearer("root")) as talk:
        assert (await talk.get("/monitor"))["stored"]["counted_at"] is None
        await services.monitor.stored.counted()
        stored = (await talk.get("/monitor"))["stored"]
        assert stored["database_mb"] > 0
        assert stored["queue_mb"] > 0
