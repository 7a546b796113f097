"""What jobs reported as numbers over time: loss curves, scores by epoch, texts a second."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.tables import job_point

__all__ = ["JobPoint", "add_points", "list_points"]


class JobPoint(Struct, frozen=True, kw_only=True):
    """Metrics that a job reported together, and when."""

    at: datetime
    values: dict[str, float]


async def add_points(connection: AsyncConnection, job_id: str, points: Sequence[JobPoint]) -> None:
    """Store metrics after those that the job reported before, in an earlier run perhaps."""
    if not points:
        return
    query = sa.select(sa.func.coalesce(sa.func.max(job_point.c.n), -1)).where(
        job_point.c.job_id == job_id
    )
    first = ((await connection.execute(query)).scalar() or 0) + 1
    await connection.execute(
        sa.insert(job_point),
        [
            {"job_id": job_id, "n": first + i, "at": point.at, "values": point.values}
            for i, point in enumerate(points)
        ],
    )


async def list_points(connection: AsyncConnection, job_id: str) -> list[JobPoint]:
    """Return the metrics that a job reported, oldest first."""
    query = (
        sa.select(job_point.c.at, job_point.c["values"])
        .where(job_point.c.job_id == job_id)
        .order_by(job_point.c.n)
    )
    return [JobPoint(at=row[0], values=row[1]) for row in await connection.execute(query)]
