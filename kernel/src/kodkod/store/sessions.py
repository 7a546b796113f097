"""Sessions: what their owner sees of them, and how they end."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.database import now
from kodkod.store.people import Token
from kodkod.store.tables import token
from kodkod.store.token_life import alive

__all__ = ["end_tokens", "list_sessions"]


async def list_sessions(connection: AsyncConnection, user_id: int) -> list[Token]:
    """Return a user's sessions that have not ended, the one begun last first."""
    query = (
        sa.select(token)
        .where(token.c.user_id == user_id, token.c.name.is_(None), alive(now()))
        .order_by(token.c.created_at.desc(), token.c.id)
    )
    return [Token(**row._mapping) for row in await connection.execute(query)]


async def end_tokens(
    connection: AsyncConnection,
    user_id: int,
    kind: Literal["session", "api"],
    *,
    token_id: str | None = None,
    keep: str | None = None,
) -> int:
    """Revoke a user's sessions or API tokens: one, or all but `keep`; return how many it were."""
    named = token.c.name.is_(None) if kind == "session" else token.c.name.is_not(None)
    query = sa.delete(token).where(token.c.user_id == user_id, named)
    if token_id is not None:
        query = query.where(token.c.id == token_id)
    if keep is not None:
        query = query.where(token.c.id != keep)
    return (await connection.execute(query)).rowcount
