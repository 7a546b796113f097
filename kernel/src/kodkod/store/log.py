"""The annotation log: append-only, committed in groups, heard in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from time import perf_counter
from typing import Any

import sqlalchemy as sa
import structlog
from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import UnavailableError
from kodkod.store.database import Database, now
from kodkod.store.tables import annotation

__all__ = ["Entry", "LogWriter", "NewEntry", "read_entries", "read_history", "seq_at"]

_log = structlog.get_logger("kodkod.store")

# Any number will do, as long as every server on the database uses the same.
_LOG_LOCK = 0x6B6F646B6F64
_GROUP = 5_000


class NewEntry(Struct, frozen=True, kw_only=True):
    """An entry that is not stored yet.

    `op` is `set` (a user's value for a row; null clears), `merge` or `delete` (of labels), `undo`
    (of a merge or delete), or `promote` (a user lets answers of a machine count, or no longer:
    its values are set beside it), or `accept` (a user lets suggestions count as adjudications,
    which are set beside it, or no longer). `value` is JSON: a coded value, or what the operation
    needs. `undoes` is the seq that this entry takes back. `strategy` is what chose the row, or
    the act of which an adjudication is a part. `flagged` asks others to look at the text.
    """

    project_id: int
    scheme_id: int
    op: str
    row: int | None
    user_id: int
    value: str | None
    source: str = "human"
    strategy: str | None = None
    selection_probability: float | None = None
    model_version: int | None = None
    comment: str = ""
    flagged: bool = False
    seconds: float | None = None
    undoes: int | None = None


class Entry(NewEntry, frozen=True, kw_only=True):
    """An entry of the log. `seq` grows, with gaps."""

    seq: int
    created_at: datetime


_COLUMNS = tuple(annotation.c[name] for name in Entry.__struct_fields__)
_USED = sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'annotation'")
_NEXT = sa.text(
    "SELECT nextval(pg_get_serial_sequence('annotation', 'seq')) FROM generate_series(1, :n)"
)
_TAIL = sa.select(sa.func.coalesce(sa.func.max(annotation.c.seq), 0))


class LogWriter:
    """Writes what has gathered in one transaction, then acknowledges all of it.

    `heard` is called with every entry of the log, in order, each exactly once: this process's
    own after they are on disk and before they are acknowledged, and those that other processes
    have written. `took` is told the seconds of each commit.
    """

    def __init__(
        self,
        database: Database,
        heard: Callable[[Sequence[Entry]], None],
        took: Callable[[float], object] = lambda _: None,
    ) -> None:
        self._database = database
        self._heard = heard
        self._took = took
        self._waiting: list[tuple[Sequence[NewEntry], asyncio.Future[list[int]]]] = []
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._last = 0
        self._turn = asyncio.Lock()

    @property
    def last_seq(self) -> int:
        """The position up to which the log was heard."""
        return self._last

    async def start(self) -> None:
        """Begin at the log's end as it is now."""
        async with self._database.read() as connection:
            self._last = (await connection.execute(_TAIL)).scalar_one()
        self._task = asyncio.create_task(self._run(), name="annotation log")

    async def stop(self) -> None:
        """Write what is waiting, then end."""
        if self._task is None:
            return
        task, self._task = self._task, None
        self._wake.set()
        await task

    async def append(self, entries: Sequence[NewEntry]) -> list[int]:
        """Store `entries` together and return their seqs once they are on disk.

        Raises:
            UnavailableError: the database cannot be written; nothing was stored.
        """
        if self._task is None:
            raise UnavailableError("The server is stopping; send the annotations again.")
        done: asyncio.Future[list[int]] = asyncio.get_running_loop().create_future()
        self._waiting.append((entries, done))
        self._wake.set()
        return await done

    async def catch_up(self) -> None:
        """Hear what other processes have written."""
        async with self._turn:
            async with self._database.read() as connection:
                missed = await connection.execute(_between(self._last, None))
            self._hear([_entry(row) for row in missed])

    async def _run(self) -> None:
        while self._task is not None or self._waiting:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                await self._write(self._take())

    def _take(self) -> list[tuple[Sequence[NewEntry], asyncio.Future[list[int]]]]:
        size, count = 0, 0
        for entries, _ in self._waiting:
            if count and size + len(entries) > _GROUP:
                break
            size, count = size + len(entries), count + 1
        group, self._waiting = self._waiting[:count], self._waiting[count:]
        return group

    async def _write(
        self, group: list[tuple[Sequence[NewEntry], asyncio.Future[list[int]]]]
    ) -> None:
        time = now()
        new = [entry for entries, _ in group for entry in entries]
        try:
            async with self._turn:
                missed, seqs = await self._commit(new, time)
                self._hear(missed)
                self._hear(
                    [
                        Entry(seq=seq, created_at=time, **asdict(entry))
                        for seq, entry in zip(seqs, new, strict=True)
                    ]
                )
        except (SQLAlchemyError, OSError) as error:
            if len(group) > 1 and _is_of_one(error):
                for one in group:
                    await self._write([one])
                return
            reason = getattr(error, "orig", None) or error
            for _, done in group:
                if not done.done():
                    done.set_exception(
                        UnavailableError(f"The annotations could not be stored: {reason}.")
                    )
            return
        position = 0
        for entries, done in group:
            if not done.done():
                done.set_result(seqs[position : position + len(entries)])
            position += len(entries)

    async def _commit(self, new: list[NewEntry], time: datetime) -> tuple[list[Entry], list[int]]:
        rows = [{**asdict(entry), "created_at": time} for entry in new]

        def write(connection: sa.Connection) -> tuple[list[Entry], list[int]]:
            if not self._database.is_sqlite:
                # Without it, a later seq could be committed before an earlier one.
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOG_LOCK)))
            tail = connection.execute(_TAIL).scalar_one()
            missed: list[Entry] = []
            if tail > self._last:
                missed = [_entry(row) for row in connection.execute(_between(self._last, tail))]
            seqs = self._numbers(connection, len(rows))
            connection.execute(
                sa.insert(annotation),
                [{**row, "seq": seq} for row, seq in zip(rows, seqs, strict=True)],
            )
            return missed, seqs

        began = perf_counter()
        done = await self._database.transact(write)
        self._took(perf_counter() - began)
        return done

    def _numbers(self, connection: sa.Connection, n: int) -> list[int]:
        """Take the next `n` seqs: a plain insert of many rows is four times as fast as one that
        returns the numbers it gave. A seq is never given twice, even if its entry is deleted.
        """
        if self._database.is_sqlite:
            used = connection.execute(_USED).scalar() or 0
            return list(range(used + 1, used + n + 1))
        return list(connection.execute(_NEXT, {"n": n}).scalars())

    def _hear(self, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        self._last = entries[-1].seq
        try:
            self._heard(entries)
        except Exception:  # noqa: BLE001 - logged; they are on disk, and the writer must live on
            _log.exception("entries of the log could not be taken up", until=self._last)


async def read_entries(
    connection: AsyncConnection,
    scheme_id: int,
    *,
    after: int = 0,
    until: int | None = None,
    limit: int | None = None,
) -> list[Entry]:
    """Return a scheme's entries with `after < seq <= until`, in order."""
    query = (
        sa.select(*_COLUMNS)
        .where(annotation.c.scheme_id == scheme_id, annotation.c.seq > after)
        .order_by(annotation.c.seq)
    )
    if until is not None:
        query = query.where(annotation.c.seq <= until)
    if limit is not None:
        query = query.limit(limit)
    return [_entry(row) for row in await connection.execute(query)]


async def read_history(
    connection: AsyncConnection,
    scheme_id: int,
    *,
    user_id: int | None,
    row: int | None,
    before: int | None,
    limit: int,
) -> list[tuple[Entry, str | None]]:
    """Return entries of a scheme, newest first, of a user and of a row where these are named.

    With each comes what the same user's value for the row was before it, if there was one: of
    their votes before a vote, of their decisions before a decision.
    """
    earlier = annotation.alias("earlier")
    decides = annotation.c.source == "adjudication"
    was = (
        sa.select(earlier.c.value)
        .where(
            earlier.c.scheme_id == annotation.c.scheme_id,
            earlier.c.row == annotation.c.row,
            earlier.c.seq < annotation.c.seq,
            earlier.c.user_id == annotation.c.user_id,
            (earlier.c.source == "adjudication") == decides,
        )
        .order_by(earlier.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        sa.select(*_COLUMNS, was.label("was"))
        .where(annotation.c.scheme_id == scheme_id)
        .order_by(annotation.c.seq.desc())
        .limit(limit)
    )
    if user_id is not None:
        query = query.where(annotation.c.user_id == user_id)
    if row is not None:
        query = query.where(annotation.c.row == row)
    if before is not None:
        query = query.where(annotation.c.seq < before)
    found: list[tuple[Entry, str | None]] = []
    for each in await connection.execute(query):
        values = dict(each._mapping)
        value_before = values.pop("was")
        found.append((Entry(**values), value_before))
    return found


async def seq_at(connection: AsyncConnection, scheme_id: int, moment: int | datetime) -> int:
    """Return the last position of a scheme's log that is not after `moment`; 0 before the first.

    A time is exclusive: what was written at it comes after.
    """
    until = (
        annotation.c.seq <= moment if isinstance(moment, int) else annotation.c.created_at < moment
    )
    newest = sa.func.coalesce(sa.func.max(annotation.c.seq), 0)
    query = sa.select(newest).where(annotation.c.scheme_id == scheme_id, until)
    return (await connection.execute(query)).scalar_one()


def _is_of_one(error: Exception) -> bool:
    """Tell whether a database refused what was written, rather than being out of reach.

    Those who happened to be in the same group must not lose theirs by it.
    """
    return (
        isinstance(error, DBAPIError)
        and not isinstance(error, (OperationalError, InterfaceError))
        and not error.connection_invalidated
    )


def _between(after: int, until: int | None) -> sa.Select[Any]:
    query = sa.select(*_COLUMNS).where(annotation.c.seq > after).order_by(annotation.c.seq)
    return query if until is None else query.where(annotation.c.seq <= until)


def _entry(row: sa.Row) -> Entry:
    return Entry(**row._mapping)
