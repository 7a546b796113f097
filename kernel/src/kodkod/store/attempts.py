"""Counts of attempts to sign in, which outlive the server and are those of all servers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.tables import attempts

__all__ = ["Count", "counts_of", "forget_count", "hold_counts", "purge_counts", "set_counts"]


class Count(Struct, frozen=True):
    """How much was counted, as of a time; it drains away afterwards."""

    level: float
    at: datetime


async def counts_of(connection: AsyncConnection, keys: Collection[str]) -> dict[str, Count]:
    """Return the counts that there are."""
    query = sa.select(attempts).where(attempts.c.key.in_(keys)).order_by(attempts.c.key)
    return {row.key: Count(row.level, row.at) for row in await connection.execute(query)}


async def hold_counts(
    connection: AsyncConnection, keys: Collection[str], time: datetime
) -> dict[str, Count]:
    """Return the counts, new ones begun at nothing; until the commit nobody else changes them."""
    insert = insert_sqlite if connection.dialect.name == "sqlite" else insert_postgresql
    # In one order, so that two that hold some of the same never wait for each other.
    begun = [{"key": key, "level": 0.0, "at": time} for key in sorted(keys)]
    await connection.execute(insert(attempts).values(begun).on_conflict_do_nothing())
    query = (
        sa.select(attempts)
        .where(attempts.c.key.in_(keys))
        .order_by(attempts.c.key)
        .with_for_update()
    )
    return {row.key: Count(row.level, row.at) for row in await connection.execute(query)}


async def set_counts(connection: AsyncConnection, counts: Mapping[str, Count]) -> None:
    """Write counts that are held."""
    for key, count in counts.items():
        await connection.execute(
            sa.update(attempts).where(attempts.c.key == key).values(level=count.level, at=count.at)
        )


async def forget_count(connection: AsyncConnection, key: str) -> None:
    """Begin at nothing again."""
    await connection.execute(sa.delete(attempts).where(attempts.c.key == key))


async def purge_counts(connection: AsyncConnection, before: datetime) -> None:
    """Forget what was not counted up since a time."""
    await connection.execute(sa.delete(attempts).where(attempts.c.at < before))
