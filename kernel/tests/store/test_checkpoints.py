"""SQLite's write-ahead log: who copies it, what it may grow to, and whose commits are synced."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.checkpoints import checkpoint
from kodkod.store.database import Database

MAKE = sa.text("CREATE TABLE IF NOT EXISTS t (x BLOB)")
ADD = sa.text("INSERT INTO t VALUES (randomblob(4000))")


@pytest.fixture
async def sqlite(tmp_path: Path):
    database = Database.at("", tmp_path)
    await database.change(make)
    yield database
    await database.close()


async def make(connection: AsyncConnection) -> None:
    await connection.execute(MAKE)


async def add(connection: AsyncConnection) -> None:
    await connection.execute(ADD)


async def add_rows(database: Database, n: int) -> None:
    for _ in range(n):
        await database.change(add)


def wal_size(folder: Path) -> int:
    return (folder / "kodkod.db-wal").stat().st_size


def rows_in_the_database_alone(folder: Path) -> int:
    """Count the rows that are there without the write-ahead log."""
    alone = shutil.copy(folder / "kodkod.db", folder / "alone.db")
    with sqlite3.connect(alone) as connection:
        found = connection.execute("SELECT count(*) FROM t").fetchone()[0]
    connection.close()
    return found


async def test_what_was_committed_is_copied_into_the_database_by_itself(sqlite, tmp_path):
    await add_rows(sqlite, 600)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            if rows_in_the_database_alone(tmp_path) >= 200:
                break
        except sqlite3.DatabaseError:
            pass  # It was copied while a checkpoint wrote.
        await asyncio.sleep(0.05)
    else:
        pytest.fail("no checkpoint was made")


async def test_a_long_log_is_begun_anew_and_grows_no_more(sqlite, tmp_path):
    await add_rows(sqlite, 60)
    size = wal_size(tmp_path)
    with sqlite3.connect(tmp_path / "kodkod.db", timeout=0) as connection:
        checkpoint(connection, long=20)
    connection.close()
    await add_rows(sqlite, 40)
    assert wal_size(tmp_path) == size


async def test_whoever_reads_delays_no_checkpoint(sqlite, tmp_path):
    await add_rows(sqlite, 30)
    reading = sqlite3.connect(tmp_path / "kodkod.db", isolation_level=None)
    reading.execute("BEGIN")
    reading.execute("SELECT count(*) FROM t").fetchone()
    await add_rows(sqlite, 30)
    connection = sqlite3.connect(tmp_path / "kodkod.db", timeout=0)
    began = time.monotonic()
    assert checkpoint(connection, long=1) > 0
    assert time.monotonic() - began < 5
    # and what the reader sees stays as it was, and all the rest is there afterwards
    assert reading.execute("SELECT count(*) FROM t").fetchone() == (30,)
    reading.execute("COMMIT")
    assert reading.execute("SELECT count(*) FROM t").fetchone() == (60,)
    reading.close()
    connection.close()


async def test_only_what_passes_may_be_lost(database):
    if database.is_sqlite:
        sure = await asyncio.to_thread(database.change_now, synced)
        passing = await asyncio.to_thread(lambda: database.change_now(synced, passing=True))
        assert (sure, passing) == (2, 1)  # FULL, NORMAL
        return
    async with database.write(passing=True) as connection:
        assert await told(connection, "SHOW synchronous_commit") == "off"
    async with database.write() as connection:
        assert await told(connection, "SHOW synchronous_commit") == "on"


async def synced(connection: AsyncConnection) -> object:
    return await told(connection, "PRAGMA synchronous")


async def told(connection: AsyncConnection, question: str) -> object:
    return (await connection.execute(sa.text(question))).scalar_one()
