"""Whoever is cancelled with a connection leaves neither it nor its locks behind."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from kodkod.store.database import Database

SLOW = (
    "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 300000) "
    "SELECT max(i) FROM n"
)
STEPS = 12
TIMES = 5


async def cancelled(folder: Path, steps: int) -> None:
    """Cancel a reader and a writer after so many turns of the loop."""
    database = Database.at("", folder)

    async def read() -> None:
        async with database.read() as connection:
            await connection.execute(sa.text("SELECT 1"))

    async def write() -> None:
        async with database.write() as connection:
            await connection.execute(sa.text("CREATE TABLE IF NOT EXISTS t (x)"))

    tasks = [asyncio.create_task(each()) for each in (read, write)]
    for _ in range(steps):
        await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert database.engine.pool.checkedout() == 0
    await database.engine.dispose()


def test_no_connection_outlives_its_loop(tmp_path: Path) -> None:
    # The driver's thread would report to a loop that is closed, which pytest holds against us.
    for _ in range(TIMES):
        for steps in range(STEPS):
            asyncio.run(cancelled(tmp_path, steps))


async def test_a_change_cancelled_before_its_rows_came_locks_nobody_out(tmp_path: Path) -> None:
    database = Database.at("", tmp_path)
    async with database.write() as connection:
        await connection.execute(sa.text("CREATE TABLE t (x)"))
        await connection.execute(sa.text("INSERT INTO t VALUES (1), (2)"))
    running = asyncio.Event()

    async def change() -> None:
        async with database.write() as connection:
            # given a change whose rows are still to be fetched when its task is cancelled
            raw = await connection.get_raw_connection()
            driver = raw.driver_connection
            assert driver is not None
            kept.append(await driver.execute("UPDATE t SET x = 0 RETURNING x"))
            running.set()
            await connection.execute(sa.text(SLOW))

    kept: list[object] = []  # As the traceback of whoever was cancelled keeps it.
    task = asyncio.create_task(change())
    await running.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    # then another may write at once, and sees nothing of the change
    path = str(tmp_path / "kodkod.db")
    with sqlite3.connect(path, isolation_level=None, timeout=5) as other:
        other.execute("BEGIN IMMEDIATE")
        assert other.execute("SELECT sum(x) FROM t").fetchone() == (3,)
        other.execute("ROLLBACK")
    await database.close()
