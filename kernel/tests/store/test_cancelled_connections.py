"""Whoever is cancelled while a connection is opened for them leaves none behind."""

from __future__ import annotations

import asyncio
from pathlib import Path

import sqlalchemy as sa

from kodkod.store.database import Database

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
