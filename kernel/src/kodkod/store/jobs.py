"""Job rows: the truth about every computation. A message names a row; the row says what it is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError, NotFoundError
from kodkod.store.database import now
from kodkod.store.tables import job, user

__all__ = [
    "LIVE",
    "MAX_ATTEMPTS",
    "JobRow",
    "add_job",
    "beat",
    "change_job",
    "claim_job",
    "count_queued",
    "delete_finished",
    "find_job",
    "finish_job",
    "is_to_stop",
    "list_jobs",
    "move_queued",
    "purge_jobs",
    "release_job",
    "request_cancel",
    "requeue_orphans",
    "requeue_silent",
]

LIVE = ("queued", "running")
MAX_ATTEMPTS = 2
_NOT_RUNNING = {"worker": None, "card": None, "need_mb": None, "eta": None, "progress": None}


class JobRow(Struct, frozen=True, kw_only=True):
    """A job. Its states: queued, running, done, failed, cancelled.

    `subject` is what the job is of, so that like jobs are known: a component, with its model.
    `expected` is an `Expectation` from before it started, `energy` what it took (`Energy`).
    `need_mb` is the memory that it may use of the graphics `card` it runs on. `scheme_id` is the
    scheme that it is about, if any.
    """

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
    eta: datetime | None = None
    request_id: str | None = None
    subject: str = ""
    expected: dict[str, Any] | None = None
    warning: str = ""
    energy: dict[str, Any] | None = None
    need_mb: int | None = None
    card: str | None = None
    scheme_id: int | None = None


async def add_job(connection: AsyncConnection, new: JobRow, *, most: int | None = None) -> None:
    """Queue a job. The unique index on the lock keys of live jobs lets one through.

    `most` bounds how many jobs of the user may wait.

    Raises:
        ConflictError: a job with this lock key is queued or running; the message names it. Or
            too many of the user's jobs wait.
    """
    if most is not None:
        await _check_room(connection, new.user_id, most)
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
            "wait for it or cancel it.",
            job=other.id,
        ) from error


async def _check_room(connection: AsyncConnection, user_id: int, most: int) -> None:
    # Whoever sends many at once is counted one request after the other.
    await connection.execute(sa.select(user.c.id).where(user.c.id == user_id).with_for_update())
    waiting = sa.and_(job.c.user_id == user_id, job.c.state == "queued")
    query = sa.select(sa.func.count()).select_from(job).where(waiting)
    if ((await connection.execute(query)).scalar() or 0) < most:
        return
    newest = sa.select(job.c.id).where(waiting).order_by(job.c.created_at.desc()).limit(1)
    raise ConflictError(
        f"{most} of your jobs are waiting, and no more may (the setting max_queued); wait until "
        "some have run, or cancel some.",
        job=(await connection.execute(newest)).scalar(),
    )


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


async def is_to_stop(connection: AsyncConnection, job_id: str, worker: str) -> bool:
    """Tell what `beat` tells, without saying anything."""
    query = sa.select(job.c.cancel_requested).where(
        job.c.id == job_id, job.c.state == "running", job.c.worker == worker
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
) -> JobRow | None:
    """End a job, if it is still live (and this worker's); return it, or None."""
    query = sa.update(job).where(job.c.id == job_id, job.c.state.in_(LIVE))
    if worker is not None:
        query = query.where(job.c.worker == worker)
    query = query.values(state=state, finished_at=now(), **values).returning(job)
    row = (await connection.execute(query)).first()
    return None if row is None else JobRow(**row._mapping)


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
    connection: AsyncConnection,
    row: JobRow,
    worker: str,
    *,
    message: str,
    attempts: int,
    queue: str,
) -> bool:
    """Put a job that this worker runs back into a queue; tell whether it was still ours.

    One that was asked to stop is cancelled instead.
    """
    ours = sa.and_(job.c.id == row.id, job.c.state == "running", job.c.worker == worker)
    cancelled = await connection.execute(_cancel(ours))
    done = await connection.execute(
        sa.update(job)
        .where(ours)
        .values(state="queued", message=message, attempts=attempts, queue=queue, **_NOT_RUNNING)
    )
    return cancelled.rowcount + done.rowcount > 0


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
    cancelled = _cancel(lost).returning(job)
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
        .values(state="queued", message="queued again: its worker died", **_NOT_RUNNING)
        .returning(job)
    )
    changed = [JobRow(**row._mapping) for row in await connection.execute(cancelled)]
    changed += [JobRow(**row._mapping) for row in await connection.execute(failed)]
    changed += [JobRow(**row._mapping) for row in await connection.execute(again)]
    return changed


def _cancel(which: sa.ColumnElement[bool]) -> sa.Update:
    return (
        sa.update(job)
        .where(which, job.c.cancel_requested)
        .values(state="cancelled", finished_at=now(), eta=None)
    )


async def move_queued(connection: AsyncConnection, source: str, target: str) -> list[JobRow]:
    """Move the jobs that wait in a queue which nobody serves to another; return them."""
    query = (
        sa.update(job)
        .where(job.c.state == "queued", job.c.queue == source)
        .values(queue=target, message=f"runs on {target}: no worker for {source} is there")
        .returning(job)
    )
    return [JobRow(**row._mapping) for row in await connection.execute(query)]


async def count_queued(connection: AsyncConnection) -> dict[str, int]:
    """Return how many jobs wait in each queue that has any."""
    query = (
        sa.select(job.c.queue, sa.func.count()).where(job.c.state == "queued").group_by(job.c.queue)
    )
    return {row[0]: row[1] for row in await connection.execute(query)}


async def purge_jobs(
    connection: AsyncConnection, *, rows_after: timedelta, logs_after: timedelta
) -> None:
    """Forget jobs that ended long ago, and what younger ones wrote."""
    ended = job.c.state.not_in(LIVE)
    await connection.execute(sa.delete(job).where(ended, job.c.finished_at < now() - rows_after))
    await connection.execute(
        sa.update(job)
        .where(ended, job.c.finished_at < now() - logs_after, job.c.log != "")
        .values(log="")
    )


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
    kinds: tuple[str, ...] = (),
    before: datetime | None = None,
    limit: int = 100,
    hidden: Collection[int] = (),
) -> list[JobRow]:
    """Return jobs, newest first, without those about `hidden` schemes."""
    query = sa.select(job).order_by(job.c.created_at.desc()).limit(limit)
    if project_id is not None:
        query = query.where(job.c.project_id == project_id)
    if user_id is not None:
        query = query.where(job.c.user_id == user_id)
    if states:
        query = query.where(job.c.state.in_(states))
    if kinds:
        query = query.where(job.c.kind.in_(kinds))
    if before is not None:
        query = query.where(job.c.created_at < before)
    if hidden:
        query = query.where(job.c.scheme_id.is_(None) | job.c.scheme_id.not_in(hidden))
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
