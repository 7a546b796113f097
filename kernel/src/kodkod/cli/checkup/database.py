"""The database: whether it answers, is whole, is of this version, and how fast it writes."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import sqlite3
import statistics
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from time import perf_counter

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.cli.checkup.finding import Case, Finding, ok, problem, warning
from kodkod.store.audit import broken_audit
from kodkod.store.database import Database, now, revisions, sync_url
from kodkod.store.workers import SILENT_SECONDS, WorkerRow, forget_worker, note_worker

__all__ = ["SKEW_SECONDS", "check_database", "collect", "is_current", "of_skew"]

_WRITES = 5
_SLOW_MS = 50.0
SKEW_SECONDS = 2.0


def _is_made(case: Case) -> bool:
    """Tell whether there is a database yet, as far as can be told without asking one."""
    return case.database_file is None or case.database_file.exists()


def check_database(case: Case) -> Iterator[Finding]:
    """See that the database is well. An embedded one that is not there yet is well."""
    if not _is_made(case):
        yield ok("database", f"{case.database_file} is made at the first start")
        return
    if case.database_file is not None:
        fault = _fault_of_file(case.database_file)
        if fault is not None:
            yield fault
            return
    yield from asyncio.run(collect(_examine(case)))


async def collect(findings: AsyncIterator[Finding]) -> list[Finding]:
    """Return all of them."""
    return [each async for each in findings]


def _fault_of_file(file: Path) -> Finding | None:
    """Have SQLite check a file, reading only: it takes a second for some hundred MB."""
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
            told = [row[0] for row in connection.execute("PRAGMA quick_check(5)")]
    except sqlite3.Error as error:
        told = [str(error)]
    if told == ["ok"]:
        return None
    return problem(
        "database",
        f"{file} is damaged or cannot be read: {'; '.join(told)}",
        "Stop the server, keep a copy of the data folder, and bring the last backup back.",
    )


async def _examine(case: Case) -> AsyncIterator[Finding]:
    database = Database.at(case.settings.database_url, case.settings.data_dir)
    where = sync_url(database.engine.url.render_as_string(hide_password=True))
    try:
        async with database.read() as connection:
            yield ok("database", f"{where} answers; {await _version(connection)}")
            revision = await revision_of(connection)
            skew = None if database.is_sqlite else await _skew(connection)
        yield _of_revision(revision)
        if skew is not None:
            yield of_skew(skew, "the database")
        if revision == revisions()[0]:
            async with database.read() as connection:
                yield _of_audit(await broken_audit(connection))
        if revision == revisions()[0] and case.writes:
            yield _of_speed(await _time_to_write(database))
    except (SQLAlchemyError, OSError) as error:
        reason = getattr(error, "orig", None) or error
        mend = "See that it runs, that the address is right, and that its disk is not full."
        yield problem("database", f"{where} cannot be used: {reason}", mend)
    finally:
        await database.close()


async def _version(connection: AsyncConnection) -> str:
    if connection.dialect.name == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}, whole"
    told = (await connection.execute(sa.text("SHOW server_version"))).scalar_one()
    return f"PostgreSQL {told}"


async def revision_of(connection: AsyncConnection) -> str | None:
    """Return the revision of the tables; None where there are none."""
    there = await connection.run_sync(lambda sync: sa.inspect(sync).has_table("alembic_version"))
    if not there:
        return None
    query = sa.text("SELECT version_num FROM alembic_version")
    return (await connection.execute(query)).scalar()


def _of_revision(revision: str | None) -> Finding:
    known = revisions()
    if revision is None:
        return ok("database", "It has no tables yet: they are made at the first start")
    if revision == known[0]:
        return ok("database", f"Its tables are of this version ({revision})")
    if revision in known:
        mend = "Back up, then start the server: it brings them up to date."
        return warning("database", f"Its tables are of an older version ({revision}).", mend)
    mend = "Install that version of Kodkod again, or bring a backup of this version back."
    return problem("database", f"Its tables are of a newer version ({revision}).", mend)


async def _skew(connection: AsyncConnection) -> float:
    before = now()
    told: datetime = (await connection.execute(sa.select(sa.func.clock_timestamp()))).scalar_one()
    return (told - before - (now() - before) / 2).total_seconds()


def of_skew(seconds: float, whose: str) -> Finding:
    """Judge how far a clock is ahead of this machine's."""
    if abs(seconds) < SKEW_SECONDS:
        return ok("clock", f"This machine and {whose} agree within {abs(seconds):.1f} s")
    ahead = "ahead of" if seconds > 0 else "behind"
    said = f"The clock of {whose} is {abs(seconds):.0f} s {ahead} this machine's."
    mend = (
        "Let all machines keep time (NTP): workers on a machine whose clock is late are taken "
        f"to be dead after {SILENT_SECONDS:.0f} s."
    )
    find = problem if abs(seconds) > SILENT_SECONDS / 2 else warning
    return find("clock", said, mend)


def _of_audit(broken: int | None) -> Finding:
    if broken is None:
        return ok("audit log", "Each entry fits the one before it")
    return problem(
        "audit log",
        f"Entry {broken} does not fit the one before it: one of them was changed, or some between "
        "them were taken out.",
        "Compare with the last backup; find out who can write to the database.",
    )


async def _time_to_write(database: Database) -> float:
    """Return the milliseconds of a commit that leaves nothing behind."""
    times: list[float] = []
    for _ in range(_WRITES):
        began = perf_counter()
        async with database.write() as connection:
            # Made and taken away in one transaction, so that nobody ever sees it.
            row = _nobody()
            await note_worker(connection, row)
            await forget_worker(connection, row.name)
        times.append((perf_counter() - began) * 1000)
    return statistics.median(times)


def _nobody() -> WorkerRow:
    present = now()
    return WorkerRow(
        name=f"doctor-{secrets.token_hex(6)}",
        host=socket.gethostname(),
        pid=os.getpid(),
        queue="",
        card=None,
        master="",
        restarts=0,
        job_id=None,
        rss_mb=0,
        cards=[],
        started_at=present,
        heartbeat_at=present,
    )


def _of_speed(milliseconds: float) -> Finding:
    if milliseconds < _SLOW_MS:
        return ok("database", f"A write is on its disk after {milliseconds:.1f} ms")
    return warning(
        "database",
        f"A write is on its disk after {milliseconds:.0f} ms only: who annotates waits for that.",
        "Move it to a faster disk, or see what else uses this one.",
    )


def is_current(case: Case) -> bool:
    """Tell whether the tables are of this version, so that they can be asked."""

    async def ask() -> bool:
        database = Database.at(case.settings.database_url, case.settings.data_dir)
        try:
            async with database.read() as connection:
                return await revision_of(connection) == revisions()[0]
        except (SQLAlchemyError, OSError):
            return False
        finally:
            await database.close()

    return _is_made(case) and asyncio.run(ask())
