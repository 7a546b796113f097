"""The networks and browsers that somebody has signed in from."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.tables import known_place

__all__ = ["known_among", "note_place", "purge_places"]

_KEPT = 50
"""So many places of one account are remembered, those used last."""


async def known_among(
    connection: AsyncConnection, user_id: int, places: Collection[str]
) -> set[str]:
    """Return which of the places the user has signed in from."""
    query = sa.select(known_place.c.place).where(
        known_place.c.user_id == user_id, known_place.c.place.in_(places)
    )
    return set((await connection.execute(query)).scalars())


async def note_place(connection: AsyncConnection, user_id: int, place: str, time: datetime) -> None:
    """Remember that the user has signed in from a place; of many, the oldest is forgotten."""
    mine = known_place.c.user_id == user_id
    await connection.execute(sa.delete(known_place).where(mine, known_place.c.place == place))
    await connection.execute(
        sa.insert(known_place).values(user_id=user_id, place=place, used_at=time)
    )
    newest = (
        sa.select(known_place.c.place)
        .where(mine)
        .order_by(known_place.c.used_at.desc(), known_place.c.place)
        .limit(_KEPT)
    )
    await connection.execute(
        sa.delete(known_place).where(mine, known_place.c.place.not_in(newest.scalar_subquery()))
    )


async def purge_places(connection: AsyncConnection, before: datetime) -> None:
    """Forget places that nobody signed in from since a time."""
    await connection.execute(sa.delete(known_place).where(known_place.c.used_at < before))
