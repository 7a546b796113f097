"""Writes down what is to be told to webhooks, from what is stored anyway.

Each webhook has its place in the events and in the log. Moving it and writing the deliveries is one
transaction, so that nothing is lost or told twice where a server dies, or where there are several.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.database import Database, now
from kodkod.store.deliveries import NewDelivery, add_delivery, saved_annotations
from kodkod.store.events import EventRow, last_event, read_events
from kodkod.store.projects import list_schemes
from kodkod.store.webhooks import Webhook, active_webhooks, take_annotations, take_events
from kodkod.web.telling import ANNOTATIONS, said_of, said_saved, wants

__all__ = ["Outbox", "delivery_id"]

_PAGE = 500
_LAG = 200
"""So many events that are not for a webhook pass before its place in them is written down."""


class Outbox:
    """Looks for what is new. `together` is how long answers are counted before they are told."""

    def __init__(self, database: Database, together: timedelta = timedelta(minutes=1)) -> None:
        self._database = database
        self._together = together

    async def gather(self) -> None:
        """Write down all that has happened since the last time."""
        hooks, last = await self._database.ask(_standing)
        for hook in hooks:
            while hook.event_id < last:
                hook = await self._gather_events(hook, last)
            if wants(hook.events, ANNOTATIONS):
                await self._gather_annotations(hook)

    async def _gather_events(self, hook: Webhook, last: int) -> Webhook:
        page = await self._database.ask(_read_page, hook, last)
        until = page.until
        if page.deliveries or until - hook.event_id >= _LAG:
            async with self._database.write() as connection:
                if await take_events(connection, hook, until):
                    for each in page.deliveries:
                        await add_delivery(connection, each)
        return replace(hook, event_id=until)

    async def _gather_annotations(self, hook: Webhook) -> None:
        saved = await self._database.ask(saved_annotations, hook.project_id, hook.seq)
        if not saved or now() - min(each.first_at for each in saved) < self._together:
            return
        async with self._database.write() as connection:
            if await take_annotations(connection, hook, max(each.last_seq for each in saved)):
                for each in saved:
                    new = _delivery(hook, ANNOTATIONS, None, said_saved(each), each.last_at)
                    await add_delivery(connection, new)


class _Page(Struct, frozen=True):
    deliveries: list[NewDelivery]
    until: int


def delivery_id() -> str:
    """Return the id of something new to tell."""
    return f"msg_{secrets.token_hex(16)}"


async def _standing(connection: AsyncConnection) -> tuple[list[Webhook], int]:
    hooks = await active_webhooks(connection)
    return hooks, await last_event(connection) if hooks else 0


async def _read_page(connection: AsyncConnection, hook: Webhook, last: int) -> _Page:
    events = await read_events(
        connection, after=hook.event_id, until=last, project_id=hook.project_id, limit=_PAGE
    )
    until = events[-1].id if len(events) == _PAGE else last
    wanted = [each for each in events if wants(hook.events, each.type)]
    schemes = {}
    if any(each.data.get("scheme_id") is not None for each in wanted):
        schemes = {each.id: each.name for each in await list_schemes(connection, hook.project_id)}
    return _Page(_deliveries(hook, wanted, schemes), until)


def _deliveries(
    hook: Webhook, events: Sequence[EventRow], schemes: dict[int, str]
) -> list[NewDelivery]:
    return [
        _delivery(hook, event.type, event.data.get("user_id"), said, event.created_at)
        for event in events
        if (said := said_of(event, schemes)) is not None
    ]


def _delivery(
    hook: Webhook, type_: str, user_id: int | None, data: dict[str, Any], at: datetime
) -> NewDelivery:
    return NewDelivery(
        id=delivery_id(),
        webhook_id=hook.id,
        type=type_,
        user_id=user_id,
        data=data,
        happened_at=at,
    )
