"""Job rows: the truth about every computation. A message names a row; the row says what it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError, NotFoundError
from kodkod.store.database import now
from kodkod.store.tables import job

__all__ = [
    "LIVE",
    "MAX_ATTEMPTS",
    "JobRow",
    "add_job",
    "beat",
    "change_job",
    "claim_job",
    "delete_finished",
    "find_job",
    "finish_job",
    "list_jobs",
    "release_job",
    "request_cancel",
    "requeue_orphans",
    "requeue_silent",
]

LIVE = ("queued", "running")
MAX_ATTEMPTS = 2


class JobRow(Struct, frozen=True, kw_only=True):
    """A job. Its states: queued, running, done, failed, cancelled."""

    id: str
    kind: str
    queue: str
    project_id: int | None
    user_id: int
    params: dict[str, Any]
    lock_key: str
    state: str = "queued"
    progress: float | None = None
    message: str = ""
    metrics: dict[str, float] = {}
    log: str = ""
    result: dict[str, Any] | None = None
    error: str | None = None
    seconds: float | None = None
    wh: float | None = None
    g_co2e: float | None = None
    attempts: int = 0
    worker: str | None = None
    heartbeat_at: datetime | None = None
    cancel_requested: bool = False
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None


async def add_job(connection: AsyncConnection, new: JobRow) -> None:
    """Queue a job. The unique index on the lock keys of live jobs lets one through.

    Raises:
        ConflictError: a job with this lock key is queued or running; the message names it.
    """
    values = {name: getattr(new, name) for name in new.__struct_fields__}
    try:
        async with connection.begin_nested():
            await connection.execute(sa.insert(job).values(**values))
    except IntegrityError as error:
        query = sa.select(job.c.id, job.c.kind).where(
            job.c.lock_key == new.lock_key, job.c.state.in_(LIVE)
        )
        other = (await connection.execute(query)).first()
        if other is None:
            raise
        raise ConflictError(
            f"Your job {other.id} ({other.kind}) is still under way in this project; "
            "wait for it or cancel it."
        ) from error


async def claim_job(connection: AsyncConnection, job_id: str, worker: str) -> JobRow | None:
    """Take a queued job for this worker; None if it is taken, finished or gone."""
    time = now()
    query = (
        sa.update(job)
        .where(job.c.id == job_id, job.c.state == "queued")
        .values(
            state="running",
            worker=worker,
            attempts=job.c.attempts + 1,
            started_at=time,
            heartbeat_at=time,
            progress=None,
            message="",
        )
        .returning(job)
    )
    row = (await connection.execute(query)).first()
    return None if row is None else JobRow(**row._mapping)


async def beat(connection: AsyncConnection, job_id: str, worker: str) -> bool:
    """Say that the job is alive; tell whether it was asked to stop or is no longer ours."""
    query = (
        sa.update(job)
        .where(job.c.id == job_id, job.c.state == "running", job.c.worker == worker)
        .values(heartbeat_at=now())
        .returning(job.c.cancel_requested)
    )
    stop = (await connection.execute(query)).scalar()
    return stop is None or bool(stop)


async def change_job(connection: AsyncConnection, job_id: str, **values: Any) -> None:
    """Change columns of a job that is running."""
    await connection.execute(
        sa.update(job).where(job.c.id == job_id, job.c.state == "running").values(**values)
    )


async def finish_job(
    connection: AsyncConnection,
    job_id: str,
    state: str,
    *,
    worker: str | None = None,
    **values: Any,
) -> bool:
    """End a job, if it is still live (and this worker's); tell whether it was."""
    query = sa.update(job).where(job.c.id == job_id, job.c.state.in_(LIVE))
    if worker is not None:
        query = query.where(job.c.worker == worker)
    done = await connection.execute(query.values(state=state, finished_at=now(), **values))
    return done.rowcount > 0


async def request_cancel(connection: AsyncConnection, job_id: str) -> JobRow:
    """Cancel a queued job at once; ask a running one to stop; leave a finished one alone."""
    await finish_cancelled_if_queued(connection, job_id)
    await connection.execute(
        sa.update(job)
        .where(job.c.id == job_id, job.c.state == "running")
        .values(cancel_requested=True)
    )
    return await find_job(connection, job_id)


async def finish_cancelled_if_queued(connection: AsyncConnection, job_id: str) -> None:
    """Cancel a job that nobody has claimed."""
    await connection.execute(
        sa.update(job)
        .where(job.c.id == job_id, job.c.state == "queued")
        .values(state="cancelled", finished_at=now(), message="cancelled before it started")
    )


async def release_job(
    connection: AsyncConnection, row: JobRow, worker: str, *, message: str, attempts: int
) -> bool:
    """Put a job that this worker runs back into the queue; tell whether it was still ours."""
    done = await connection.execute(
        sa.update(job)
        .where(job.c.id == row.id, job.c.state == "running", job.c.worker == worker)
        .values(state="queued", worker=None, message=message, attempts=attempts)
    )
    return done.rowcount > 0


async def requeue_silent(connection: AsyncConnection, silent_for: timedelta) -> list[JobRow]:
    """Queue again the running jobs whose worker is silent; fail those that died too often.

    Returns the jobs whose state changed.
    """
    return await _requeue(connection, job.c.heartbeat_at < now() - silent_for)


async def requeue_orphans(connection: AsyncConnection, worker: str) -> list[JobRow]:
    """Do the same at once for the jobs of a worker that is known to be dead."""
    return await _requeue(connection, job.c.worker == worker)


async def _requeue(connection: AsyncConnection, lost: sa.ColumnElement[bool]) -> list[JobRow]:
    lost = sa.and_(job.c.state == "running", lost)
    failed = (
        sa.update(job)
        .where(lost, job.c.attempts >= MAX_ATTEMPTS)
        .values(
            state="failed",
            finished_at=now(),
            error=f"The worker died {MAX_ATTEMPTS} times while it ran this job; "
            "it may need more memory than the machine has.",
        )
        .returning(job)
    )
    again = (
        sa.update(job)
        .where(lost, job.c.attempts < MAX_ATTEMPTS)
        .values(state="queued", worker=None, message="queued again: its worker died")
        .returning(job)
    )
    changed = [JobRow(**row._mapping) for row in await connection.execute(failed)]
    changed += [JobRow(**row._mapping) for row in await connection.execute(again)]
    return changed


async def find_job(connection: AsyncConnection, job_id: str) -> JobRow:
    """Return the job.

    Raises:
        NotFoundError: there is none with this id.
    """
    row = (await connection.execute(sa.select(job).where(job.c.id == job_id))).first()
    if row is None:
        raise NotFoundError(f"There is no job {job_id!r} among yours.")
    return JobRow(**row._mapping)


async def list_jobs(
    connection: AsyncConnection,
    *,
    project_id: int | None = None,
    user_id: int | None = None,
    states: tuple[str, ...] = (),
    before: datetime | None = None,
    limit: int = 100,
) -> list[JobRow]:
    """Return jobs, newest first."""
    query = sa.select(job).order_by(job.c.created_at.desc()).limit(limit)
    if project_id is not None:
        query = query.where(job.c.project_id == project_id)
    if user_id is not None:
        query = query.where(job.c.user_id == user_id)
    if states:
        query = query.where(job.c.state.in_(states))
    if before is not None:
        query = query.where(job.c.created_at < before)
    return [JobRow(**row._mapping) for row in await connection.execute(query)]


async def delete_finished(connection: AsyncConnection, *, lock_key: str, keep: int) -> None:
    """Forget all but the newest finished jobs with this lock key."""
    newest = (
        sa.select(job.c.id)
        .where(job.c.lock_key == lock_key, job.c.state.not_in(LIVE))
        .order_by(job.c.created_at.desc())
        .limit(keep)
    )
    await connection.execute(
        sa.delete(job).where(
            job.c.lock_key == lock_key, job.c.state.not_in(LIVE), job.c.id.not_in(newest)
        )
    )
