"""The database: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import quote

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from kodkod.api import UnavailableError
from kodkod.store.checkpoints import Checkpoints
from kodkod.store.direct import call_directly

__all__ = ["Database", "now", "revisions", "sync_url"]

_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_MS = 15_000
_LOOK_AGAIN_SECONDS = 0.001
_IMMEDIATE = "BEGIN IMMEDIATE"
_MIGRATION_LOCK = 0x6B6F646B6D

P = ParamSpec("P")
T = TypeVar("T")


def now() -> datetime:
    """Return the present, with its zone."""
    return datetime.now(UTC)


class Database:
    """Connections to one database, reads and writes kept apart.

    A SQLite write transaction takes its lock at the start (BEGIN IMMEDIATE): one that upgrades
    half-way fails at once where another holds the lock, whatever the time-out says.

    A commit is on disk before it is acknowledged, unless it is made in `passing`: what a second
    later would be out of date anyway is kept if a process dies, and may be lost if the power
    fails. It costs no fsync, and nobody waits behind one.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        sync: sa.Engine | None = None,
        passing: sa.Engine | None = None,
    ) -> None:
        self.engine = engine
        self._sync = sync
        self._passing = passing
        self._writer: ThreadPoolExecutor | None = None
        self._reader: ThreadPoolExecutor | None = None
        self.is_sqlite = engine.dialect.name == "sqlite"
        self.to_shred = False
        self._checkpoints = Checkpoints(self._plain) if self.is_sqlite else None
        self._reading = engine.execution_options(kodkod_begin="BEGIN")
        self._outside = engine.execution_options(
            kodkod_begin=None, **({} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"})
        )

    @classmethod
    def at(cls, url: str, data_dir: Path) -> Database:
        """Make a database object for `url`, or for the embedded one; nothing is opened yet."""
        if not url:
            url = f"sqlite:///{data_dir / 'kodkod.db'}"
        if url.startswith("sqlite"):
            arguments = {"timeout": _BUSY_MS / 1000, "factory": _RollingBack}
            plain = sync_url(url)
            engine = create_async_engine(
                plain.replace("sqlite:", "sqlite+aiosqlite:", 1), connect_args=arguments
            )
            sync, passing = (sa.create_engine(plain, connect_args=arguments) for _ in range(2))
            _configure_sqlite(engine.sync_engine, _begin)
            _configure_sqlite(sync, _begin_soon)
            _configure_sqlite(passing, _begin_soon, synchronous="NORMAL")
            return cls(engine, sync, passing)
        url = url.replace("postgres://", "postgresql://", 1)
        return cls(create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:", 1)))

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection that only reads."""
        async with _opened(self._reading) as connection:
            yield connection

    @asynccontextmanager
    async def write(self, *, passing: bool = False) -> AsyncIterator[AsyncConnection]:
        """Open a transaction: committed at the end, rolled back on an error."""
        async with _opened(self.engine) as connection, connection.begin():
            if passing and not self.is_sqlite:
                await connection.execute(sa.text("SET LOCAL synchronous_commit TO OFF"))
            yield connection
        self._committed()

    @asynccontextmanager
    async def outside(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection without a transaction: each statement sees what is there by then."""
        async with _opened(self._outside) as connection:
            yield connection

    async def transact(self, work: Callable[[sa.Connection], T]) -> T:
        """Run synchronous `work` in one transaction and return what it returns.

        On SQLite it runs whole in one thread: an async driver changes threads for every
        statement, which costs a busy machine more than the statements do.
        """
        if self._sync is None:
            async with self.engine.begin() as connection:
                return await connection.run_sync(work)
        if self._writer is None:
            self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, self._transact, work)

    async def ask(
        self,
        query: Callable[Concatenate[AsyncConnection, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Call a function of the store that reads, in a thread of its own; see `transact`.

        For short questions that are asked all the time: they queue behind one another.
        """
        if self._sync is None:
            async with self.read() as connection:
                return await query(connection, *args, **kwargs)
        if self._reader is None:
            self._reader = ThreadPoolExecutor(1, thread_name_prefix="reader")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._reader,
            lambda: self.read_now(lambda connection: query(connection, *args, **kwargs)),
        )

    async def change(
        self,
        change: Callable[Concatenate[AsyncConnection, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Call a function of the store in one transaction; see `transact`."""
        if self._sync is None:
            async with self.write() as connection:
                return await change(connection, *args, **kwargs)
        return await self.transact(
            lambda connection: call_directly(connection, change, *args, **kwargs)
        )

    def read_now(self, query: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Call a function of the store that reads, in this thread (SQLite only)."""
        engine = cast("sa.Engine", self._sync).execution_options(kodkod_begin="BEGIN")
        with engine.connect() as connection:
            return call_directly(connection, query)

    def change_now(
        self, change: Callable[[AsyncConnection], Awaitable[T]], *, passing: bool = False
    ) -> T:
        """Call a function of the store in one transaction, in this thread (SQLite only)."""
        return self._transact(lambda connection: call_directly(connection, change), passing=passing)

    def _transact(self, work: Callable[[sa.Connection], T], *, passing: bool = False) -> T:
        engine = cast("sa.Engine", self._passing if passing else self._sync)
        with engine.begin() as connection:
            found = work(connection)
        self._committed()
        return found

    def _committed(self) -> None:
        if self._checkpoints is not None:
            self._checkpoints.committed()

    def _plain(self) -> sqlite3.Connection:
        # Whoever reads while the log is begun anew is not waited for.
        return sqlite3.connect(str(self.engine.url.database), timeout=0)

    def reader(self) -> sqlite3.Connection:
        """Open a plain connection that only reads, for questions of microseconds (SQLite)."""
        path = quote(str(self.engine.url.database))
        return sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)

    async def migrate(self, revision: str = "head") -> None:
        """Bring the tables to this version, or to an earlier one where there are none yet.

        Raises:
            UnavailableError: the database does not answer or cannot be written.
        """
        try:
            async with self.engine.connect() as connection:
                await connection.run_sync(_upgrade, revision)
        except (OSError, DBAPIError) as error:
            where = self.engine.url.render_as_string(hide_password=True)
            raise UnavailableError(
                f"The database {where} cannot be used: {error}. Check that it runs, that the "
                "folder exists and that it may be written."
            ) from error

    async def shred(self) -> None:
        """Let nothing that was deleted be left in SQLite's write-ahead log.

        Where somebody reads for longer than one waits for a lock, it is left `to_shred` and done
        when it is called again. PostgreSQL's own vacuum does the same later.
        """
        if self.is_sqlite:
            async with self.outside() as connection:
                result = await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                busy: int = result.scalar_one()  # The first of three figures.
            self.to_shred = bool(busy)

    async def close(self) -> None:
        """Close all connections."""
        for threads in (self._writer, self._reader):
            if threads is not None:
                threads.shutdown()
        if self._checkpoints is not None:
            self._checkpoints.close()
        for engine in (self._sync, self._passing):
            if engine is not None:
                engine.dispose()
        await self.engine.dispose()


class _RollingBack(sqlite3.Connection):
    """A connection that rolls back before it is closed.

    SQLite keeps a closed connection, its locks included, for as long as one of its statements has
    rows to give. Whoever is cancelled between `UPDATE ... RETURNING` and its rows leaves one.
    """

    def close(self) -> None:
        with suppress(sqlite3.ProgrammingError):  # It is closed already.
            self.rollback()
        super().close()


@asynccontextmanager
async def _opened(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Give a connection, which is closed in any case.

    A task that is cancelled while its connection is opened would leave it to nobody: the driver's
    thread goes on, and may have begun a transaction that locks all others out.
    """
    connection = engine.connect()
    opening = asyncio.ensure_future(connection.start())
    try:
        await asyncio.shield(opening)
        yield connection
    finally:
        await asyncio.shield(_closing(connection, opening))


async def _closing(connection: AsyncConnection, opening: asyncio.Future[AsyncConnection]) -> None:
    await asyncio.wait([opening])
    if not opening.cancelled() and opening.exception() is None:
        await connection.close()


def sync_url(url: str) -> str:
    """Return the URL without its async driver, for people and tools."""
    return url.replace("+aiosqlite", "").replace("+asyncpg", "")


def revisions() -> list[str]:
    """Return the revisions of the tables that this version knows, the newest first."""
    return [each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def _upgrade(connection: sa.Connection, revision: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    if connection.dialect.name != "sqlite":
        # Servers and workers that start together would make the same tables.
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
    command.upgrade(config, revision)


def _begin(connection: sa.Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)


def _begin_soon(connection: sa.Connection, statement: str) -> None:
    """Begin within a millisecond of when the lock is free, in a thread that may sleep.

    SQLite's own waiting looks again after 1, 2, 5, 10 and up to 100 ms: behind a worker that
    held the lock for ten, whoever annotates would wait for thirty.
    """
    if statement != _IMMEDIATE:
        connection.exec_driver_sql(statement)
        return
    end = time.monotonic() + _BUSY_MS / 1000
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.exec_driver_sql(statement)
            except OperationalError as error:
                busy = getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() > end:
                    raise
                time.sleep(_LOOK_AGAIN_SECONDS)
            else:
                return
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {_BUSY_MS}")


def _configure_sqlite(
    engine: sa.Engine,
    begin_by: Callable[[sa.Connection, str], None],
    synchronous: str = "FULL",
) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        # The driver must not open transactions on its own: "begin" below does.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute(f"PRAGMA synchronous = {synchronous}")
        cursor.execute("PRAGMA wal_autocheckpoint = 0")  # There are our own: `Checkpoints`.
        cursor.execute("PRAGMA foreign_keys = ON")
        # What is deleted is overwritten, not only marked as free.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        statement = connection.get_execution_options().get("kodkod_begin", _IMMEDIATE)
        if statement is not None:
            begin_by(connection, statement)
