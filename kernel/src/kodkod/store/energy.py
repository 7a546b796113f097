"""The ledger of energy: a line for each job that ended, kept when the job is forgotten."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import Energy
from kodkod.store.database import now
from kodkod.store.jobs import JobRow
from kodkod.store.tables import energy, project

__all__ = [
    "By",
    "Expectation",
    "Sum",
    "add_energy",
    "energy_of",
    "expect",
    "spent_wh",
    "sum_energy",
]

By = Literal["project", "user", "kind", "subject", "day"]

_LIKE = 20
_DAY_MICROSECONDS = 86_400_000_000
_FIGURES = ("seconds", "cpu_wh", "gpu_wh", "ram_wh", "remote_wh", "wh", "g_co2e")


class Sum(Struct, frozen=True, kw_only=True):
    """What the jobs of one kind, user, ... took together. `measured_wh` was told by sensors."""

    key: str
    jobs: int
    seconds: float
    cpu_wh: float
    gpu_wh: float
    ram_wh: float
    remote_wh: float
    wh: float
    g_co2e: float
    measured_wh: float


class Expectation(Struct, frozen=True, kw_only=True):
    """What a job is likely to take: the median of `based_on` like ones, and their range.

    `scaled` says that the figures were taken per row and multiplied by the corpus's rows.
    """

    based_on: int
    scaled: bool
    seconds: float
    wh: float
    wh_low: float
    wh_high: float
    g_co2e: float


async def add_energy(
    connection: AsyncConnection,
    job: JobRow,
    account: Energy,
    *,
    state: str,
    seconds: float,
    project_slug: str | None,
    rows: int | None,
) -> None:
    """Note what a job took; of a project that was deleted meanwhile, only the slug is kept."""
    alive = sa.select(project.c.id).where(project.c.id == job.project_id).scalar_subquery()
    await connection.execute(
        sa.insert(energy).values(
            job_id=job.id,
            project_id=alive,
            project_slug=project_slug,
            user_id=job.user_id,
            kind=job.kind,
            subject=job.subject,
            state=state,
            rows=rows,
            seconds=seconds,
            cpu_wh=account.cpu_wh,
            gpu_wh=account.gpu_wh,
            ram_wh=account.ram_wh,
            remote_wh=account.remote_wh,
            wh=account.wh,
            measured_wh=sum(getattr(account, f"{part}_wh", 0.0) for part in account.measured),
            g_co2e=account.g_co2e,
            finished_at=now(),
        )
    )


async def spent_wh(connection: AsyncConnection, project_id: int) -> float:
    """Return what all jobs of a project have taken."""
    query = sa.select(sa.func.sum(energy.c.wh)).where(energy.c.project_id == project_id)
    return (await connection.execute(query)).scalar() or 0.0


async def energy_of(
    connection: AsyncConnection, job_ids: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """Return the Wh and g CO2e that each of some jobs took, over all its runs."""
    query = (
        sa.select(energy.c.job_id, sa.func.sum(energy.c.wh), sa.func.sum(energy.c.g_co2e))
        .where(energy.c.job_id.in_(job_ids))
        .group_by(energy.c.job_id)
    )
    return {job: (wh, grams) for job, wh, grams in await connection.execute(query)}


async def sum_energy(
    connection: AsyncConnection,
    by: By,
    *,
    project_id: int | None = None,
    user_id: int | None = None,
    since: datetime | None = None,
) -> list[Sum]:
    """Add up by project, user, kind, subject or day; the largest first, days in order."""
    key = _KEYS[by]
    figures = [sa.func.sum(energy.c[name]).label(name) for name in (*_FIGURES, "measured_wh")]
    query = sa.select(key.label("key"), sa.func.count().label("jobs"), *figures).group_by(key)
    query = query.order_by(key) if by == "day" else query.order_by(sa.desc("wh"), key)
    if project_id is not None:
        query = query.where(energy.c.project_id == project_id)
    if user_id is not None:
        query = query.where(energy.c.user_id == user_id)
    if since is not None:
        query = query.where(energy.c.finished_at >= since)
    rows = (await connection.execute(query)).mappings()
    return [Sum(**{**row, "key": _shown(by, row["key"])}) for row in rows]


async def expect(
    connection: AsyncConnection, kind: str, subject: str, *, project_id: int, rows: int | None
) -> Expectation | None:
    """Say what a job will take, from the newest like ones that were done; None without any.

    Like are jobs of the same kind and subject: the project's own where there are any, else those
    of all projects. Where it is known how many rows each had, the figures are taken per row.
    """
    alike = (energy.c.kind == kind, energy.c.subject == subject, energy.c.state == "done")
    for where in ((energy.c.project_id == project_id,), ()):
        query = sa.select(energy).where(*alike, *where).order_by(energy.c.id.desc()).limit(_LIKE)
        found = (await connection.execute(query)).mappings().all()
        if found:
            return _expectation(found, rows)
    return None


def _expectation(found: Sequence[Any], rows: int | None) -> Expectation:
    scaled = bool(rows) and all(row["rows"] for row in found)
    factors = [rows / row["rows"] if scaled and rows else 1.0 for row in found]

    def taken(name: str) -> list[float]:
        return [row[name] * factor for row, factor in zip(found, factors, strict=True)]

    watt_hours = taken("wh")
    return Expectation(
        based_on=len(found),
        scaled=scaled,
        seconds=statistics.median(taken("seconds")),
        wh=statistics.median(watt_hours),
        wh_low=min(watt_hours),
        wh_high=max(watt_hours),
        g_co2e=statistics.median(taken("g_co2e")),
    )


_KEYS: dict[By, sa.ColumnElement[Any]] = {
    "project": sa.func.coalesce(energy.c.project_slug, ""),
    "user": energy.c.user_id,
    "kind": energy.c.kind,
    "subject": energy.c.subject,
    "day": sa.cast(energy.c.finished_at, sa.BigInteger) // _DAY_MICROSECONDS,
}


def _shown(by: By, key: Any) -> str:
    if by != "day":
        return str(key)
    return datetime.fromtimestamp(int(key) * 86_400, tz=now().tzinfo).date().isoformat()
