"""Jobs counted on both databases."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import event

from kodkod.store.database import Database, now
from kodkod.store.jobs import JobRow, add_job
from kodkod.store.overview import (
    database_bytes,
    failed_jobs,
    running_jobs,
    sum_jobs,
    sum_queues,
)

DAY = timedelta(days=1)


async def add(database: Database, id_: str, **values) -> None:
    row = JobRow(
        **{
            "id": id_,
            "kind": "train",
            "queue": "cpu",
            "project_id": 1,
            "user_id": 1,
            "params": {},
            "lock_key": id_,
            "created_at": now() - timedelta(minutes=1),
        }
        | values
    )
    async with database.write() as connection:
        await add_job(connection, row)


async def test_live_jobs_are_counted_by_queue(database):
    oldest = now() - timedelta(hours=2)
    await add(database, "a1", created_at=oldest)
    await add(database, "a2")
    await add(database, "a3", state="running")
    await add(database, "a4", queue="live", state="running")
    await add(database, "a5", queue="gpu", state="done", finished_at=now())
    async with database.read() as connection:
        sums = await sum_queues(connection)
    assert set(sums) == {"cpu", "live"}
    assert (sums["cpu"].queued, sums["cpu"].running) == (2, 1)
    assert abs(sums["cpu"].waiting_since - oldest) < timedelta(milliseconds=1)
    assert (sums["live"].queued, sums["live"].waiting_since) == (0, None)


async def test_jobs_that_live_or_ended_lately_are_counted_by_kind_and_state(database):
    await add(database, "a1", created_at=now() - 9 * DAY)
    await add(database, "a2", state="failed", finished_at=now(), error="It broke.\nmore")
    await add(database, "a3", state="failed", finished_at=now() - timedelta(hours=1), error=None)
    await add(database, "a4", state="failed", finished_at=now() - 2 * DAY, error="Long ago.")
    async with database.read() as connection:
        counted = {(each.state, each.jobs) for each in await sum_jobs(connection, DAY)}
        failed = await failed_jobs(connection, DAY, limit=10)
        newest = await failed_jobs(connection, DAY, limit=1)
    assert counted == {("queued", 1), ("failed", 2)}
    assert [(each.id, each.project, each.error) for each in failed] == [
        ("a2", "letters", "It broke.\nmore"),
        ("a3", "letters", ""),
    ]
    assert [each.id for each in newest] == ["a2"]


async def test_what_runs_is_told_with_its_project(database):
    await add(database, "a1", state="running", card="GPU-1", need_mb=900, progress=0.5)
    await add(database, "a2", state="running", project_id=None)
    async with database.read() as connection:
        running = {each.id: each for each in await running_jobs(connection)}
        size = await database_bytes(connection)
    assert (running["a1"].project, running["a1"].card, running["a1"].need_mb) == (
        "letters",
        "GPU-1",
        900,
    )
    assert running["a2"].project is None
    assert size > 10_000


async def test_no_count_walks_through_all_jobs(database):
    if not database.is_sqlite:
        return  # A planner decides by how much there is.
    asked: list[tuple[str, object]] = []
    event.listen(
        database.engine.sync_engine,
        "before_cursor_execute",
        lambda _conn, _cursor, statement, values, *_: asked.append((statement, values)),
    )
    async with database.read() as connection:
        await sum_queues(connection)
        await sum_jobs(connection, DAY)
        await running_jobs(connection)
        await failed_jobs(connection, DAY, limit=5)
        queries = [each for each in asked if "FROM job" in each[0]]
        assert len(queries) == 4
        for statement, values in queries:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = [row[3] for row in plan]
            assert not [step for step in steps if step.startswith("SCAN")], steps
