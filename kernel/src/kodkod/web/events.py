"""What is stored reaches whoever listens: this server's live projects, browsers, scripts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec

from kodkod.jobs.records import JobNews
from kodkod.jobs.refresher import Refresher
from kodkod.project.residency import Residency
from kodkod.store.database import Database
from kodkod.store.events import EventRow, last_event, read_events
from kodkod.store.follow import Ends
from kodkod.store.log import LogWriter

__all__ = ["EventHub"]

_BACKLOG = 1_000


class EventHub:
    """Reads what any process has written, in order, each event once."""

    def __init__(
        self, database: Database, log: LogWriter, residency: Residency, refresher: Refresher
    ) -> None:
        self._database = database
        self._log = log
        self._residency = residency
        self._refresher = refresher
        self._listeners: set[asyncio.Queue[EventRow | None]] = set()
        self._last = 0

    @property
    def last(self) -> int:
        """Return the id of the newest event heard."""
        return self._last

    async def start(self) -> None:
        """Begin after the newest event there is."""
        async with self._database.read() as connection:
            self._last = await last_event(connection)

    async def noticed(self, ends: Ends) -> None:
        """Read on: the database has changed."""
        if ends.seq > self._log.last_seq:
            await self._log.catch_up()
        if ends.event <= self._last:
            return
        async with self._database.read() as connection:
            events = await read_events(connection, after=self._last)
        for event in events:
            self._last = event.id
            await self._take(event)
            for listener in list(self._listeners):
                self._tell(listener, event)

    async def listen(self, after: int | None) -> AsyncIterator[EventRow]:
        """Yield events as they come; those after the id `after` first, if it is given."""
        queue: asyncio.Queue[EventRow | None] = asyncio.Queue(_BACKLOG)
        self._listeners.add(queue)
        try:
            seen = self._last if after is None else after
            async with self._database.read() as connection:
                missed = await read_events(connection, after=seen)
            for event in missed:
                seen = event.id
                yield event
            while (event := await queue.get()) is not None:
                if event.id > seen:
                    yield event
        finally:
            self._listeners.discard(queue)

    def close(self) -> None:
        """End every listener's stream."""
        for listener in list(self._listeners):
            self._tell(listener, None)

    def _tell(self, listener: asyncio.Queue[EventRow | None], event: EventRow | None) -> None:
        if listener.full():
            # Too slow: the stream ends, and the client comes back with its last event's id.
            self._listeners.discard(listener)
            listener.get_nowait()
            event = None
        listener.put_nowait(event)

    async def _take(self, event: EventRow) -> None:
        if event.type.startswith("scheme.") and event.project_id is not None:
            await self._residency.reload_schemes(event.project_id)
        elif event.type == "project.deleted" and event.project_id is not None:
            self._residency.drop(event.project_id)
        elif event.type.startswith("job."):
            await self._refresher.heard(msgspec.convert(event.data, JobNews))
