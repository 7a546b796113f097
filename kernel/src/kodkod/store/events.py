"""Events: what browsers and scripts are told, kept for a while so that they can catch up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.database import now
from kodkod.store.tables import event

__all__ = ["EventRow", "add_event", "last_event", "purge_events", "read_events"]


class EventRow(Struct, frozen=True, kw_only=True):
    """Something that happened in a project (or in none)."""

    id: int
    project_id: int | None
    type: str
    data: dict[str, Any]
    created_at: datetime


async def add_event(
    connection: AsyncConnection, type_: str, project_id: int | None, data: dict[str, Any]
) -> None:
    """Store an event in the transaction of what it tells of."""
    await connection.execute(
        sa.insert(event).values(project_id=project_id, type=type_, data=data, created_at=now())
    )


async def last_event(connection: AsyncConnection) -> int:
    """Return the id of the newest event, 0 where there is none."""
    return (await connection.execute(sa.select(sa.func.max(event.c.id)))).scalar() or 0


async def read_events(
    connection: AsyncConnection, *, after: int, limit: int = 1_000
) -> list[EventRow]:
    """Return events with a greater id, in order."""
    query = sa.select(event).where(event.c.id > after).order_by(event.c.id).limit(limit)
    return [EventRow(**row._mapping) for row in await connection.execute(query)]


async def purge_events(connection: AsyncConnection, older_than: timedelta) -> None:
    """Forget old events."""
    await connection.execute(sa.delete(event).where(event.c.created_at < now() - older_than))
