"""What happens to a job's row, each time with its event, in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import Energy
from kodkod.store.energy import add_energy
from kodkod.store.events import add_event
from kodkod.store.job_points import JobPoint, add_points
from kodkod.store.jobs import (
    JobRow,
    add_job,
    change_job,
    claim_job,
    find_job,
    finish_job,
    move_queued,
    release_job,
    request_cancel,
    requeue_orphans,
    requeue_silent,
)
from kodkod.store.tables import job

__all__ = [
    "Account",
    "JobNews",
    "Report",
    "ask_to_stop",
    "claim",
    "end",
    "end_queued",
    "move_unserved",
    "news_of",
    "note_account",
    "note_report",
    "note_waiting",
    "put_back",
    "queue",
    "rescue_orphans",
    "rescue_silent",
]

LOG_CHARACTERS = 1_000_000


class Account(Struct, frozen=True, kw_only=True):
    """What a run of a job took; `rows` where its cost is in proportion to them."""

    energy: Energy
    project: str | None
    rows: int | None


class JobNews(Struct, frozen=True, kw_only=True):
    """The data of every `job.*` event: enough for a listener to need no query."""

    id: str
    kind: str
    queue: str
    user_id: int
    state: str
    progress: float | None
    message: str
    metrics: dict[str, float]
    eta: datetime | None
    wh: float | None
    g_co2e: float | None
    result: dict[str, Any] | None
    error: str | None
    scheme_id: int | None = None


class Report(Struct, frozen=True, kw_only=True):
    """What a running job has said since its last report."""

    progress: float | None
    message: str
    metrics: dict[str, float]
    lines: str
    eta: datetime | None = None
    points: list[JobPoint] = []


def news_of(row: JobRow) -> JobNews:
    """Return what listeners are told of a job."""
    return JobNews(**{name: getattr(row, name) for name in JobNews.__struct_fields__})


async def queue(connection: AsyncConnection, row: JobRow, *, most: int | None = None) -> None:
    """Store a new job, unless `most` of the user's jobs wait already.

    Raises:
        ConflictError: a job with its lock key is live, or too many wait.
    """
    await add_job(connection, row, most=most)
    await _tell(connection, row, "job.queued")


async def claim(connection: AsyncConnection, job_id: str, worker: str) -> JobRow | None:
    """Take a queued job; None if it is taken, finished or gone."""
    row = await claim_job(connection, job_id, worker)
    if row is not None:
        await _tell(connection, row, "job.running")
    return row


async def note_report(connection: AsyncConnection, row: JobRow, report: Report) -> None:
    """Store how far a running job has come."""
    await change_job(connection, row.id, **_reported(report))
    await add_points(connection, row.id, report.points)
    told = msgspec.structs.replace(
        row,
        state="running",
        progress=report.progress,
        message=report.message,
        metrics=report.metrics,
        eta=report.eta,
    )
    await _tell(connection, told, "job.progress")


async def note_waiting(connection: AsyncConnection, row: JobRow, message: str) -> None:
    """Store what a queued job waits for."""
    await connection.execute(
        sa.update(job).where(job.c.id == row.id, job.c.state == "queued").values(message=message)
    )
    await _tell(connection, msgspec.structs.replace(row, message=message), "job.queued")


async def end(
    connection: AsyncConnection,
    row: JobRow,
    worker: str,
    state: str,
    *,
    account: Account | None = None,
    report: Report | None = None,
    **values: Any,
) -> bool:
    """End a job as done, failed or cancelled, if it is still this worker's; tell whether.

    `report` is the last that it said. What it took is noted in the ledger even where the job is
    no longer the worker's.
    """
    if account is not None:
        await note_account(connection, row, account, state, values.get("seconds") or 0.0)
        values |= {
            "energy": msgspec.to_builtins(account.energy),
            "wh": account.energy.wh,
            "g_co2e": account.energy.g_co2e,
        }
    if report is not None:
        values = _reported(report) | values
    values["eta"] = None
    ended = await finish_job(connection, row.id, state, worker=worker, **values)
    if ended is None:
        return False
    if report is not None:
        await add_points(connection, row.id, report.points)
    await _tell(connection, ended, f"job.{state}")
    return True


async def note_account(
    connection: AsyncConnection, row: JobRow, account: Account, state: str, seconds: float
) -> None:
    """Note in the ledger what a run took."""
    await add_energy(
        connection,
        row,
        account.energy,
        state=state,
        seconds=seconds,
        project_slug=account.project,
        rows=account.rows,
    )


async def end_queued(connection: AsyncConnection, row: JobRow, error: str) -> None:
    """Fail a job that nobody can be told to run."""
    ended = await finish_job(connection, row.id, "failed", error=error)
    if ended is not None:
        await _tell(connection, ended, "job.failed")


async def put_back(
    connection: AsyncConnection,
    row: JobRow,
    worker: str,
    *,
    message: str,
    attempts: int,
    queue: str | None = None,
) -> bool:
    """Queue this worker's job again, on another queue perhaps; tell whether it waits there now.

    It does not where it is no longer this worker's, or was asked to stop.
    """
    if not await release_job(
        connection, row, worker, message=message, attempts=attempts, queue=queue or row.queue
    ):
        return False
    (left,) = await _tell_of(connection, [await find_job(connection, row.id)])
    return left.state == "queued"


async def ask_to_stop(connection: AsyncConnection, job_id: str) -> JobRow:
    """Cancel a queued job at once; ask a running one to stop; leave a finished one alone.

    Raises:
        NotFoundError: there is no such job.
    """
    before = await find_job(connection, job_id)
    after = await request_cancel(connection, job_id)
    if before.state != after.state:
        await _tell(connection, after, f"job.{after.state}")
    return after


async def move_unserved(connection: AsyncConnection, source: str, target: str) -> list[JobRow]:
    """Move jobs that wait for a kind of worker that is not there to another; return them."""
    return await _tell_of(connection, await move_queued(connection, source, target))


async def rescue_silent(connection: AsyncConnection, silent_for: timedelta) -> list[JobRow]:
    """Queue again, or fail, the jobs whose workers are silent; return them."""
    return await _tell_of(connection, await requeue_silent(connection, silent_for))


async def rescue_orphans(connection: AsyncConnection, worker: str) -> list[JobRow]:
    """Queue again, or fail, the jobs of a dead worker; return them."""
    return await _tell_of(connection, await requeue_orphans(connection, worker))


def _reported(report: Report) -> dict[str, Any]:
    values: dict[str, Any] = {
        "progress": report.progress,
        "message": report.message,
        "metrics": report.metrics,
        "eta": report.eta,
    }
    if report.lines:
        values["log"] = sa.func.substr(job.c.log + report.lines, 1, LOG_CHARACTERS)
    return values


async def _tell_of(connection: AsyncConnection, rows: list[JobRow]) -> list[JobRow]:
    for row in rows:
        await _tell(connection, row, f"job.{row.state}")
    return rows


async def _tell(connection: AsyncConnection, row: JobRow, type_: str) -> None:
    await add_event(connection, type_, row.project_id, msgspec.structs.asdict(news_of(row)))
