"""What is stored reaches whoever listens: this server's live projects, browsers, scripts."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Callable, Hashable, Iterable, Sequence
from contextlib import aclosing, suppress

import msgspec
import structlog

from kodkod.jobs.records import JobNews
from kodkod.jobs.refresher import Refresher
from kodkod.project.residency import Residency
from kodkod.store.database import Database
from kodkod.store.events import EventRow, first_event, last_event, read_events
from kodkod.store.follow import Ends
from kodkod.store.log import LogWriter
from kodkod.web.audience import Audience
from kodkod.web.listening import Listener, Resync, Told, Wants, rooms_of, told

__all__ = ["EventHub"]

_PAGE = 100
"""So many events are told at once: far fewer than may wait for a listener."""
_MISSED_PAGE = 500
_FORGETTING = frozenset({"project.deleted", "person.erased"})
_RECENT = 1_000
"""So many events are kept in memory for those who come back after a moment, often all at once."""
_AT_ONCE = 100
"""So many listeners are told before others have their turn in the event loop."""
_CHECK_SECONDS = 2.0

_log = structlog.get_logger("kodkod.web")


class EventHub:
    """Reads what any process has written, in order, each event once, and tells it.

    Nobody's rights are looked up for an event: who may hear a project is remembered for two
    seconds, and as often all who listen are checked together. `heard` is called with what happens
    to jobs.
    """

    def __init__(
        self,
        database: Database,
        log: LogWriter,
        residency: Residency,
        refresher: Refresher,
        heard: Callable[[EventRow], None] = lambda _: None,
    ) -> None:
        self._database = database
        self._log = log
        self._residency = residency
        self._refresher = refresher
        self._heard = heard
        self._audience = Audience(database)
        self._listeners: set[Listener] = set()
        self._rooms: defaultdict[Hashable, set[Listener]] = defaultdict(set)
        self._recent: deque[Told] = deque(maxlen=_RECENT)
        self._last = 0
        self._settled = 0
        self._closed = False
        self._check_now = asyncio.Event()
        self._checking: asyncio.Task[None] | None = None

    @property
    def last(self) -> int:
        """Return the id of the newest event heard."""
        return self._last

    @property
    def listeners(self) -> int:
        """Return how many clients listen."""
        return sum(listener.wants.identity is not None for listener in self._listeners)

    @property
    def settled(self) -> int:
        """Return the id up to which all who listen were told what is for them."""
        return self._settled

    async def start(self) -> None:
        """Begin after the newest event there is."""
        async with self._database.read() as connection:
            self._last = self._settled = await last_event(connection)
            recent = await read_events(connection, after=self._last - _RECENT, until=self._last)
        self._recent.extend(map(told, recent))
        self._checking = asyncio.create_task(self._keep_checking(), name="listeners' rights")

    def close(self) -> None:
        """End every listener's stream, and take no more."""
        self._closed = True
        if self._checking is not None:
            self._checking.cancel()
        for listener in self._listeners:
            listener.end()

    def forget_rights(self) -> None:
        """Look everybody's rights up again: this process has changed somebody's."""
        self._audience.forget()
        self._check_now.set()

    async def noticed(self, ends: Ends) -> None:
        """Read on: the database has changed."""
        if ends.seq > self._log.last_seq:
            await self._log.catch_up()
        while ends.event > self._last:
            async with self._database.read() as connection:
                events = await read_events(connection, after=self._last, limit=_PAGE)
            if not events:
                return
            await self._know(events)
            for event in events:
                await self._take(event)
            await self._tell(events)

    async def hear(self, listener: Listener) -> AsyncGenerator[list[Told] | Resync]:
        """Yield what a listener has missed since its position, then what comes, until it ends.

        What comes is an empty list after a nudge. After `Resync` goes on what comes after the
        listener's new position; what was between is not known.
        """
        if self._closed:
            return
        self._listeners.add(listener)
        room, began = listener.wants.room, listener.position
        try:
            while (missed := await self._missed(listener)) is not None:
                yield missed
            if listener.position > began:
                listener.nudge()  # It may have missed much, and nothing of it was for it.
            # Nothing was awaited since it turned out that no event is missing.
            self._rooms[room].add(listener)
            while not listener.ended:
                yield await listener.next()
        finally:
            self._listeners.discard(listener)
            self._rooms[room].discard(listener)
            if not self._rooms[room]:
                del self._rooms[room]

    async def listen(self, after: int) -> AsyncGenerator[EventRow]:
        """Yield every event with a greater id, for the server itself."""
        async with aclosing(self.hear(Listener(Wants(), after))) as heard:
            async for each in heard:
                if not isinstance(each, Resync):
                    for one in each:
                        yield one.event

    async def _missed(self, listener: Listener) -> list[Told] | Resync | None:
        """Return some of what was missed, and move on; None at once when that is all."""
        if listener.position > self._last and await self._is_ahead(listener):
            return self._resync(listener, "ahead")
        while listener.position < self._last and not listener.ended:
            page = await self._missed_page(listener, until=self._last)
            if page is None:
                return self._resync(listener, "expired")
            if page:
                return page
        return None

    async def _missed_page(self, listener: Listener, until: int) -> list[Told] | None:
        """Return a page of it; None if a part of it is not kept (any more)."""
        if self._recent and listener.position >= self._recent[0].id:
            return await self._remembered(listener)
        wants = listener.wants
        async with self._database.read() as connection:
            first = await first_event(connection)
            if listener.position < first and first > 1:
                return None
            events = await read_events(
                connection,
                after=listener.position,
                until=until,
                project_id=wants.project_id,
                member_id=wants.member_id,
                limit=_MISSED_PAGE,
            )
        listener.position = events[-1].id if len(events) == _MISSED_PAGE else until
        missed = [event for event in events if wants.asks_for(event)]
        await self._know(missed)
        return [
            told(event)
            for event in missed
            if wants.may_hear(event, self._audience.of(event.project_id))
        ]

    async def _remembered(self, listener: Listener) -> list[Told]:
        wants, position = listener.wants, listener.position
        missed = [
            each for each in self._recent if each.id > position and wants.asks_for(each.event)
        ]
        await self._know(each.event for each in missed)
        listener.position = self._recent[-1].id
        # What came meanwhile is of projects that were looked up when it came.
        return [
            each
            for each in self._recent
            if each.id > position
            and wants.asks_for(each.event)
            and wants.may_hear(each.event, self._audience.of(each.event.project_id))
        ]

    async def _know(self, events: Iterable[EventRow]) -> None:
        await self._audience.know({e.project_id for e in events if e.project_id is not None})

    async def _is_ahead(self, listener: Listener) -> bool:
        # Another server on the same database may have told it what this one has yet to read.
        async with self._database.read() as connection:
            return listener.position > await last_event(connection)

    def _resync(self, listener: Listener, reason: str) -> Resync:
        after, listener.position = listener.position, self._last
        return Resync(reason=reason, after=str(after))

    async def _tell(self, events: Sequence[EventRow]) -> None:
        letters = list(map(told, events))
        mail = self._address(letters)
        # Whoever comes from here on finds these events itself.
        self._recent.extend(letters)
        self._last = letters[-1].id
        for number, (listener, theirs) in enumerate(mail.items(), 1):
            for letter in theirs:
                listener.tell(letter)
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)
        self._settled = self._last

    def _address(self, letters: Sequence[Told]) -> dict[Listener, list[Told]]:
        mail: defaultdict[Listener, list[Told]] = defaultdict(list)
        for letter in letters:
            members = self._audience.of(letter.event.project_id)
            for room in rooms_of(letter.event, members):
                for listener in self._rooms.get(room, ()):
                    if listener.wants.may_hear(letter.event, members):
                        mail[listener].append(letter)
        return mail

    async def _take(self, event: EventRow) -> None:
        try:
            if event.type.startswith("scheme.") and event.project_id is not None:
                await self._residency.reload_schemes(event.project_id)
            elif event.type == "task.changed" and event.project_id is not None:
                await self._residency.reload_tasks(event.project_id)
            elif (
                event.type in {"project.deleted", "person.erased"} and event.project_id is not None
            ):
                self._residency.drop(event.project_id)
            elif event.type.startswith("job."):
                await self._refresher.heard(msgspec.convert(event.data, JobNews))
                self._heard(event)
        except Exception:  # noqa: BLE001 - logged; it is told all the same, and what follows it
            _log.exception("an event could not be taken up", id=event.id, type=event.type)

    async def _keep_checking(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_CHECK_SECONDS):
                    await self._check_now.wait()
            self._check_now.clear()
            try:
                for listener in await self._audience.unwelcome(self._listeners):
                    listener.end()
            except Exception:  # noqa: BLE001 - logged; it must be tried again, whatever happens
                # They hear nothing either meanwhile: events are in the same database.
                _log.exception("listeners' rights could not be checked")
