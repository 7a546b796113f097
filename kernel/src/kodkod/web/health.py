"""What keeps people from working, and jobs from running, in words."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from sqlalchemy.exc import SQLAlchemyError

from kodkod import __version__
from kodkod.api import UnavailableError
from kodkod.jobs.supervisor import WorkerStatus
from kodkod.settings import Settings
from kodkod.store.database import now
from kodkod.store.overview import QueueSum, sum_queues
from kodkod.store.workers import queues_served
from kodkod.web.annotating_contract import Health
from kodkod.web.machine import free_mb
from kodkod.web.recent import Recent

if TYPE_CHECKING:
    from kodkod.web.services import Services

__all__ = ["HealthCheck", "Standing"]

_LEAST_SECONDS = 1.0
_PATIENCE_SECONDS = 3.0
_UNSERVED_SECONDS = 30.0
"""A job may wait so long before it counts that nobody takes it: workers need some to start."""


class Standing(Struct, frozen=True, kw_only=True):
    """What the server stands on, at one moment.

    `queues` and `served` are the database's, None where it does not answer; `messages` are the
    broker's. `short` says which disks are nearly full.
    """

    queues: dict[str, QueueSum] | None
    served: set[str]
    messages: dict[str, int] | None
    short: list[str]


class HealthCheck:
    """Tells how the server is. It is asked often, and by anybody: what costs is remembered."""

    def __init__(self, services: Services) -> None:
        self._services = services
        seconds = max(_LEAST_SECONDS, services.settings.monitor_ms / 1000)
        self._recent: Recent[str, Standing] = Recent(seconds=seconds, limit=1)

    async def health(self) -> Health:
        """Return how the server is: its workers at this moment, all else a second ago or so."""
        return self.of(cast("Standing", await self._recent.fetch("", self.look)))

    def of(self, standing: Standing) -> Health:
        """Return the health of a server that stands so."""
        supervisor = self._services.supervisor
        places = supervisor.status() if supervisor is not None else []
        problems = [*_said_of(standing, self._services.settings), *_said_of_workers(places)]
        status = "degraded" if problems else "ok"
        return Health(
            status="down" if standing.queues is None else status,
            version=__version__,
            workers=sum(place.pid is not None for place in places),
            problems=problems,
        )

    async def look(self) -> Standing:
        """Look at database, broker and disks."""
        services = self._services
        queues, served = await self._ask_database()
        messages = None
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                messages = await services.dispatcher.waiting()
        except (UnavailableError, TimeoutError):
            pass  # None says so.
        short = await asyncio.to_thread(_short_disks, services.settings)
        return Standing(queues=queues, served=served, messages=messages, short=short)

    async def _ask_database(self) -> tuple[dict[str, QueueSum] | None, set[str]]:
        try:
            async with (
                asyncio.timeout(_PATIENCE_SECONDS),
                self._services.database.read() as connection,
            ):
                return await sum_queues(connection), await queues_served(connection)
        except (SQLAlchemyError, OSError):
            return None, set()


def _short_disks(settings: Settings) -> list[str]:
    folders = {"data": settings.data_dir, "models": settings.models}
    free = {name: free_mb(folder) for name, folder in folders.items()}
    return [
        f"The disk of the {name} folder has {free[name]} MB left; free some: jobs are refused "
        f"below {settings.min_free_mb} MB."
        for name in folders
        if free[name] < settings.min_free_mb
    ]


def _said_of(standing: Standing, settings: Settings) -> Iterator[str]:
    if standing.queues is None:
        yield "The database does not answer: nobody can work."
    if standing.messages is None:
        yield "The broker does not answer: no job starts until it does; annotating goes on."
    yield from standing.short
    for queue in (standing.queues or {}).values():
        waited = _seconds_since(queue.waiting_since)
        if queue.queue not in standing.served and waited > _UNSERVED_SECONDS:
            yield (
                f"{queue.queued} jobs wait in the queue {queue.queue}, the first for "
                f"{waited:.0f} s, and no worker takes jobs from it."
            )


def _said_of_workers(places: Iterable[WorkerStatus]) -> Iterator[str]:
    for place in places:
        if place.pid is not None:
            continue
        if place.died_at is None:
            yield f"A worker for {place.queue} jobs is being started."
            continue
        again = place.restarts_at
        yield (
            f"A worker for {place.queue} jobs is down since {_clock(place.died_at)} (it was "
            f"restarted {place.restarts} times before); it is restarted"
            + (f" at {_clock(again)}." if again is not None and again > now() else " now.")
        )


def _seconds_since(moment: datetime | None) -> float:
    return 0.0 if moment is None else (now() - moment).total_seconds()


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M:%S} UTC"
