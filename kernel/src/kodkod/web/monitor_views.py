"""From what the database and the server hold to what the monitor shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from time import monotonic

import msgspec

from kodkod.jobs.messages import QUEUES
from kodkod.project.live import LiveProject
from kodkod.store.database import now
from kodkod.store.energy import Sum
from kodkod.store.overview import FailedRow, JobSum, RunningRow
from kodkod.store.workers import WorkerRow
from kodkod.web.health import Standing
from kodkod.web.monitor_contract import (
    EnergyTotal,
    FailedJob,
    JobCount,
    LoadedProject,
    QueueView,
    RunningJob,
)
from kodkod.web.names import Names

__all__ = [
    "energy_total",
    "failed_views",
    "job_counts",
    "loaded_projects",
    "queue_views",
    "running_views",
]

_MB = 1_000_000
"""As the setting `memory_mb` counts."""


def queue_views(standing: Standing, workers: Iterable[WorkerRow]) -> list[QueueView]:
    """Show every queue, empty ones too."""
    served = [queue for row in workers if row.alive for queue in row.queue.split(",")]
    views: list[QueueView] = []
    for name in QUEUES:
        found = (standing.queues or {}).get(name)
        since = None if found is None else found.waiting_since
        view = QueueView(
            name=name,
            messages=None if standing.messages is None else standing.messages[name],
            queued=0 if found is None else found.queued,
            running=0 if found is None else found.running,
            oldest_seconds=None if since is None else (now() - since).total_seconds(),
            workers=served.count(name),
        )
        views.append(view)
    return views


def running_views(rows: Iterable[RunningRow], names: Names) -> dict[str, RunningJob]:
    """Show the jobs that run, by id."""
    return {
        row.id: RunningJob(
            id=row.id,
            kind=row.kind,
            project=row.project,
            user=names[row.user_id],
            progress=row.progress,
            started_at=row.started_at,
            eta=row.eta,
        )
        for row in rows
    }


def failed_views(rows: Iterable[FailedRow], names: Names) -> list[FailedJob]:
    """Show the jobs that failed."""
    return [
        FailedJob(
            id=row.id,
            kind=row.kind,
            project=row.project,
            user=names[row.user_id],
            error=row.error.strip().partition("\n")[0],
            request_id=row.request_id,
            finished_at=row.finished_at,
        )
        for row in rows
    ]


def job_counts(sums: Iterable[JobSum]) -> list[JobCount]:
    """Show how many jobs there are by kind and state."""
    return [msgspec.convert(each, JobCount, from_attributes=True) for each in sums]


def loaded_projects(projects: Iterable[LiveProject]) -> list[LoadedProject]:
    """Show the projects in memory, the largest first."""
    present = monotonic()
    views = [
        LoadedProject(
            slug=live.row.slug,
            rows=len(live.corpus),
            memory_mb=live.size / _MB,
            idle_seconds=max(0.0, present - live.used_at),
            schemes=len(live.schemes),
        )
        for live in projects
    ]
    return sorted(views, key=lambda view: view.memory_mb, reverse=True)


def energy_total(sums: Sequence[Sum]) -> EnergyTotal:
    """Add up what jobs took."""
    wh = sum(each.wh for each in sums)
    measured = sum(each.measured_wh for each in sums)
    return EnergyTotal(
        jobs=sum(each.jobs for each in sums),
        wh=wh,
        g_co2e=sum(each.g_co2e for each in sums),
        measured_share=measured / wh if wh else None,
    )
