"""How jobs stand at one moment, counted in the database, for whoever watches over the service."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.database import now
from kodkod.store.jobs import LIVE
from kodkod.store.tables import job, project

__all__ = [
    "FailedRow",
    "JobSum",
    "QueueSum",
    "RunningRow",
    "database_bytes",
    "failed_jobs",
    "running_jobs",
    "sum_jobs",
    "sum_queues",
]

_ERROR_CHARACTERS = 2_000


class QueueSum(Struct, frozen=True, kw_only=True):
    """The live jobs of a queue; `waiting_since` is when the one that waits longest was queued."""

    queue: str
    queued: int
    running: int
    waiting_since: datetime | None


class JobSum(Struct, frozen=True, kw_only=True):
    """How many jobs of a kind are in a state."""

    kind: str
    state: str
    jobs: int


class RunningRow(Struct, frozen=True, kw_only=True):
    """A job that runs."""

    id: str
    kind: str
    project: str | None
    user_id: int
    progress: float | None
    started_at: datetime | None
    eta: datetime | None
    need_mb: int | None
    card: str | None


class FailedRow(Struct, frozen=True, kw_only=True):
    """A job that failed; `error` is the beginning of what it said."""

    id: str
    kind: str
    project: str | None
    user_id: int
    error: str
    request_id: str | None
    finished_at: datetime


async def sum_queues(connection: AsyncConnection) -> dict[str, QueueSum]:
    """Count what waits and runs in each queue that has anything."""
    counts = {
        state: sa.func.sum(sa.case((job.c.state == state, 1), else_=0)).label(state)
        for state in LIVE
    }
    waiting_since = sa.func.min(sa.case((job.c.state == "queued", job.c.created_at)))
    query = (
        sa.select(job.c.queue, *counts.values(), waiting_since.label("waiting_since"))
        .where(job.c.state.in_(LIVE))
        .group_by(job.c.queue)
    )
    rows = await connection.execute(query)
    return {row.queue: QueueSum(**row._mapping) for row in rows}


async def sum_jobs(connection: AsyncConnection, since: timedelta) -> list[JobSum]:
    """Count the live jobs, and those that ended within `since`, by kind and state."""
    lately = sa.or_(job.c.state.in_(LIVE), job.c.finished_at >= now() - since)
    query = (
        sa.select(job.c.kind, job.c.state, sa.func.count().label("jobs"))
        .where(lately)
        .group_by(job.c.kind, job.c.state)
        .order_by(job.c.kind, job.c.state)
    )
    return [JobSum(**row._mapping) for row in await connection.execute(query)]


async def running_jobs(connection: AsyncConnection) -> list[RunningRow]:
    """Return the jobs that run."""
    columns = (job.c[name] for name in RunningRow.__struct_fields__ if name != "project")
    query = (
        sa.select(*columns, project.c.slug.label("project"))
        .outerjoin(project, project.c.id == job.c.project_id)
        .where(job.c.state == "running")
    )
    return [RunningRow(**row._mapping) for row in await connection.execute(query)]


async def failed_jobs(
    connection: AsyncConnection, since: timedelta, *, limit: int
) -> list[FailedRow]:
    """Return the jobs that failed within `since`, the last first."""
    query = (
        sa.select(
            job.c.id,
            job.c.kind,
            project.c.slug.label("project"),
            job.c.user_id,
            sa.func.substr(sa.func.coalesce(job.c.error, ""), 1, _ERROR_CHARACTERS).label("error"),
            job.c.request_id,
            job.c.finished_at,
        )
        .outerjoin(project, project.c.id == job.c.project_id)
        .where(job.c.state == "failed", job.c.finished_at >= now() - since)
        .order_by(job.c.finished_at.desc())
        .limit(limit)
    )
    return [FailedRow(**row._mapping) for row in await connection.execute(query)]


async def database_bytes(connection: AsyncConnection) -> int:
    """Return what the database takes on disk; what SQLite's log takes is not counted."""
    if connection.dialect.name == "sqlite":
        pages = (await connection.execute(sa.text("PRAGMA page_count"))).scalar_one()
        return pages * (await connection.execute(sa.text("PRAGMA page_size"))).scalar_one()
    size = sa.func.pg_database_size(sa.func.current_database())
    return (await connection.execute(sa.select(size))).scalar_one()
