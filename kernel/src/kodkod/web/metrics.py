"""What Prometheus is told. Labels name routes, kinds, queues and hosts: no people, no projects."""

from __future__ import annotations

import asyncio
from collections import Counter as Tally
from collections.abc import Iterable, Iterator
from contextlib import aclosing

import structlog
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)
from sqlalchemy.exc import SQLAlchemyError

from kodkod.web.events import EventHub
from kodkod.web.monitor_contract import MonitorReport

__all__ = ["Metrics"]

_COMMIT_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0)
_ENDED = {"job.done": "done", "job.failed": "failed", "job.cancelled": "cancelled"}
_AGAIN_SECONDS = 1.0
_MIB = 1024 * 1024

_log = structlog.get_logger("kodkod.web")

disable_created_metrics()  # A second series for each, which nothing here asks for.


class Metrics:
    """Counts what happens, and puts it together with what the monitor reports."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.commits = Histogram(
            "kodkod_log_write_seconds",
            "Time to commit a group of annotations to disk",
            buckets=_COMMIT_BUCKETS,
            registry=self.registry,
        )
        self.audit_failures = Counter(
            "kodkod_audit_failures",
            "Actions that the audit log could not be told of",
            registry=self.registry,
        )
        self._jobs = Counter(
            "kodkod_jobs_finished",
            "Jobs that ended while this server ran",
            ("kind", "state"),
            registry=self.registry,
        )

    async def count_jobs(self, hub: EventHub) -> None:
        """Count every job that ends, for as long as the server runs."""
        position = hub.last
        while True:
            try:
                async with aclosing(hub.listen(position)) as events:
                    async for event in events:
                        position = event.id
                        if event.type in _ENDED:
                            self._jobs.labels(event.data["kind"], _ENDED[event.type]).inc()
            except (SQLAlchemyError, OSError) as error:
                _log.warning("jobs could not be counted; trying again", error=str(error))
            await asyncio.sleep(_AGAIN_SECONDS)

    def exposition(self, report: MonitorReport) -> bytes:
        """Return all of it in Prometheus's text format. Takes milliseconds."""
        return generate_latest(_Told([*self.registry.collect(), *_families(report)]))


class _Told:
    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _families(report: MonitorReport) -> Iterator[Metric]:
    yield InfoMetricFamily("kodkod", "The version", {"version": report.server.version})
    degraded = report.health.status != "ok"
    yield _gauge("kodkod_degraded", "1 where something does not work (see the health)", degraded)
    yield from _of_queues(report)
    yield from _of_cards(report)
    yield from _of_disks(report)
    yield _gauge("kodkod_live_projects", "Projects in memory", len(report.projects))
    held = sum(each.memory_mb for each in report.projects) * 1e6
    yield _gauge("kodkod_live_projects_bytes", "What they take, estimated", held)
    yield _gauge("kodkod_event_listeners", "Open streams of events", report.server.listeners)
    users = _family("kodkod_active_users", "Users with requests lately", "minutes")
    users.add_metric(["5"], report.users.last_5_minutes)
    users.add_metric(["60"], report.users.last_60_minutes)
    yield users
    energy = report.energy.all
    yield CounterMetricFamily("kodkod_energy_wh", "Watt-hours of all jobs", energy.wh)
    yield CounterMetricFamily("kodkod_carbon_g", "Grams of CO2e of all jobs", energy.g_co2e)


def _of_queues(report: MonitorReport) -> Iterator[Metric]:
    jobs = _family("kodkod_jobs", "Live jobs", "queue", "state")
    waiting = _family("kodkod_waiting_messages", "Messages no worker has taken", "queue")
    oldest = _family("kodkod_oldest_waiting_seconds", "Age of the oldest queued job", "queue")
    workers = _family("kodkod_workers", "Workers, on all hosts", "queue", "state")
    for queue in report.queues:
        jobs.add_metric([queue.name, "queued"], queue.queued)
        jobs.add_metric([queue.name, "running"], queue.running)
        if queue.messages is not None:
            waiting.add_metric([queue.name], queue.messages)
        oldest.add_metric([queue.name], queue.oldest_seconds or 0.0)
    for (name, state), count in Tally((each.queue, each.state) for each in report.workers).items():
        workers.add_metric([name, state], count)
    yield from (jobs, waiting, oldest, workers)
    answers = any(queue.messages is not None for queue in report.queues)
    yield _gauge("kodkod_broker_up", "1 where the broker answers", answers)


def _of_cards(report: MonitorReport) -> Iterator[Metric]:
    labels = ("host", "card")
    used = _family("kodkod_card_memory_used_bytes", "Memory of a card in use", *labels)
    total = _family("kodkod_card_memory_bytes", "Memory of a card", *labels)
    load = _family("kodkod_card_load_ratio", "Load of a card, 0 to 1", *labels)
    heat = _family("kodkod_card_temperature_celsius", "Temperature of a card", *labels)
    for card in report.cards:
        named = [card.host, card.uuid]
        used.add_metric(named, card.used_mb * _MIB)
        total.add_metric(named, card.total_mb * _MIB)
        if card.load is not None:
            load.add_metric(named, card.load)
        if card.temperature is not None:
            heat.add_metric(named, card.temperature)
    yield from (used, total, load, heat)


def _of_disks(report: MonitorReport) -> Iterator[Metric]:
    free = _family("kodkod_disk_free_bytes", "Free below a folder", "holds")
    size = _family("kodkod_disk_bytes", "Size of the disk below a folder", "holds")
    for disk in report.disks:
        free.add_metric([disk.holds], disk.free_mb * _MIB)
        size.add_metric([disk.holds], disk.total_mb * _MIB)
    stored = _family("kodkod_stored_bytes", "What is stored takes", "what")
    for what in ("projects", "models", "database", "queue"):
        taken: float | None = getattr(report.stored, f"{what}_mb")
        if taken is not None:
            stored.add_metric([what], taken * _MIB)
    yield from (free, size, stored)


def _family(name: str, told: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, told, labels=labels)


def _gauge(name: str, told: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, told, value=value)
