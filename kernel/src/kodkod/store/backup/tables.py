"""The rows of every table, as they are stored: whole numbers, texts, floats, truth values."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic.migration import MigrationContext
from msgspec import Struct

from kodkod.store.tables import attempts, event, metadata, redirected, token, worker

__all__ = [
    "Rows",
    "as_stored",
    "counters_in",
    "raise_counters",
    "read_tables",
    "revision_in",
    "write_rows",
]

# Who works now, what browsers were told in the last days, who is at the door: true of the moment
# only.
_PASSING = frozenset({worker.name, event.name, attempts.name, redirected.name})
_BATCH = 5_000


class Rows(Struct, frozen=True):
    """A table's rows, in batches; each row has its values in the order of `columns`."""

    table: str
    columns: list[str]
    batches: Iterator[list[Sequence[Any]]]


def as_stored(table: sa.Table) -> sa.Table:
    """Return the table with plain types: times stay numbers and JSON stays text."""
    return sa.Table(
        table.name,
        sa.MetaData(),
        *(
            sa.Column(
                column.name,
                column.type.impl_instance
                if isinstance(column.type, sa.types.TypeDecorator)
                else column.type,
                primary_key=column.primary_key,
            )
            for column in table.columns
        ),
    )


def revision_in(connection: sa.Connection) -> str | None:
    """Return the revision of the tables in a database; None where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def read_tables(connection: sa.Connection, *, whole: bool = False) -> Iterator[Rows]:
    """Yield each table before those that refer to it. Read a table's batches before the next.

    Sessions, events, workers and attempts to sign in are left out, unless it is `whole`. Of a
    database that an older version left, its tables and columns are read.
    """
    inspector = sa.inspect(connection)
    present = set(inspector.get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in present or (table.name in _PASSING and not whole):
            continue
        known = {column["name"] for column in inspector.get_columns(table.name)}
        stored = as_stored(table)
        columns = [column for column in stored.columns if column.name in known]
        query = sa.select(*columns).order_by(*stored.primary_key)
        if table is token and not whole:
            query = query.where(stored.c.name.is_not(None))
        names = [str(column.name) for column in columns]  # not the quoted kind
        yield Rows(str(table.name), names, _batches(connection, query))


def counters_in(connection: sa.Connection) -> dict[str, int]:
    """Return the last number that was given in each table that numbers its rows."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence")
        known = metadata.tables.keys()
        return {name: int(seq) for name, seq in found if name in known}
    counters: dict[str, int] = {}
    present = set(sa.inspect(connection).get_table_names())
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None or table.name not in present:
            continue
        sequence = connection.execute(
            sa.select(sa.func.pg_get_serial_sequence(f'"{table.name}"', column.name))
        ).scalar_one()
        last, called = connection.exec_driver_sql(
            f"SELECT last_value, is_called FROM {sequence}"  # noqa: S608 - the database's own name
        ).one()
        if called:
            counters[str(table.name)] = last
    return counters


def write_rows(
    target: sqlite3.Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert rows into a table of a SQLite database."""
    names = ", ".join(f'"{name}"' for name in columns)
    places = ", ".join("?" * len(columns))
    target.executemany(
        f'INSERT INTO "{table}" ({names}) VALUES ({places})',  # noqa: S608 - checked names
        rows,
    )


def raise_counters(target: sqlite3.Connection, counters: dict[str, int]) -> None:
    """Let tables count on after these numbers, if they are not beyond them."""
    for table, last in counters.items():
        found = target.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)
        ).fetchone()
        if found is None:
            target.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))
        elif found[0] < last:
            target.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (last, table))


def _batches(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[list[Sequence[Any]]]:
    streaming = connection.execution_options(stream_results=True, yield_per=_BATCH)
    result = streaming.execute(query)
    try:
        for part in result.partitions():
            yield [tuple(row) for row in part]
    finally:
        result.close()
