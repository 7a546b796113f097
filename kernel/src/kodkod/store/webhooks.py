"""Webhooks: whom a project tells elsewhere, and of what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError, NotFoundError
from kodkod.store.database import now
from kodkod.store.events import last_event
from kodkod.store.tables import annotation, webhook

__all__ = [
    "Webhook",
    "active_webhooks",
    "add_webhook",
    "change_webhook",
    "delete_webhook",
    "find_webhook",
    "list_webhooks",
    "note_attempt",
    "take_annotations",
    "take_events",
]

_MOST = 20
"""So many webhooks a project may have: each is asked what is new, every second."""


class Webhook(Struct, frozen=True, kw_only=True):
    """Whom to tell. `sealed` has the address and the keys, `shown` what may be seen of it.

    Whatever came after `event_id` and, of the log, after `seq` is still to be told.
    """

    id: int
    project_id: int
    name: str
    format: str
    shown: str
    sealed: str
    events: list[str]
    active: bool
    off_because: str
    failing_since: datetime | None
    event_id: int
    seq: int
    created_by: int
    created_at: datetime

    def __repr__(self) -> str:
        """Leave out what is sealed: a traceback needs it as little as a log."""
        return f"Webhook({self.id}, {self.name!r}, {self.shown!r})"


async def add_webhook(
    connection: AsyncConnection,
    *,
    project_id: int,
    name: str,
    format_: str,
    shown: str,
    sealed: str,
    events: list[str],
    created_by: int,
) -> Webhook:
    """Store a webhook, which is told of what comes from now on.

    Raises:
        ConflictError: the project has as many as it may have.
    """
    there = await list_webhooks(connection, project_id)
    if len(there) >= _MOST:
        raise ConflictError(f"The project has {_MOST} webhooks, which is as many as it may have.")
    values = {
        "project_id": project_id,
        "name": name,
        "format": format_,
        "shown": shown,
        "sealed": sealed,
        "events": events,
        "active": True,
        "off_because": "",
        "failing_since": None,
        "created_by": created_by,
        "created_at": now(),
        **await _present(connection, project_id),
    }
    made = await connection.execute(sa.insert(webhook).values(**values).returning(webhook.c.id))
    return Webhook(id=made.scalar_one(), **values)


async def list_webhooks(connection: AsyncConnection, project_id: int) -> list[Webhook]:
    """Return a project's webhooks, the oldest first."""
    query = sa.select(webhook).where(webhook.c.project_id == project_id).order_by(webhook.c.id)
    return [_row(row) for row in await connection.execute(query)]


async def find_webhook(connection: AsyncConnection, project_id: int, webhook_id: int) -> Webhook:
    """Return a webhook of a project.

    Raises:
        NotFoundError: the project has none of this number.
    """
    query = sa.select(webhook).where(webhook.c.id == webhook_id, webhook.c.project_id == project_id)
    row = (await connection.execute(query)).first()
    if row is None:
        raise NotFoundError(f"The project has no webhook {webhook_id}.")
    return _row(row)


async def active_webhooks(connection: AsyncConnection) -> list[Webhook]:
    """Return the webhooks of all projects that are to be told."""
    query = sa.select(webhook).where(webhook.c.active).order_by(webhook.c.id)
    return [_row(row) for row in await connection.execute(query)]


async def change_webhook(connection: AsyncConnection, hook: Webhook, **values: Any) -> None:
    """Change a webhook. One that is turned on again is told of what comes from then on."""
    if values.get("active") and not hook.active:
        values |= {"off_because": "", "failing_since": None}
        values |= await _present(connection, hook.project_id)
    if values:
        change = sa.update(webhook).where(webhook.c.id == hook.id)
        await connection.execute(change.values(**values))


async def delete_webhook(connection: AsyncConnection, hook: Webhook) -> None:
    """Forget a webhook, and what it was told."""
    await connection.execute(sa.delete(webhook).where(webhook.c.id == hook.id))


async def note_attempt(
    connection: AsyncConnection,
    webhook_id: int,
    *,
    failing_since: datetime | None,
    off_because: str = "",
) -> None:
    """Note since when nothing arrives; with a reason, turn the webhook off."""
    values: dict[str, Any] = {"failing_since": failing_since}
    if off_because:
        values |= {"active": False, "off_because": off_because}
    await connection.execute(sa.update(webhook).where(webhook.c.id == webhook_id).values(**values))


async def take_events(connection: AsyncConnection, hook: Webhook, until: int) -> bool:
    """Note that the events until this one are told; False where another server has done that."""
    return await _take(connection, hook, webhook.c.event_id == hook.event_id, event_id=until)


async def take_annotations(connection: AsyncConnection, hook: Webhook, until: int) -> bool:
    """Note that the log is told until this entry; False where another server has done that."""
    return await _take(connection, hook, webhook.c.seq == hook.seq, seq=until)


async def _take(
    connection: AsyncConnection, hook: Webhook, as_read: sa.ColumnElement[bool], **values: int
) -> bool:
    change = sa.update(webhook).where(webhook.c.id == hook.id, webhook.c.active, as_read)
    return (await connection.execute(change.values(**values))).rowcount > 0


async def _present(connection: AsyncConnection, project_id: int) -> dict[str, int]:
    last = sa.select(sa.func.max(annotation.c.seq)).where(annotation.c.project_id == project_id)
    return {
        "event_id": await last_event(connection),
        "seq": (await connection.execute(last)).scalar() or 0,
    }


def _row(row: sa.Row[Any]) -> Webhook:
    return Webhook(**row._mapping)
