"""Events: what browsers and scripts are told, kept for a while so that they can catch up.

Ids are in the order of the commits: whoever has seen an id has seen all before it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.database import now
from kodkod.store.memberships import project_ids_of
from kodkod.store.tables import event

__all__ = [
    "EventRow",
    "add_event",
    "first_event",
    "last_event",
    "purge_events",
    "read_events",
]

_EVENT_LOCK = 0x6B6F646B65


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
    """Store an event in the transaction of what it tells of, as the last thing in it.

    On PostgreSQL whoever else stores an event waits for the transaction's end.
    """
    if connection.dialect.name != "sqlite":
        # Without it, a later id could be committed before an earlier one.
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_EVENT_LOCK)))
    await connection.execute(
        sa.insert(event).values(project_id=project_id, type=type_, data=data, created_at=now())
    )


async def first_event(connection: AsyncConnection) -> int:
    """Return the id of the oldest event that is kept, 0 where there is none."""
    return (await connection.execute(sa.select(sa.func.min(event.c.id)))).scalar() or 0


async def last_event(connection: AsyncConnection) -> int:
    """Return the id of the newest event, 0 where there is none."""
    return (await connection.execute(sa.select(sa.func.max(event.c.id)))).scalar() or 0


async def read_events(
    connection: AsyncConnection,
    *,
    after: int,
    until: int | None = None,
    project_id: int | None = None,
    member_id: int | None = None,
    limit: int = 1_000,
) -> list[EventRow]:
    """Return events with `after < id <= until`, in order: of one project, or of all.

    `member_id` leaves out the projects that this user does not belong to now, but not what belongs
    to no project.
    """
    query = sa.select(event).where(event.c.id > after).order_by(event.c.id).limit(limit)
    if until is not None:
        query = query.where(event.c.id <= until)
    if project_id is not None:
        query = query.where(event.c.project_id == project_id)
    if member_id is not None:
        theirs = sa.select(project_ids_of(member_id).subquery().c.project_id)
        query = query.where(event.c.project_id.in_(theirs) | event.c.project_id.is_(None))
    return [EventRow(**row._mapping) for row in await connection.execute(query)]


async def purge_events(connection: AsyncConnection, older_than: timedelta) -> None:
    """Forget old events, but not the newest: it says how far the ids have come."""
    fresh = (
        sa.select(event.c.id)
        .where(event.c.created_at >= now() - older_than)
        .order_by(event.c.id)
        .limit(1)
    )
    # Ids and times grow together: whoever walks from the oldest event stops at the first fresh one.
    first_kept = (await connection.execute(fresh)).scalar() or await last_event(connection)
    await connection.execute(sa.delete(event).where(event.c.id < first_kept))
