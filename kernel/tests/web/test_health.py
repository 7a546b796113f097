"""What the health page says, and when it says that nobody can work."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import msgspec
import pytest
import sqlalchemy as sa
from litestar.testing import AsyncTestClient

from kodkod.jobs.supervisor import Place, Supervisor
from kodkod.store.database import Database, now
from kodkod.web.app import create_app
from kodkod.web.machine import free_mb, memory_within

from .queued import add_queued, add_worker

DOWN = re.compile(
    r"A worker for nowhere jobs is down since \d\d:\d\d:\d\d UTC \(it was restarted \d+ times "
    r"before\); it is restarted (at \d\d:\d\d:\d\d UTC|now)\."
)


async def health_of(client):
    answer = await client.get("/api/v1/health")
    return answer.status_code, answer.json()


async def served_with(settings, registry, **changed):
    app = create_app(msgspec.structs.replace(settings, **changed), registry=registry)
    async with AsyncTestClient(app) as client:
        return await health_of(client)


async def test_a_server_that_lacks_nothing_is_well(client):
    status, health = await health_of(client)
    assert (status, health["status"], health["problems"]) == (200, "ok", [])


async def test_without_its_database_nobody_can_work(client, services):
    async with services.database.write() as connection:
        await connection.execute(sa.text("DROP TABLE job"))
    status, health = await health_of(client)
    assert (status, health["status"]) == (503, "down")
    assert "database" in health["problems"][0]


async def test_without_a_broker_annotators_work_on(settings, registry):
    pytest.importorskip("redis")
    status, health = await served_with(settings, registry, broker_url="redis://127.0.0.1:1/0")
    assert (status, health["status"]) == (200, "degraded")
    assert health["problems"] == [
        "The broker does not answer: no job starts until it does; annotating goes on."
    ]


async def test_a_disk_that_is_nearly_full_is_told_of(settings, registry):
    more = free_mb(settings.data_dir) + 1_000_000
    status, health = await served_with(settings, registry, min_free_mb=more)
    assert (status, health["status"]) == (200, "degraded")
    assert f"below {more} MB" in health["problems"][0]


async def test_a_worker_that_dies_again_and_again_is_told_of_with_its_times(
    client, services, settings
):
    # given a place whose worker ends at once: there is no such queue
    supervisor = Supervisor(settings, places=[Place(queue="nowhere")])
    services.supervisor = supervisor
    await supervisor.start()
    try:
        # when it has died, then the page says since when and when it comes back
        async with asyncio.timeout(30):
            while not (told := (await health_of(client))[1]["problems"]) or "since" not in told[0]:
                await asyncio.sleep(0.02)
        assert DOWN.fullmatch(told[0]), told
        (place,) = supervisor.status()
        assert place.died_at is not None
    finally:
        await supervisor.stop()


async def test_jobs_that_no_worker_takes_are_told_of(settings, registry):
    database = Database.at("", settings.data_dir)
    try:
        # given a job that has just been queued, then one that has waited for a minute
        await add_queued(database, "aa", queue="cpu")
        assert (await served_with(settings, registry))[1]["problems"] == []
        await add_queued(database, "bb", queue="cpu", created_at=now() - timedelta(minutes=1))
        _, health = await served_with(settings, registry)
        assert "queue cpu" in health["problems"][0]
        # when there is a worker for it, however busy
        await add_worker(database, "far-1", queue="live,cpu")
        assert (await served_with(settings, registry))[1]["problems"] == []
    finally:
        await database.close()


async def test_asking_often_costs_the_database_one_look(client, services):
    asked: list[str] = []
    sa.event.listen(
        services.database.engine.sync_engine,
        "before_cursor_execute",
        lambda _conn, _cursor, statement, *_: asked.append(statement),
    )
    for _ in range(50):
        await health_of(client)
    looks = [each for each in asked if "waiting_since" in each]
    assert len(looks) <= 3


def test_a_container_is_told_its_own_memory(tmp_path):
    memory = memory_within(tmp_path / "absent")
    assert memory[0] > memory[1] > 0
    # given a limit of 1 GB of which 300 MB are used, 100 of them by files that may go
    (tmp_path / "memory.max").write_text("1000000000\n")
    (tmp_path / "memory.current").write_text("300000000\n")
    (tmp_path / "memory.stat").write_text("anon 200000000\ninactive_file 100000000\n")
    assert memory_within(tmp_path) == (1_000_000_000, 800_000_000)
    # and none at all
    (tmp_path / "memory.max").write_text("max\n")
    assert memory_within(tmp_path)[0] == memory[0]
