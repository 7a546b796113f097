"""Workers and graphics cards of all hosts, put together from what each says of itself."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from kodkod.jobs.cards import CardStatus
from kodkod.jobs.supervisor import WorkerStatus
from kodkod.store.database import now
from kodkod.store.overview import RunningRow
from kodkod.store.workers import WorkerRow
from kodkod.web.monitor_contract import CardView, RunningJob, WorkerView

__all__ = ["cards_of", "workers_of"]


def workers_of(
    rows: Sequence[WorkerRow], places: Sequence[WorkerStatus], jobs: Mapping[str, RunningJob]
) -> list[WorkerView]:
    """Return every worker: those in the table, and this server's own that are not in it."""
    own = {place.name: place for place in places}
    listed = {row.name for row in rows}
    views = [_listed(row, own.get(row.name), jobs) for row in rows]
    views += [_unlisted(place) for place in places if place.name not in listed]
    return sorted(views, key=lambda view: (view.queue, view.host, view.name))


def _listed(
    row: WorkerRow, place: WorkerStatus | None, jobs: Mapping[str, RunningJob]
) -> WorkerView:
    died = place is not None and place.pid is None
    return WorkerView(
        name=row.name,
        host=row.host,
        pid=None if died else row.pid,
        queue=row.queue,
        card=row.card,
        state="restarting" if died else "alive" if row.alive else "silent",
        supervised=place is not None,
        restarts=row.restarts,
        memory_mb=row.rss_mb,
        job=jobs.get(row.job_id or ""),
        started_at=row.started_at,
        heartbeat_at=row.heartbeat_at,
        died_at=place.died_at if place is not None else None,
        restarts_at=place.restarts_at if place is not None else None,
    )


def _unlisted(place: WorkerStatus) -> WorkerView:
    died = place.pid is None and place.died_at is not None
    return WorkerView(
        name=place.name,
        host=socket.gethostname(),
        pid=place.pid,
        queue=place.queue,
        card=place.card,
        state="restarting" if died else "starting",
        supervised=True,
        restarts=place.restarts,
        memory_mb=None,
        job=None,
        started_at=None,
        heartbeat_at=None,
        died_at=place.died_at,
        restarts_at=place.restarts_at,
    )


def cards_of(
    rows: Iterable[WorkerRow], here: Sequence[CardStatus], running: Sequence[RunningRow]
) -> list[CardView]:
    """Return every card as it was read last: by a worker of its host, or `here` just now."""
    host = socket.gethostname()
    newest: dict[str, tuple[datetime, str, CardStatus]] = {}
    for row in sorted(rows, key=lambda row: row.heartbeat_at):
        if row.alive:
            read = row.heartbeat_at
            newest |= {card.uuid: (read, row.host, card) for card in _read(row)}
    newest |= {card.uuid: (now(), host, card) for card in here}
    views = [_view(card, where, read, running) for read, where, card in newest.values()]
    return sorted(views, key=lambda view: (view.host, view.index, view.uuid))


def _read(row: WorkerRow) -> list[CardStatus]:
    try:
        return msgspec.convert(row.cards, list[CardStatus])
    except msgspec.ValidationError:
        return []  # A worker of another version says it in other words.


def _view(
    card: CardStatus, host: str, read_at: datetime, running: Sequence[RunningRow]
) -> CardView:
    jobs = [job for job in running if job.card == card.uuid]
    return CardView(
        host=host,
        planned_mb=sum(job.need_mb or 0 for job in jobs),
        jobs=[job.id for job in jobs],
        read_at=read_at,
        **msgspec.structs.asdict(card),
    )
