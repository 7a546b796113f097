"""Admission to a graphics card: a job starts if the memory that it asks for is there."""

from __future__ import annotations

import os
from pathlib import Path

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.jobs.cards import CardProcess, CardStatus, read_cards
from kodkod.jobs.workspace import Workspace
from kodkod.store.tables import job, worker
from kodkod.store.workers import list_workers

__all__ = ["Admission", "CardGate", "kept_mb"]

_KEPT_MB = 512
_KEPT_SHARE = 50


class Admission(Struct, frozen=True):
    """Whether a job may start on the card now; `reason` says why in a sentence with figures."""

    fits: bool
    reason: str


class CardGate:
    """Lets jobs onto one card, by its uuid, as long as the memory that was promised is there.

    What is free now says too little: a job that has just started has not taken its memory yet.
    So each running job's need is promised to it in its row, and no more is promised than the
    card has, less what others hold. Every worker of a card asks the same database.
    """

    def __init__(self, workspace: Workspace, card: str) -> None:
        self._workspace = workspace
        self._card = card

    def admit(self, job_id: str, need_mb: int) -> Admission:
        """Promise a running job so much of the card, if it can be had; never blocks."""
        # Read before the transaction, so that the driver does not keep the database waiting.
        # What was promised meanwhile is in the rows; what was given back only lets less in.
        status = self._read()
        if status is None:
            return self._silent()
        shared = not self._workspace.database.is_sqlite
        return self._workspace.write(_admit, job_id, need_mb, status, lock=shared)

    def room(self, job_id: str, need_mb: int) -> Admission:
        """Tell whether a job would be let in now; nothing is promised."""
        status = self._read()
        if status is None:
            return self._silent()
        return self._workspace.read(_judge, job_id, need_mb, status)

    def never(self, need_mb: int) -> str | None:
        """Say why no card that a worker serves could ever hold so much; None if one could."""
        cards = self._workspace.read(_served)
        own = self._read()
        if own is not None:
            cards.append((own.name, own.total_mb))
        if not cards:
            return None
        name, total = max(cards, key=lambda card: card[1])
        if need_mb <= total - kept_mb(total):
            return None
        return (
            f"It needs {need_mb:,} MB of a graphics card's memory, and the largest here, "
            f"{name}, has {total:,} MB, {kept_mb(total):,} MB of which are kept free."
        )

    def _silent(self) -> Admission:
        return Admission(False, f"The graphics card {self._card} does not answer the driver.")

    def _read(self) -> CardStatus | None:
        return next((card for card in read_cards() if card.uuid == self._card), None)


def kept_mb(total_mb: int) -> int:
    """Return how much of a card's memory is promised to no job.

    The driver keeps 300 to 900 MB for itself, which no job can have; 512 MB or a fiftieth,
    whichever is more, is about that on cards from 4 to 80 GB.
    """
    return max(_KEPT_MB, total_mb // _KEPT_SHARE)


async def _served(connection: AsyncConnection) -> list[tuple[str, int]]:
    """Return name and memory of each card that a living worker of any host computes on."""
    return [
        (card["name"], card["total_mb"])
        for row in await list_workers(connection)
        for card in row.cards
        if row.alive and card["uuid"] == row.card
    ]


async def _admit(
    connection: AsyncConnection, job_id: str, need_mb: int, status: CardStatus, *, lock: bool
) -> Admission:
    if lock:
        # SQLite's write transactions come one after the other anyway.
        key = sa.func.hashtextextended(status.uuid, 0)
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
    admission = await _judge(connection, job_id, need_mb, status)
    if not admission.fits:
        return admission
    taken = await connection.execute(
        sa.update(job)
        .where(job.c.id == job_id, job.c.state == "running")
        .values(card=status.uuid, need_mb=need_mb)
    )
    if taken.rowcount == 0:
        return Admission(False, "The job is not running any more.")
    return admission


async def _judge(
    connection: AsyncConnection, job_id: str, need_mb: int, status: CardStatus
) -> Admission:
    running = await _running(connection, job_id, status.uuid)
    promised = sum(need for need, _ in running)
    others = _held_by_others(status.processes, {pid for _, pid in running if pid is not None})
    room = status.total_mb - kept_mb(status.total_mb) - promised - others
    if need_mb > min(room, status.free_mb):
        return Admission(False, _refusal(need_mb, status, len(running), promised, others))
    return Admission(True, f"May use {need_mb:,} MB of the graphics card {status.name}.")


async def _running(
    connection: AsyncConnection, job_id: str, card: str
) -> list[tuple[int, int | None]]:
    """Return what the other jobs on the card were promised, and the pids of their workers."""
    query = (
        sa.select(sa.func.coalesce(job.c.need_mb, 0), worker.c.pid)
        .select_from(job.outerjoin(worker, worker.c.name == job.c.worker))
        .where(job.c.state == "running", job.c.card == card, job.c.id != job_id)
    )
    return [(need, pid) for need, pid in await connection.execute(query)]


def _held_by_others(processes: list[CardProcess], workers: set[int]) -> int:
    """Sum up, in MB, what processes hold that no running job's worker has started.

    One that cannot be seen from here (in a container, the driver tells the host's ids) counts
    as a job's own. Its memory is not free all the same.
    """
    ours = workers | {os.getpid()}
    held = 0
    for process in processes:
        line = _lineage(process.pid)
        if line and not ours & line:
            held += process.used_mb or 0
    return held


def _lineage(pid: int) -> set[int]:
    """Return a process and those that it descends from; empty if it cannot be seen."""
    line: set[int] = set()
    while pid > 0 and pid not in line:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            break
        line.add(pid)
        # The name before it may have spaces and parentheses in it.
        pid = int(stat.rpartition(")")[2].split()[1])
    return line


def _refusal(need_mb: int, status: CardStatus, n: int, promised: int, others: int) -> str:
    said = [f"{status.free_mb:,} of {status.total_mb:,} MB are free"]
    if n:
        said.append(f"{promised:,} MB are promised to {n} running job{'s' if n > 1 else ''}")
    if others:
        said.append(f"other programs hold {others:,} MB")
    return (
        f"Waits for memory of the graphics card {status.name}: it needs {need_mb:,} MB; "
        f"{', '.join(said)}."
    )
