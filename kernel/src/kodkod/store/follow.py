"""Notice that something was written to the database, by whichever process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import sqlalchemy as sa

from kodkod.store.database import Database
from kodkod.store.tables import annotation, event

__all__ = ["Follower"]

# SQLite tells of others' commits for the price of reading a counter in shared memory;
# PostgreSQL is asked for the newest ids.
_SQLITE_SECONDS = 0.015
_POSTGRES_SECONDS = 0.1


class Follower:
    """Calls `noticed` after each change, one call at a time."""

    def __init__(self, database: Database, noticed: Callable[[], Awaitable[None]]) -> None:
        self._database = database
        self._noticed = noticed
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._run(), name="database follower")

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        if self._database.is_sqlite:
            probe, pause = sa.text("PRAGMA data_version"), _SQLITE_SECONDS
        else:
            newest = [sa.select(sa.func.max(c)).scalar_subquery() for c in _NEWEST]
            probe, pause = sa.select(*newest), _POSTGRES_SECONDS
        async with self._database.outside() as connection:
            before: tuple[object, ...] | None = None
            while True:
                present = tuple((await connection.execute(probe)).one())
                if present != before:
                    before = present
                    await self._noticed()
                await asyncio.sleep(pause)


_NEWEST = (annotation.c.seq, event.c.id)
