"""Groups of users, who are given rights together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError, NotFoundError
from kodkod.store.database import now
from kodkod.store.tables import group_member, user, user_group

__all__ = [
    "Group",
    "add_group",
    "add_group_member",
    "delete_group",
    "find_group",
    "group_names_of",
    "list_group_members",
    "list_groups",
    "remove_group_member",
    "rename_group",
]


class Group(Struct, frozen=True, kw_only=True):
    """A group; its keeper is the user who made it."""

    id: int
    name: str
    keeper_id: int
    created_at: datetime


async def add_group(connection: AsyncConnection, name: str, keeper_id: int) -> Group:
    """Make a group without members.

    Raises:
        ConflictError: there is one of this name.
    """
    values: dict[str, Any] = {"name": name, "keeper_id": keeper_id, "created_at": now()}
    insert = sa.insert(user_group).values(**values).returning(user_group.c.id)
    try:
        made = await connection.execute(insert)
    except IntegrityError as error:
        raise _taken(name) from error
    return Group(id=made.scalar_one(), **values)


async def find_group(connection: AsyncConnection, name: str) -> Group:
    """Return a group.

    Raises:
        NotFoundError: there is none of this name.
    """
    query = sa.select(user_group).where(user_group.c.name == name)
    row = (await connection.execute(query)).first()
    if row is None:
        raise NotFoundError(f"There is no group {name!r}.")
    return Group(**row._mapping)


async def list_groups(
    connection: AsyncConnection, *, user_id: int | None = None, after: int = 0, limit: int = 100
) -> list[Group]:
    """Return groups in the order they were made, those with an id above `after`.

    `user_id` leaves out those that the user neither belongs to nor keeps.
    """
    query = sa.select(user_group).where(user_group.c.id > after)
    if user_id is not None:
        theirs = sa.select(group_member.c.group_id).where(group_member.c.user_id == user_id)
        query = query.where(user_group.c.id.in_(theirs) | (user_group.c.keeper_id == user_id))
    query = query.order_by(user_group.c.id).limit(limit)
    return [Group(**row._mapping) for row in await connection.execute(query)]


async def group_names_of(connection: AsyncConnection, user_id: int) -> list[str]:
    """Return the names of the groups that a user belongs to, in order."""
    query = (
        sa.select(user_group.c.name)
        .join(group_member, group_member.c.group_id == user_group.c.id)
        .where(group_member.c.user_id == user_id)
        .order_by(user_group.c.name)
    )
    return list((await connection.execute(query)).scalars())


async def list_group_members(connection: AsyncConnection, group_id: int) -> list[str]:
    """Return the usernames of a group's members, in order."""
    query = (
        sa.select(user.c.username)
        .join(group_member, group_member.c.user_id == user.c.id)
        .where(group_member.c.group_id == group_id)
        .order_by(user.c.username)
    )
    return list((await connection.execute(query)).scalars())


async def rename_group(connection: AsyncConnection, group_id: int, name: str) -> None:
    """Give a group another name; its rights stay.

    Raises:
        ConflictError: there is one of this name.
    """
    try:
        await connection.execute(
            sa.update(user_group).where(user_group.c.id == group_id).values(name=name)
        )
    except IntegrityError as error:
        raise _taken(name) from error


async def delete_group(connection: AsyncConnection, group_id: int) -> None:
    """Delete a group with what it was allowed; its members' accounts stay."""
    await connection.execute(sa.delete(user_group).where(user_group.c.id == group_id))


async def add_group_member(connection: AsyncConnection, group_id: int, user_id: int) -> None:
    """Let a user belong to a group; one who does already still does."""
    await remove_group_member(connection, group_id, user_id)
    await connection.execute(sa.insert(group_member).values(group_id=group_id, user_id=user_id))


async def remove_group_member(connection: AsyncConnection, group_id: int, user_id: int) -> int:
    """Take a user out of a group; return how many rows that was."""
    query = sa.delete(group_member).where(
        group_member.c.group_id == group_id, group_member.c.user_id == user_id
    )
    return (await connection.execute(query)).rowcount


def _taken(name: str) -> ConflictError:
    return ConflictError(f"There is a group {name!r} already; choose another name.")
