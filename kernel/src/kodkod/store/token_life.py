"""When a token counts: one condition for all that ask."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from kodkod.store.tables import token

__all__ = ["alive"]

_MICROSECONDS = 1_000_000


def alive(time: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that a token has neither expired nor been idle for too long."""
    used = sa.type_coerce(sa.func.coalesce(token.c.last_used_at, token.c.created_at), sa.BigInteger)
    ends = used + token.c.idle_seconds * _MICROSECONDS
    until = round(time.timestamp() * _MICROSECONDS)
    return sa.and_(
        token.c.expires_at > time,
        sa.or_(token.c.idle_seconds.is_(None), ends > sa.literal(until, sa.BigInteger)),
    )
