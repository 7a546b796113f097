"""Who may see a restricted scheme, and who may annotate it.

A scheme that is not restricted is for every member of its project, by their roles. One that is
restricted is there for its project's managers and for those whom it names; to others it does not
exist, nor does what was made of it, even after it was deleted.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.tables import (
    group_member,
    restriction,
    scheme_group,
    scheme_user,
    user,
    user_group,
)

__all__ = [
    "ANNOTATE",
    "SEE",
    "Reach",
    "SchemeRights",
    "find_rights",
    "lift_rights",
    "put_rights",
    "reach_of",
]

SEE, ANNOTATE = "see", "annotate"


class Reach(Struct, frozen=True):
    """What of a project is out of somebody's reach: scheme ids.

    Those `hidden` do not exist for them; those `locked` are seen and not changed.
    """

    hidden: frozenset[int] = frozenset()
    locked: frozenset[int] = frozenset()


class SchemeRights(Struct, frozen=True, kw_only=True):
    """Who may do what with a restricted scheme, by name of user and of group: see or annotate."""

    users: dict[str, str]
    groups: dict[str, str]


async def reach_of(connection: AsyncConnection, project_id: int, user_id: int) -> Reach:
    """Return what is out of the reach of somebody who is no manager of the project."""
    query = sa.select(restriction.c.scheme_id).where(restriction.c.project_id == project_id)
    restricted = set((await connection.execute(query)).scalars())
    if not restricted:
        return Reach()
    own = sa.select(scheme_user.c.scheme_id, scheme_user.c.may).where(
        scheme_user.c.user_id == user_id, scheme_user.c.scheme_id.in_(restricted)
    )
    theirs = (
        sa.select(scheme_group.c.scheme_id, scheme_group.c.may)
        .join(group_member, group_member.c.group_id == scheme_group.c.group_id)
        .where(group_member.c.user_id == user_id, scheme_group.c.scheme_id.in_(restricted))
    )
    rights = (await connection.execute(sa.union_all(own, theirs))).all()
    seen = {row.scheme_id for row in rights}
    open_ = {row.scheme_id for row in rights if row.may == ANNOTATE}
    return Reach(frozenset(restricted - seen), frozenset(seen - open_))


async def find_rights(connection: AsyncConnection, scheme_id: int) -> SchemeRights | None:
    """Return who may do what with a scheme, None where it is not restricted."""
    restricted = sa.select(restriction.c.scheme_id).where(restriction.c.scheme_id == scheme_id)
    if (await connection.execute(restricted)).first() is None:
        return None
    users = (
        sa.select(user.c.username, scheme_user.c.may)
        .join(user, user.c.id == scheme_user.c.user_id)
        .where(scheme_user.c.scheme_id == scheme_id)
        .order_by(user.c.username)
    )
    groups = (
        sa.select(user_group.c.name, scheme_group.c.may)
        .join(user_group, user_group.c.id == scheme_group.c.group_id)
        .where(scheme_group.c.scheme_id == scheme_id)
        .order_by(user_group.c.name)
    )
    return SchemeRights(
        users={row.username: row.may for row in await connection.execute(users)},
        groups={row.name: row.may for row in await connection.execute(groups)},
    )


async def put_rights(
    connection: AsyncConnection,
    project_id: int,
    scheme_id: int,
    users: Mapping[int, str],
    groups: Mapping[int, str],
) -> None:
    """Restrict a scheme to these users and groups, by id, in place of those it had."""
    await lift_rights(connection, scheme_id)
    await connection.execute(
        sa.insert(restriction).values(scheme_id=scheme_id, project_id=project_id)
    )
    for user_id, may in users.items():
        await connection.execute(
            sa.insert(scheme_user).values(scheme_id=scheme_id, user_id=user_id, may=may)
        )
    for group_id, may in groups.items():
        await connection.execute(
            sa.insert(scheme_group).values(scheme_id=scheme_id, group_id=group_id, may=may)
        )


async def lift_rights(connection: AsyncConnection, scheme_id: int) -> None:
    """Let a scheme be for every member of its project."""
    for table in (restriction, scheme_user, scheme_group):
        await connection.execute(sa.delete(table).where(table.c.scheme_id == scheme_id))
