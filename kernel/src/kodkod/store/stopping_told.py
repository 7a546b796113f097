"""What was told of when to stop, so that each turn is told once, by whichever server."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.tables import stopping_told

__all__ = ["change_told", "read_told"]


async def read_told(connection: AsyncConnection, scheme_id: int) -> dict[str, str] | None:
    """Return the verdict of each rule as it was last told; None if nothing was."""
    query = sa.select(stopping_told.c.verdicts).where(stopping_told.c.scheme_id == scheme_id)
    return (await connection.execute(query)).scalar()


async def change_told(
    connection: AsyncConnection,
    scheme_id: int,
    before: Mapping[str, str] | None,
    verdicts: Mapping[str, str],
) -> bool:
    """Note what is told now; False where another server has done so since `before` was read.

    Raises:
        IntegrityError: the same, on PostgreSQL, for what is told first.
    """
    values = {"scheme_id": scheme_id, "verdicts": dict(verdicts)}
    if before is None:
        await connection.execute(sa.insert(stopping_told).values(**values))
        return True
    as_read = sa.update(stopping_told).where(
        stopping_told.c.scheme_id == scheme_id, stopping_told.c.verdicts == before
    )
    return (await connection.execute(as_read.values(**values))).rowcount > 0
