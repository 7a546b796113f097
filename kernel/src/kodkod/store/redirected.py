"""Sign-ins that are under way at a provider, and the codes that end them: each is used once."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.tables import redirected

__all__ = ["Redirected", "add_redirected", "purge_redirected", "take_redirected", "under_way"]


class Redirected(Struct, frozen=True, kw_only=True):
    """Somebody on the way. `digest` is of what proves it, `browser` of its browser's secret.

    `user_id` is there once the provider has said who it is.
    """

    digest: str
    way: str
    browser: str
    network: str
    remembered: str
    expires_at: datetime
    user_id: int | None = None


async def add_redirected(connection: AsyncConnection, new: Redirected) -> None:
    """Remember that somebody is on the way."""
    await connection.execute(
        sa.insert(redirected).values({name: getattr(new, name) for name in new.__struct_fields__})
    )


async def take_redirected(
    connection: AsyncConnection, digest: str, browser: str, time: datetime, *, arrived: bool
) -> Redirected | None:
    """Return who is on the way with this proof and this browser, and forget it.

    With the proof and another browser it is forgotten all the same: somebody else has seen it.
    `arrived` tells the code that ends a sign-in from the state that began it.
    """
    known = redirected.c.user_id.is_not(None) if arrived else redirected.c.user_id.is_(None)
    query = sa.delete(redirected).where(redirected.c.digest == digest, known)
    row = (await connection.execute(query.returning(redirected))).first()
    found = None if row is None else Redirected(**row._mapping)
    if found is None or found.browser != browser or found.expires_at <= time:
        return None
    return found


async def under_way(connection: AsyncConnection, network: str) -> int:
    """Count the sign-ins that were begun from a network and have not ended."""
    query = sa.select(sa.func.count()).where(redirected.c.network == network)
    return (await connection.execute(query)).scalar_one()


async def purge_redirected(connection: AsyncConnection, time: datetime) -> None:
    """Forget those who did not come back in time."""
    await connection.execute(sa.delete(redirected).where(redirected.c.expires_at <= time))
