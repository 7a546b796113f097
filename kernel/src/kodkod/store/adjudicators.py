"""Who adjudicates a scheme, and to whom a text is assigned."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.rights import members_of
from kodkod.store.tables import adjudicator, assignment, user

__all__ = ["assign", "assignments_of", "list_adjudicators", "members_named", "set_adjudicators"]


async def list_adjudicators(connection: AsyncConnection, scheme_id: int) -> dict[int, str]:
    """Return the usernames of those named for a scheme, by id."""
    query = (
        sa.select(user.c.id, user.c.username)
        .join(adjudicator, adjudicator.c.user_id == user.c.id)
        .where(adjudicator.c.scheme_id == scheme_id)
        .order_by(user.c.username)
    )
    return {row.id: row.username for row in await connection.execute(query)}


async def set_adjudicators(
    connection: AsyncConnection, scheme_id: int, user_ids: Collection[int]
) -> None:
    """Name a scheme's adjudicators; whoever was named before and is not now is one no more."""
    await connection.execute(sa.delete(adjudicator).where(adjudicator.c.scheme_id == scheme_id))
    rows = [{"scheme_id": scheme_id, "user_id": user_id} for user_id in user_ids]
    if rows:
        await connection.execute(sa.insert(adjudicator), rows)


async def members_named(
    connection: AsyncConnection, project_id: int, usernames: Collection[str]
) -> dict[str, int]:
    """Return the ids of a project's members among these names, those of its groups too."""
    members = (await members_of(connection, [project_id])).get(project_id, {})
    query = sa.select(user.c.id, user.c.username).where(user.c.username.in_(usernames))
    found = await connection.execute(query)
    return {row.username: row.id for row in found if row.id in members}


async def assign(
    connection: AsyncConnection, scheme_id: int, rows: Collection[int], user_id: int | None
) -> None:
    """Assign texts to an adjudicator, or to nobody."""
    known = sa.delete(assignment).where(
        assignment.c.scheme_id == scheme_id, assignment.c.row.in_(rows)
    )
    await connection.execute(known)
    if user_id is not None and rows:
        await connection.execute(
            sa.insert(assignment),
            [{"scheme_id": scheme_id, "row": row, "user_id": user_id} for row in rows],
        )


async def assignments_of(connection: AsyncConnection, scheme_id: int) -> dict[int, int]:
    """Return to whom each assigned text of a scheme goes, by row."""
    query = sa.select(assignment.c.row, assignment.c.user_id).where(
        assignment.c.scheme_id == scheme_id
    )
    return {row.row: row.user_id for row in await connection.execute(query)}
