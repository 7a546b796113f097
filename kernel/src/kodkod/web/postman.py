"""Sends what is to be told to webhooks, and tries again.

A delivery is sent at least once. Whoever takes one has it for the time of a lease; what a server
that was killed had under way is taken by the next one, under the same id.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, cast

import structlog
from msgspec import Struct
from sqlalchemy.exc import DBAPIError

from kodkod.api import (
    Destination,
    InvalidInputError,
    KodkodError,
    NotFoundError,
    Notification,
    Notifier,
    Outcome,
)
from kodkod.plugins import PluginRegistry
from kodkod.settings import Settings
from kodkod.store.database import Database, now
from kodkod.store.deliveries import Due, State, is_any_due, purge_deliveries, settle, take_due
from kodkod.store.sealing import Sealer
from kodkod.store.webhooks import note_attempt
from kodkod.web.names import Names
from kodkod.web.outbox import Outbox
from kodkod.web.webhook_keys import opened

__all__ = ["Pace", "Postman"]

_KEPT = timedelta(days=30)
_log = structlog.get_logger("kodkod.webhooks")


class Pace(Struct, frozen=True, kw_only=True):
    """How often to look, and how long to wait.

    `retries` are the waits after the first attempt, the second, and so on, each a fifth shorter or
    longer by chance, so that what failed together does not come back together.
    """

    look_seconds: float = 1.0
    lease: timedelta = timedelta(seconds=60)
    attempt_seconds: float = 30.0
    at_once: int = 32
    retries: tuple[float, ...] = (5, 60, 300, 1_800, 7_200, 21_600, 43_200)
    longest_wait: float = 86_400.0
    give_up_after: timedelta = timedelta(days=3)
    """A webhook to which nothing has arrived for so long is turned off."""


class Postman:
    """One for each server. Belongs to the event loop's thread."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        registry: PluginRegistry,
        names: Names,
        *,
        outbox: Outbox | None = None,
        pace: Pace | None = None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._database = database
        self._registry = registry
        self._names = names
        self._public_url = settings.public_url.rstrip("/")
        self._sealer = Sealer(settings.data_dir)
        self._outbox = outbox or Outbox(database)
        self._pace = pace or Pace()
        self._clock = clock
        self._sending: dict[int, asyncio.Task[None]] = {}
        self._wake = asyncio.Event()

    def nudge(self) -> None:
        """Look at once: there is something new, or room for it."""
        self._wake.set()

    async def run(self) -> None:
        """Look for what is new and send what is due, until cancelled."""
        try:
            while True:
                try:
                    await self._outbox.gather()
                    await self.send_due()
                except (DBAPIError, OSError) as error:
                    _log.warning("webhooks could not be looked after", error=str(error))
                # `wait_for` forgets, until Python 3.12, a cancellation that comes with a nudge.
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._pace.look_seconds):
                        await self._wake.wait()
                self._wake.clear()
        finally:
            for task in self._sending.values():
                task.cancel()
            await asyncio.gather(*self._sending.values(), return_exceptions=True)

    async def send_due(self) -> None:
        """Begin to send what is due, one delivery to a webhook at a time."""
        room = self._pace.at_once - len(self._sending)
        time, busy = self._clock(), list(self._sending)
        if room <= 0 or not await self._database.ask(is_any_due, time, busy):
            return
        async with self._database.write() as connection:
            taken = await take_due(connection, time, self._pace.lease, busy=busy, limit=room)
        for due in taken:
            task = asyncio.create_task(self._send(due), name=f"delivery {due.delivery.id}")
            self._sending[due.delivery.webhook_id] = task

    async def settled(self) -> None:
        """Wait until what is under way has ended."""
        await asyncio.gather(*self._sending.values())

    async def tidy(self) -> None:
        """Forget deliveries that ended long ago."""
        async with self._database.write() as connection:
            await purge_deliveries(connection, _KEPT)

    async def _send(self, due: Due) -> None:
        try:
            outcome = await self._attempt(due)
            await self._settle(due, outcome)
        except (DBAPIError, OSError) as error:
            # It is sent again when its lease is over.
            _log.warning("what became of a delivery is not noted", error=str(error))
        finally:
            del self._sending[due.delivery.webhook_id]
            self.nudge()

    async def _attempt(self, due: Due) -> Outcome:
        try:
            notifier = self._notifier(due.format)
            destination = await asyncio.to_thread(self._destination, due)
        except NotFoundError:
            why = f"No plugin that is installed sends in the format {due.format!r}."
            return Outcome(state="failed", problem=why)
        except InvalidInputError:
            why = "Its address was sealed with another key, as after a restore: enter it anew."
            return Outcome(state="refused", problem=why)
        except KodkodError as error:
            return Outcome(state="failed", problem=error.message)
        notification = await self._notification(due)
        try:
            async with asyncio.timeout(self._pace.attempt_seconds):
                return await notifier.send(notification, destination)
        except TimeoutError:
            return Outcome(state="failed", problem="There was no answer in time.")
        except Exception as error:  # noqa: BLE001 - logged; one plugin's failure stays its own
            # A message might have the address in it.
            _log.error("a notifier failed", format=due.format, error=type(error).__name__)
            why = f"The notifier failed ({type(error).__name__}); tell its author."
            return Outcome(state="failed", problem=why)

    async def _settle(self, due: Due, outcome: Outcome) -> None:
        time, delivery = self._clock(), due.delivery
        state, wait = self._next(delivery.attempts, outcome)
        arrived = outcome.state == "delivered"
        failing_since = None if arrived else due.failing_since or time
        async with self._database.write() as connection:
            await settle(
                connection,
                delivery,
                state,
                time + timedelta(seconds=wait),
                status=outcome.status,
                problem=outcome.problem,
            )
            await note_attempt(
                connection,
                delivery.webhook_id,
                failing_since=failing_since,
                off_because=self._off_because(outcome, state, failing_since, time),
            )

    def _next(self, attempts: int, outcome: Outcome) -> tuple[State, float]:
        """Return the state of a delivery after its attempt, and how long to wait for the next."""
        if outcome.state == "delivered":
            return "delivered", 0.0
        if outcome.state != "failed" or attempts >= len(self._pace.retries):
            return "failed", 0.0
        wait = self._pace.retries[attempts] * random.uniform(0.8, 1.2)  # noqa: S311 - a pause
        asked = min(outcome.retry_after or 0.0, self._pace.longest_wait)
        return "waiting", max(wait, asked)

    def _off_because(
        self, outcome: Outcome, state: State, failing_since: datetime | None, time: datetime
    ) -> str:
        if outcome.state == "gone":
            return "The other side answered that it is gone for good (410)."
        too_long = failing_since and time - failing_since > self._pace.give_up_after
        if state == "failed" and too_long:
            return f"Nothing has arrived for {self._pace.give_up_after.days} days."
        return ""

    async def _notification(self, due: Due) -> Notification:
        delivery, user = due.delivery, None
        if delivery.user_id is not None:
            await self._names.know([delivery.user_id])
            user = self._names[delivery.user_id]
        return Notification(
            id=delivery.id,
            type=delivery.type,
            at=delivery.happened_at,
            project=due.project,
            project_name=due.project_name,
            user=user,
            link=f"{self._public_url}/projects/{due.project}" if self._public_url else "",
            data=delivery.data,
        )

    def _destination(self, due: Due) -> Destination:
        return opened(self._sealer, due.sealed).destination(self._clock())

    def _notifier(self, format_: str) -> Notifier[Any]:
        return cast("Notifier[Any]", self._registry.build("notifier", format_, {}))
