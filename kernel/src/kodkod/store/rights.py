"""What many people may do, asked at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.database import now
from kodkod.store.memberships import ROLES, project_ids_of
from kodkod.store.tables import (
    group_member,
    member,
    project,
    project_group,
    restriction,
    scheme_group,
    scheme_user,
    token,
    user,
)
from kodkod.store.token_life import alive

__all__ = ["all_hidden", "members_of", "roles_of"]

T = TypeVar("T")
_MOST = 10_000  # A statement takes some 32,000 values on either database.


async def members_of(
    connection: AsyncConnection, project_ids: Collection[int]
) -> dict[int, dict[int, frozenset[int]]]:
    """Return each project's members by id, with the schemes that do not exist for them.

    Members are those by themselves and by groups. A project that is gone is left out.
    """
    found: dict[int, dict[int, frozenset[int]]] = {}
    for ids in _parts(list(project_ids)):
        there = sa.select(project.c.id).where(project.c.id.in_(ids))
        roles: dict[int, dict[int, str]] = {
            id_: {} for id_ in (await connection.execute(there)).scalars()
        }
        for project_id, user_id, role in await connection.execute(_roles(ids)):
            of = roles[project_id]
            of[user_id] = max(of.get(user_id, role), role, key=ROLES.index)
        seen = await _seen(connection, ids)
        for id_, of in roles.items():
            found[id_] = {
                user_id: _hidden(seen.get(id_, {}), user_id, role) for user_id, role in of.items()
            }
    return found


async def all_hidden(connection: AsyncConnection, user_id: int) -> frozenset[int]:
    """Return the schemes, of all projects of a user, that do not exist for them."""
    theirs = project_ids_of(user_id).subquery()
    query = sa.select(restriction.c.project_id).distinct()
    query = query.where(restriction.c.project_id.in_(sa.select(theirs.c.project_id)))
    ids = list((await connection.execute(query)).scalars())
    members = await members_of(connection, ids)
    return frozenset().union(*(of.get(user_id, frozenset()) for of in members.values()))


def _roles(ids: list[int]) -> sa.CompoundSelect[int, int, str]:
    own = sa.select(member.c.project_id, member.c.user_id, member.c.role)
    theirs = sa.select(
        project_group.c.project_id, group_member.c.user_id, project_group.c.role
    ).join(group_member, group_member.c.group_id == project_group.c.group_id)
    return sa.union_all(
        own.join(project, project.c.id == member.c.project_id).where(member.c.project_id.in_(ids)),
        theirs.where(project_group.c.project_id.in_(ids)),
    )


async def _seen(connection: AsyncConnection, ids: list[int]) -> dict[int, dict[int, set[int]]]:
    """Return, by project, the restricted schemes and the ids of the users that they name."""
    seen: dict[int, dict[int, set[int]]] = {}
    query = sa.select(restriction.c.project_id, restriction.c.scheme_id)
    for project_id, scheme_id in await connection.execute(
        query.where(restriction.c.project_id.in_(ids))
    ):
        seen.setdefault(project_id, {})[scheme_id] = set()
    if not seen:
        return seen
    of_scheme = {id_: users for schemes in seen.values() for id_, users in schemes.items()}
    own = sa.select(scheme_user.c.scheme_id, scheme_user.c.user_id)
    theirs = sa.select(scheme_group.c.scheme_id, group_member.c.user_id).join(
        group_member, group_member.c.group_id == scheme_group.c.group_id
    )
    for part in _parts(list(of_scheme)):
        query = sa.union_all(
            own.where(scheme_user.c.scheme_id.in_(part)),
            theirs.where(scheme_group.c.scheme_id.in_(part)),
        )
        for scheme_id, user_id in await connection.execute(query):
            of_scheme[scheme_id].add(user_id)
    return seen


def _hidden(seen: dict[int, set[int]], user_id: int, role: str) -> frozenset[int]:
    if role == "manager":
        return frozenset()
    return frozenset(id_ for id_, users in seen.items() if user_id not in users)


async def roles_of(connection: AsyncConnection, token_ids: Collection[str]) -> dict[str, str]:
    """Return the role of each token's user; of tokens and users that are not valid now, none."""
    found: dict[str, str] = {}
    for ids in _parts(list(token_ids)):
        query = (
            sa.select(token.c.id, user.c.role)
            .join(user, user.c.id == token.c.user_id)
            .where(token.c.id.in_(ids), user.c.active, alive(now()))
        )
        found.update((row.id, row.role) for row in await connection.execute(query))
    return found


def _parts(values: list[T]) -> Iterator[list[T]]:
    for start in range(0, len(values), _MOST):
        yield values[start : start + _MOST]
