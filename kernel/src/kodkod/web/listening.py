"""One listener: what it asked for, and what waits to be sent to it."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Mapping

import msgspec
from msgspec import Struct

from kodkod.store.events import EventRow
from kodkod.store.people import Identity

__all__ = [
    "LAGGING",
    "MOST_WAITING",
    "Listener",
    "Members",
    "Resync",
    "Told",
    "Wants",
    "rooms_of",
    "told",
]

Members = Mapping[int, frozenset[int]]
"""The ids of a project's members, each with the schemes that do not exist for them."""

LAGGING = 100
"""So many events wait for a listener that of each job's progress only the newest is kept."""
MOST_WAITING = 1_000
"""So many events wait for a listener that it is let go."""
_PROGRESS = "job.progress"


class Told(Struct, frozen=True):
    """An event, and the bytes that all who hear it are sent."""

    event: EventRow
    body: bytes

    @property
    def id(self) -> int:
        """The event's id."""
        return self.event.id


class Resync(Struct, frozen=True, kw_only=True):
    """The data of the event `resync`: what was missed cannot be told; load what you show anew.

    `reason` is `expired` (it is no longer kept), `ahead` (this server never gave the id `after`:
    its database was put back to an earlier state, or it is another server) or `unreadable`.
    """

    reason: str
    after: str


class Wants(Struct, frozen=True, kw_only=True):
    """Who listens, and to what. Without an identity it is this server, which hears all."""

    identity: Identity | None = None
    project_id: int | None = None
    job_id: str | None = None

    @property
    def hears_all(self) -> bool:
        """Whether no membership is asked for."""
        return self.identity is None or self.identity.role == "root"

    @property
    def room(self) -> Hashable:
        """Where it listens: an event is told in `rooms_of` and costs nothing elsewhere."""
        if self.job_id is not None:
            return ("job", self.job_id)
        if self.project_id is not None:
            return ("project", self.project_id)
        if self.identity is None or self.hears_all:
            return "everything"
        return ("user", self.identity.user_id)

    @property
    def member_id(self) -> int | None:
        """The user whose memberships say what it may hear, if they do."""
        return None if self.identity is None or self.hears_all else self.identity.user_id

    def may_hear(self, event: EventRow, members: Members) -> bool:
        """Tell whether an event of its room is for it; `members` are those of its project."""
        if self.identity is None or self.hears_all:
            return True
        if event.project_id is None:
            return event.data.get("user_id") == self.identity.user_id
        hidden = members.get(self.identity.user_id)
        return hidden is not None and event.data.get("scheme_id") not in hidden

    def asks_for(self, event: EventRow) -> bool:
        """Tell whether an event is told in its room."""
        if self.job_id is not None:
            return _job_of(event) == self.job_id
        return self.project_id is None or self.project_id == event.project_id


def rooms_of(event: EventRow, members: Members) -> list[Hashable]:
    """Return the rooms in which an event is told."""
    rooms: list[Hashable] = ["everything"]
    if event.project_id is None:
        rooms.append(("user", event.data.get("user_id")))
    else:
        rooms.append(("project", event.project_id))
        rooms += [("user", user_id) for user_id in members]
    if (job := _job_of(event)) is not None:
        rooms.append(("job", job))
    return rooms


def told(event: EventRow) -> Told:
    """Write an event as it is sent, once for all."""
    data = msgspec.json.encode(event.data)
    return Told(event, b"id: %d\nevent: %b\ndata: %b\n\n" % (event.id, event.type.encode(), data))


def _job_of(event: EventRow) -> str | None:
    return event.data.get("id") if event.type.startswith("job.") else None


class Listener:
    """Takes events from the hub at once, and gives them to whoever sends them.

    `position` is the id up to which it has been told everything. Belongs to the event loop's
    thread.
    """

    def __init__(self, wants: Wants, position: int) -> None:
        self.wants = wants
        self.position = position
        self.ended = False
        self._waiting: dict[int, Told] = {}
        self._newest_progress: dict[str, int] = {}
        self._wake = asyncio.Event()

    def tell(self, each: Told) -> None:
        """Let an event wait to be sent. A listener that lags too far behind is ended."""
        if self.ended or each.id <= self.position:
            return
        self.position = each.id
        if each.event.type == _PROGRESS:
            self._replace_progress(each)
        self._waiting[each.id] = each
        if len(self._waiting) > MOST_WAITING:
            self.end()
        self._wake.set()

    def end(self) -> None:
        """Say nothing more; what waits is left to the next connection."""
        self.ended = True
        self._waiting.clear()
        self._wake.set()

    def nudge(self) -> None:
        """Let `next` return, even if with nothing."""
        self._wake.set()

    async def next(self) -> list[Told]:
        """Return what waits once there is something, or nothing after a nudge or at the end."""
        await self._wake.wait()
        self._wake.clear()
        waiting = list(self._waiting.values())
        self._waiting.clear()
        self._newest_progress.clear()
        return waiting

    def _replace_progress(self, each: Told) -> None:
        job = each.event.data["id"]
        if len(self._waiting) >= LAGGING:
            self._waiting.pop(self._newest_progress.get(job, 0), None)
        self._newest_progress[job] = each.id
