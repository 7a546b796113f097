"""The state of the service, gathered for whoever watches over it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.database import now
from kodkod.store.energy import sum_energy
from kodkod.store.overview import (
    FailedRow,
    JobSum,
    RunningRow,
    failed_jobs,
    running_jobs,
    sum_jobs,
)
from kodkod.store.workers import WorkerRow, list_workers
from kodkod.web.health import HealthCheck
from kodkod.web.machine import Machine
from kodkod.web.monitor_contract import EnergyTotals, MonitorReport
from kodkod.web.monitor_views import (
    energy_total,
    failed_views,
    job_counts,
    loaded_projects,
    queue_views,
    running_views,
)
from kodkod.web.monitor_workers import cards_of, workers_of
from kodkod.web.recent import Recent
from kodkod.web.stored import Stored

if TYPE_CHECKING:
    from kodkod.web.services import Services

__all__ = ["Monitor"]

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_MOST_FAILED = 100
_ENERGY_SECONDS = 15.0
"""The ledger is added up from its beginning, and grows by a line for each job."""


class _Facts(Struct, frozen=True, kw_only=True):
    """What the database says."""

    workers: list[WorkerRow]
    running: list[RunningRow]
    jobs: list[JobSum]
    failed: list[FailedRow]


class Monitor:
    """Makes a report at most every `monitor_ms`, whoever asks; requests meanwhile share it."""

    def __init__(self, services: Services) -> None:
        settings = services.settings
        self._services = services
        self._machine = Machine(settings)
        self._reports: Recent[str, MonitorReport] = Recent(
            seconds=settings.monitor_ms / 1000, limit=1
        )
        self._energy: Recent[str, EnergyTotals] = Recent(seconds=_ENERGY_SECONDS, limit=1)
        self.health = HealthCheck(services)
        self.stored = Stored(settings, services.database)

    async def report(self) -> MonitorReport:
        """Return the state of the service."""
        return cast("MonitorReport", await self._reports.fetch("", self._gather))

    async def stop(self) -> None:
        """Leave what is under way."""
        await self.stored.stop()

    async def _gather(self) -> MonitorReport:
        services = self._services
        standing = await self.health.look()
        async with services.database.read() as connection:
            facts = await _read_facts(connection)
        energy = cast("EnergyTotals", await self._energy.fetch("", self._add_up))
        await services.names.know(row.user_id for row in (*facts.running, *facts.failed))
        look = await asyncio.to_thread(self._machine.look, services.events.listeners)
        places = services.supervisor.status() if services.supervisor is not None else []
        return MonitorReport(
            made_at=now(),
            health=self.health.of(standing),
            server=look.server,
            host=look.host,
            disks=look.disks,
            stored=self.stored.view(),
            queues=queue_views(standing, facts.workers),
            workers=workers_of(facts.workers, places, running_views(facts.running, services.names)),
            cards=cards_of(facts.workers, look.cards, facts.running),
            projects=loaded_projects(services.residency.projects),
            users=services.traffic.users(),
            jobs=job_counts(facts.jobs),
            failed_jobs=failed_views(facts.failed, services.names),
            failed_requests=services.traffic.failures(),
            energy=energy,
        )

    async def _add_up(self) -> EnergyTotals:
        present = now()
        midnight = present.replace(hour=0, minute=0, second=0, microsecond=0)
        async with self._services.database.read() as connection:
            return EnergyTotals(
                today=energy_total(await sum_energy(connection, "kind", since=midnight)),
                week=energy_total(await sum_energy(connection, "kind", since=present - _WEEK)),
                all=energy_total(await sum_energy(connection, "kind")),
            )


async def _read_facts(connection: AsyncConnection) -> _Facts:
    return _Facts(
        workers=await list_workers(connection),
        running=await running_jobs(connection),
        jobs=await sum_jobs(connection, _DAY),
        failed=await failed_jobs(connection, _DAY, limit=_MOST_FAILED),
    )
