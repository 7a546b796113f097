"""A PostgreSQL database to and from a SQLite file, and its content replaced as a whole."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError, UnavailableError
from kodkod.store.backup.ground import Ground
from kodkod.store.backup.tables import (
    as_stored,
    counters_in,
    raise_counters,
    read_tables,
    write_rows,
)
from kodkod.store.backup.taking import snapshot
from kodkod.store.database import Database
from kodkod.store.tables import event, metadata

__all__ = ["has_event", "keep_tables", "replaced_tables"]

_PATIENCE_SECONDS = 3.0
_PAUSE_SECONDS = 0.1
_LOCK_MS = 10_000
# Others that are like this one: a server and its workers use one name and one password.
_OTHERS = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND usename = current_user AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend' "
    "AND application_name = current_setting('application_name')"
)
_REFERENCES = sa.text(
    "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) "
    "FROM pg_constraint WHERE contype = 'f' AND conrelid IN (SELECT oid FROM pg_class "
    "WHERE relnamespace = current_schema()::regnamespace AND relname = ANY(:names))"
)


async def keep_tables(ground: Ground, file: Path) -> Path:
    """Copy the whole database into a new SQLite file, which is returned."""
    file.parent.mkdir(parents=True)
    kept = Database.at("", file.parent)
    await kept.migrate()
    await kept.close()
    await ground.prepare()
    database = ground.open()
    try:
        async with snapshot(database) as connection:
            await connection.run_sync(_copy_out, file)
    finally:
        await database.close()
    return file


@asynccontextmanager
async def replaced_tables(ground: Ground, file: Path) -> AsyncIterator[None]:
    """Replace all rows by those of a SQLite file of this version, in one transaction.

    It is committed after what the caller does, or not at all.

    Raises:
        ConflictError: another process uses the database.
    """
    database = ground.open()
    try:
        async with database.outside() as connection:
            await _be_alone(connection)
        async with database.write() as connection:
            await _replace(connection, file)
            yield
    finally:
        await database.close()


async def _replace(connection: AsyncConnection, file: Path) -> None:
    ours = {"names": list(metadata.tables)}
    references = (await connection.execute(_REFERENCES, ours)).all()
    names = ", ".join(f'"{name}"' for name in metadata.tables)
    await connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_LOCK_MS}")
    for table, name, _ in references:
        await connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    await connection.exec_driver_sql(f"TRUNCATE {names}")
    with closing(sqlite3.connect(file)) as source:
        await _copy_in(connection, source)
    # Checked for all rows at once: that takes a third of the time of one after the other.
    for table, name, meaning in references:
        await connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {meaning}")


async def has_event(ground: Ground, type_: str, token: str) -> bool:
    """Tell whether the database has an event of this type with this token.

    Raises:
        UnavailableError: the database does not answer.
    """
    database = ground.open()
    try:
        async with database.read() as connection:
            if not await connection.run_sync(lambda each: sa.inspect(each).has_table(event.name)):
                return False
            query = sa.select(event.c.data).where(event.c.type == type_)
            found = (await connection.execute(query)).scalars().all()
    except (OSError, DBAPIError) as error:
        raise UnavailableError(
            "A restore was interrupted, and the database does not answer: whether it had come to "
            f"its end cannot be told ({error})."
        ) from error
    finally:
        await database.close()
    return any(data.get("token") == token for data in found)


async def _be_alone(connection: AsyncConnection) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (await connection.execute(_OTHERS)).scalar_one():
        if time.monotonic() > deadline:
            raise ConflictError(
                "Others use the database, with the user name that this installation has: workers, "
                "another server or a backup. Stop them and restore again. All is as it was."
            )
        await asyncio.sleep(_PAUSE_SECONDS)


def _copy_out(connection: sa.Connection, file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as target:
        target.execute("PRAGMA synchronous = OFF")
        target.execute("BEGIN")
        for rows in read_tables(connection, whole=True):
            for batch in rows.batches:
                write_rows(target, rows.table, rows.columns, batch)
        raise_counters(target, counters_in(connection))
        target.execute("COMMIT")
        target.execute("PRAGMA synchronous = FULL")


async def _copy_in(connection: AsyncConnection, source: sqlite3.Connection) -> None:
    raw = await connection.get_raw_connection()
    driver: Any = raw.driver_connection  # asyncpg's own: COPY is several times as fast
    for table in metadata.sorted_tables:
        columns = [column.name for column in table.columns]
        names = ", ".join(f'"{name}"' for name in columns)
        rows = source.execute(f'SELECT {names} FROM "{table.name}"')  # noqa: S608 - our own names
        try:
            await driver.copy_records_to_table(
                table.name, columns=columns, records=_typed(table, rows)
            )
        except Exception as error:  # the driver raises errors of its own
            raise UnavailableError(
                f"PostgreSQL does not take the table {table.name}: {error}. All is as it was."
            ) from error
    counters: dict[str, int] = dict(source.execute("SELECT name, seq FROM sqlite_sequence"))
    for table in metadata.sorted_tables:
        column, last = table.autoincrement_column, counters.get(table.name, 0)
        if column is not None:
            sequence = sa.func.pg_get_serial_sequence(f'"{table.name}"', column.name)
            await connection.execute(sa.select(sa.func.setval(sequence, max(last, 1), last > 0)))


def _typed(table: sa.Table, rows: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Make truth values of the numbers that SQLite has for them."""
    marks = [isinstance(column.type, sa.Boolean) for column in as_stored(table).columns]
    if not any(marks):
        return rows
    return (
        [
            bool(value) if mark and value is not None else value
            for mark, value in zip(marks, row, strict=True)
        ]
        for row in rows
    )
