"""The database: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from kodkod.api import UnavailableError

__all__ = ["Database", "now", "sync_url"]

_MIGRATIONS = Path(__file__).parent / "migrations"
_BUSY_MS = 15_000


def now() -> datetime:
    """Return the present, with its zone."""
    return datetime.now(UTC)


class Database:
    """Connections to one database, reads and writes kept apart.

    A SQLite write transaction takes its lock at the start (BEGIN IMMEDIATE): one that upgrades
    half-way fails at once where another holds the lock, whatever the time-out says.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._reading = engine.execution_options(kodkod_begin="BEGIN")
        self._outside = engine.execution_options(
            kodkod_begin=None, **({} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"})
        )

    @classmethod
    def at(cls, url: str, data_dir: Path) -> Database:
        """Make a database object for `url`, or for the embedded one; nothing is opened yet."""
        if not url:
            return cls(_sqlite_engine(f"sqlite+aiosqlite:///{data_dir / 'kodkod.db'}"))
        if url.startswith("sqlite"):
            return cls(_sqlite_engine(url.replace("sqlite:", "sqlite+aiosqlite:", 1)))
        url = url.replace("postgres://", "postgresql://", 1)
        return cls(create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:", 1)))

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection that only reads."""
        async with self._reading.connect() as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction: committed at the end, rolled back on an error."""
        async with self.engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def outside(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection without a transaction: each statement sees what is there by then."""
        async with self._outside.connect() as connection:
            yield connection

    async def migrate(self) -> None:
        """Bring the tables to this version.

        Raises:
            UnavailableError: the database does not answer or cannot be written.
        """
        try:
            async with self.engine.connect() as connection:
                await connection.run_sync(_upgrade)
        except (OSError, DBAPIError) as error:
            where = self.engine.url.render_as_string(hide_password=True)
            raise UnavailableError(
                f"The database {where} cannot be used: {error}. Check that it runs, that the "
                "folder exists and that it may be written."
            ) from error

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def sync_url(url: str) -> str:
    """Return the URL without its async driver, for people and tools."""
    return url.replace("+aiosqlite", "").replace("+asyncpg", "")


def _upgrade(connection: sa.Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _sqlite_engine(url: str) -> AsyncEngine:
    engine = create_async_engine(url, connect_args={"timeout": _BUSY_MS / 1000})

    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        # The driver must not open transactions on its own: "begin" below does.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: sa.Connection) -> None:
        statement = connection.get_execution_options().get("kodkod_begin", "BEGIN IMMEDIATE")
        if statement is not None:
            connection.exec_driver_sql(statement)

    return engine
