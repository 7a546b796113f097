"""Workers that are alive, on whichever host: each says so itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.database import now
from kodkod.store.tables import worker

__all__ = [
    "BEAT_SECONDS",
    "SILENT_SECONDS",
    "WorkerRow",
    "forget_worker",
    "list_workers",
    "note_worker",
    "purge_workers",
    "queues_served",
]

BEAT_SECONDS = 5.0
SILENT_SECONDS = 20.0
"""A worker that has said nothing for so long is taken to be dead."""

_KEPT = timedelta(hours=1)


class WorkerRow(Struct, frozen=True, kw_only=True):
    """A worker process. `card` is the uuid of the graphics card that it computes on.

    `master` names the process that restarts it, which it was `restarts` times in its place.
    `cards` is what a worker of the queue gpu read of its host's cards.
    """

    name: str
    host: str
    pid: int
    queue: str
    card: str | None
    master: str
    restarts: int
    job_id: str | None
    rss_mb: int
    cards: list[dict[str, Any]]
    started_at: datetime
    heartbeat_at: datetime

    @property
    def alive(self) -> bool:
        """Tell whether it has said something lately."""
        return self.heartbeat_at > now() - timedelta(seconds=SILENT_SECONDS)


async def note_worker(connection: AsyncConnection, row: WorkerRow) -> None:
    """Store what a worker says of itself."""
    values = {name: getattr(row, name) for name in row.__struct_fields__}
    changed = sa.update(worker).where(worker.c.name == row.name).values(**values)
    if (await connection.execute(changed)).rowcount == 0:
        await connection.execute(sa.insert(worker).values(**values))


async def forget_worker(connection: AsyncConnection, name: str) -> None:
    """Drop a worker that has ended."""
    await connection.execute(sa.delete(worker).where(worker.c.name == name))


async def list_workers(connection: AsyncConnection) -> list[WorkerRow]:
    """Return all workers that said something within the last hour, by queue and host."""
    query = sa.select(worker).order_by(worker.c.queue, worker.c.host, worker.c.started_at)
    return [WorkerRow(**row._mapping) for row in await connection.execute(query)]


async def queues_served(connection: AsyncConnection) -> set[str]:
    """Return the queues that a living worker takes jobs from."""
    query = sa.select(worker.c.queue).where(
        worker.c.heartbeat_at > now() - timedelta(seconds=SILENT_SECONDS)
    )
    served = (await connection.execute(query)).scalars()
    return {queue for each in served for queue in each.split(",")}


async def purge_workers(connection: AsyncConnection) -> None:
    """Forget workers that died long ago."""
    await connection.execute(sa.delete(worker).where(worker.c.heartbeat_at < now() - _KEPT))
