"""Messages to all members of a project, or to everybody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import NotFoundError
from kodkod.store.database import now
from kodkod.store.memberships import project_ids_of
from kodkod.store.tables import notice, notice_read, project

__all__ = ["Notice", "add_notice", "delete_notice", "list_notices", "mark_notice", "projects_of"]


class Notice(Struct, frozen=True, kw_only=True):
    """A message to many; of no project, it is to everybody. `read` is the asking user's."""

    id: int
    project_id: int | None
    user_id: int
    text: str
    created_at: datetime
    expires_at: datetime | None
    slug: str | None = None
    read: bool = False


async def projects_of(connection: AsyncConnection, user_id: int) -> set[int]:
    """Return the ids of the projects that a user is a member of, by themselves or by a group."""
    return {row.project_id for row in await connection.execute(project_ids_of(user_id))}


async def add_notice(connection: AsyncConnection, **values: Any) -> Notice:
    """Store a message."""
    values["created_at"] = now()
    made = await connection.execute(sa.insert(notice).values(**values).returning(notice.c.id))
    return Notice(id=made.scalar_one(), **values)


async def list_notices(
    connection: AsyncConnection,
    user_id: int,
    project_ids: Collection[int],
    *,
    before: int | None = None,
    limit: int = 100,
) -> list[Notice]:
    """Return what is to a user and has not expired, newest first."""
    query = _for(user_id, project_ids).order_by(notice.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(notice.c.id < before)
    return [Notice(**row._mapping) for row in await connection.execute(query)]


def _for(user_id: int, project_ids: Collection[int]) -> sa.Select[Any]:
    lasting = sa.or_(notice.c.expires_at.is_(None), notice.c.expires_at > now())
    to_them = sa.or_(notice.c.project_id.is_(None), notice.c.project_id.in_(project_ids))
    return (
        sa.select(notice, project.c.slug, notice_read.c.notice_id.is_not(None).label("read"))
        .outerjoin(project, project.c.id == notice.c.project_id)
        .outerjoin(
            notice_read,
            (notice_read.c.notice_id == notice.c.id) & (notice_read.c.user_id == user_id),
        )
        .where(lasting, to_them)
    )


async def mark_notice(
    connection: AsyncConnection, notice_id: int, user_id: int, project_ids: Collection[int]
) -> None:
    """Note that a user has read a message that is to them.

    Raises:
        NotFoundError: none of this id is.
    """
    found = await connection.execute(_for(user_id, project_ids).where(notice.c.id == notice_id))
    there = found.first()
    if there is None:
        raise NotFoundError(f"There is no message {notice_id} to you.")
    if not there.read:
        await connection.execute(
            sa.insert(notice_read).values(notice_id=notice_id, user_id=user_id)
        )


async def delete_notice(
    connection: AsyncConnection, notice_id: int, project_id: int | None
) -> None:
    """Take back a message of a project, or with None one to everybody.

    Raises:
        NotFoundError: there is none of this id.
    """
    query = sa.delete(notice).where(
        notice.c.id == notice_id, notice.c.project_id.is_not_distinct_from(project_id)
    )
    if not (await connection.execute(query)).rowcount:
        raise NotFoundError(f"There is no message {notice_id} here.")
