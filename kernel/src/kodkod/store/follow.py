"""Notice that something was written to the database, by whichever process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import sqlalchemy as sa
import structlog
from msgspec import Struct

from kodkod.store.database import Database
from kodkod.store.tables import annotation, event

__all__ = ["Ends", "Follower"]

# SQLite tells of others' commits for the price of reading a counter in shared memory;
# PostgreSQL is asked for the newest ids.
_SQLITE_SECONDS = 0.015
_POSTGRES_SECONDS = 0.1
_RETRY_SECONDS = 1.0

_log = structlog.get_logger("kodkod.store")


class Ends(Struct, frozen=True):
    """How far the log and the events have come; 0 where there is nothing."""

    seq: int
    event: int


class Follower:
    """Calls `noticed` after each change of the ends, one call at a time."""

    def __init__(self, database: Database, noticed: Callable[[Ends], Awaitable[None]]) -> None:
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
        follow = self._follow_file if self._database.is_sqlite else self._follow_server
        while True:
            try:
                await follow()
            except Exception:  # noqa: BLE001 - logged; a server must not go deaf for good
                _log.exception("the database could not be followed; trying again")
            await asyncio.sleep(_RETRY_SECONDS)

    async def _follow_file(self) -> None:
        reader = self._database.reader()
        ends = str(_ENDS.compile(compile_kwargs={"literal_binds": True}))
        version, before = None, Ends(0, 0)
        try:
            while True:
                present = reader.execute("PRAGMA data_version").fetchone()
                if present != version:
                    version = present
                    before = await self._compare(before, Ends(*reader.execute(ends).fetchone()))
                await asyncio.sleep(_SQLITE_SECONDS)
        finally:
            reader.close()

    async def _follow_server(self) -> None:
        before = Ends(0, 0)
        async with self._database.outside() as connection:
            while True:
                present = Ends(*(await connection.execute(_ENDS)).one())
                before = await self._compare(before, present)
                await asyncio.sleep(_POSTGRES_SECONDS)

    async def _compare(self, before: Ends, present: Ends) -> Ends:
        if present != before:
            await self._noticed(present)
        return present


_ENDS = sa.select(
    *(
        sa.select(sa.func.coalesce(sa.func.max(column), 0)).scalar_subquery()
        for column in (annotation.c.seq, event.c.id)
    )
)
