"""What many people may do, asked at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.database import now
from kodkod.store.tables import member, project, token, user

__all__ = ["members_of", "roles_of"]

T = TypeVar("T")
_MOST = 10_000  # A statement takes some 32,000 values on either database.


async def members_of(
    connection: AsyncConnection, project_ids: Collection[int]
) -> dict[int, frozenset[int]]:
    """Return the ids of each project's members; a project that is gone is left out."""
    found: dict[int, set[int]] = {}
    for ids in _parts(list(project_ids)):
        query = (
            sa.select(project.c.id, member.c.user_id)
            .outerjoin(member, member.c.project_id == project.c.id)
            .where(project.c.id.in_(ids))
        )
        for project_id, user_id in await connection.execute(query):
            found.setdefault(project_id, set()).add(user_id)
    return {id_: frozenset(users - {None}) for id_, users in found.items()}


async def roles_of(connection: AsyncConnection, token_ids: Collection[str]) -> dict[str, str]:
    """Return the role of each token's user; of tokens and users that are not valid now, none."""
    found: dict[str, str] = {}
    for ids in _parts(list(token_ids)):
        query = (
            sa.select(token.c.id, user.c.role)
            .join(user, user.c.id == token.c.user_id)
            .where(token.c.id.in_(ids), user.c.active, token.c.expires_at > now())
        )
        found.update((row.id, row.role) for row in await connection.execute(query))
    return found


def _parts(values: list[T]) -> Iterator[list[T]]:
    for start in range(0, len(values), _MOST):
        yield values[start : start + _MOST]
