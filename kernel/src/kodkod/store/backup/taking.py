"""Back up: the tables in one snapshot, then the files that it names, into one archive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod import __version__
from kodkod.api import UnavailableError
from kodkod.store.backup.archive import (
    FORMAT,
    ArchiveWriter,
    Manifest,
    Missing,
    TablePart,
    table_member,
    write_archive,
)
from kodkod.store.backup.holding import Holding
from kodkod.store.backup.tables import counters_in, read_tables, revision_in
from kodkod.store.backup.wanted import PlacesOf, Wanted, wanted_by
from kodkod.store.database import Database, now, revisions
from kodkod.store.tables import project

__all__ = ["Told", "back_up", "snapshot"]

_TRIES = 4
_PAUSE_SECONDS = 0.25
_NOTHING = (
    "There is nothing to back up; see that --data-dir and --database-url are those of the server."
)

Told = Callable[[str, int, int | None], None]
"""Called with what is done, how much of it is done, and of how much, if that is known."""


async def back_up(database: Database, places_of: PlacesOf, path: Path, told: Told) -> Manifest:
    """Write an archive of all that matters; the server may go on working.

    What was acknowledged before this is called is in it.

    Raises:
        UnavailableError: the database cannot be read or the archive cannot be written.
    """
    await _probe(database)
    with write_archive(path) as archive:
        with _readable():
            facts, missing = await _collect(database, places_of, archive, told)
        manifest = Manifest(
            format=FORMAT,
            kodkod=__version__,
            revision=facts.revision,
            created_at=facts.created_at,
            tables=facts.tables,
            counters=facts.counters,
            members=dict(archive.members),
            missing=missing,
        )
        archive.finish(manifest)
    return manifest


@asynccontextmanager
async def snapshot(database: Database) -> AsyncIterator[AsyncConnection]:
    """Open a connection that sees one state of the database, whatever is written meanwhile."""
    if database.is_sqlite:
        async with database.read() as connection:
            yield connection
        return
    frozen = database.engine.execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )
    async with frozen.connect() as connection:
        yield connection


class _Facts(Struct, frozen=True, kw_only=True):
    revision: str
    created_at: datetime
    counters: dict[str, int]
    tables: dict[str, TablePart]


async def _probe(database: Database) -> None:
    """See that there is a database of Kodkod, before anything is written."""
    if database.is_sqlite and not Path(str(database.engine.url.database)).exists():
        raise UnavailableError(f"{_NOTHING} {database.engine.url.database} does not exist.")
    with _readable(OSError):
        async with snapshot(database) as connection:
            await connection.run_sync(_revision)


@contextmanager
def _readable(*errors: type[Exception]) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, *errors) as error:
        reason = getattr(error, "orig", None) or error
        raise UnavailableError(f"The database cannot be read: {reason}.") from error


async def _collect(
    database: Database, places_of: PlacesOf, archive: ArchiveWriter, told: Told
) -> tuple[_Facts, list[Missing]]:
    """Take a snapshot, hold its files, write its tables, then the files.

    Between a commit and what it does to files some moments pass: where the files are not those
    of the snapshot, another one is taken.
    """
    for left in reversed(range(_TRIES)):
        with Holding() as holding:
            facts = await _read_snapshot(database, places_of, holding, archive, told, last=not left)
            if facts is not None:
                _write_files(holding, archive, told)
                return facts, holding.missing
        await asyncio.sleep(_PAUSE_SECONDS)
    raise AssertionError("the last try is always taken")


async def _read_snapshot(
    database: Database,
    places_of: PlacesOf,
    holding: Holding,
    archive: ArchiveWriter,
    told: Told,
    *,
    last: bool,
) -> _Facts | None:
    async with snapshot(database) as connection:
        revision, created_at = await connection.run_sync(_revision), now()
        wanted = await connection.run_sync(wanted_by, places_of)
        for each in wanted:
            holding.hold(each)
        if not last and (holding.missing or await _gone(database, wanted)):
            return None
        return _Facts(
            revision=revision,
            created_at=created_at,
            counters=await connection.run_sync(counters_in),
            tables=await connection.run_sync(_write_tables, archive, told),
        )


def _revision(connection: sa.Connection) -> str:
    revision = revision_in(connection)
    if revision is None:
        raise UnavailableError(f"{_NOTHING} The database has no tables of Kodkod.")
    if revision not in revisions():
        raise UnavailableError(
            f"The database is of a newer version of Kodkod (revision {revision}); back it up "
            "with that version."
        )
    return revision


async def _gone(database: Database, wanted: list[Wanted]) -> bool:
    """Tell whether a project of the snapshot is gone: a new one may have taken its folder."""
    async with database.read() as connection:
        present = set((await connection.execute(sa.select(project.c.id))).scalars())
    return any(each.kind == "corpus" and int(each.id) not in present for each in wanted)


def _write_tables(
    connection: sa.Connection, archive: ArchiveWriter, told: Told
) -> dict[str, TablePart]:
    encoder = msgspec.json.Encoder()
    tables: dict[str, TablePart] = {}
    for rows in read_tables(connection):
        done = 0
        with archive.member(table_member(rows.table)) as sink:
            for batch in rows.batches:
                sink.write(encoder.encode_lines(batch))
                done += len(batch)
                told(f"table {rows.table}", done, None)
        tables[rows.table] = TablePart(columns=rows.columns, rows=done)
    return tables


def _write_files(holding: Holding, archive: ArchiveWriter, told: Told) -> None:
    done, total = 0, holding.size
    for file in holding.release():
        with archive.member(file.name) as sink:
            for chunk in _told_of(file.chunks(), told, done, total):
                sink.write(chunk)
        done += file.size


def _told_of(chunks: Iterator[bytes], told: Told, done: int, total: int) -> Iterator[bytes]:
    for chunk in chunks:
        done += len(chunk)
        told("files", done, max(done, total))
        yield chunk
