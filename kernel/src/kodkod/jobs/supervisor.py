"""Keeps workers alive: started with the supervisor, restarted when they die, ended with it."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta

import structlog
from msgspec import Struct

from kodkod.jobs.cards import visible_cards
from kodkod.jobs.messages import QUEUES
from kodkod.jobs.runner import ABANDONED
from kodkod.jobs.worker import PATIENT_THREADS, worker_name
from kodkod.settings import Settings
from kodkod.store.database import now

__all__ = ["Place", "Supervisor", "WorkerStatus", "places_for"]

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 10.0
_SETTLED_SECONDS = 30.0
_STOP_SECONDS = 12.0

_log = structlog.get_logger(__name__)

Died = Callable[[str], Awaitable[None]]


class Place(Struct, frozen=True, kw_only=True):
    """A place for one worker: its queue, and its card (uuid) if it is for graphics cards."""

    queue: str
    card: str | None = None


class WorkerStatus(Struct, frozen=True, kw_only=True):
    """What is at a place: the worker's process, or None until it is restarted at `restarts_at`."""

    queue: str
    card: str | None
    name: str
    pid: int | None
    restarts: int
    died_at: datetime | None
    restarts_at: datetime | None


def places_for(settings: Settings, queues: Iterable[str] = QUEUES) -> list[Place]:
    """Return the places that the settings ask for on this host.

    There are as many for each card as `gpu_workers` says, and none where there is no card.
    """
    wanted = set(queues)
    places = [Place(queue="live")] * settings.live_workers
    places += [Place(queue="cpu")] * settings.cpu_workers
    if "gpu" in wanted and settings.gpu_workers:
        cards = [Place(queue="gpu", card=card.uuid) for card in visible_cards()]
        places += [place for place in cards for _ in range(settings.gpu_workers)]
    return [place for place in places if place.queue in wanted]


class Supervisor:
    """Runs one worker at each place and restarts it, after longer pauses where it keeps dying.

    `died` is told the name of each worker that ended unasked, so that its job need not wait
    until its silence is noticed.
    """

    def __init__(
        self, settings: Settings, died: Died | None = None, places: Iterable[Place] | None = None
    ) -> None:
        wanted = places_for(settings) if places is None else places
        self._keepers = [_Keeper(settings, place, worker_name(), died) for place in wanted]
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start the workers; returns once they are being started."""
        self._tasks = [
            asyncio.create_task(keeper.keep(), name=f"{keeper.place.queue} worker")
            for keeper in self._keepers
        ]

    async def stop(self) -> None:
        """End the workers; their jobs go back into the queue."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    def alive(self) -> int:
        """Count the workers whose process runs."""
        return sum(keeper.pid is not None for keeper in self._keepers)

    def status(self) -> list[WorkerStatus]:
        """Say for each place whether its worker runs."""
        return [keeper.status() for keeper in self._keepers]


class _Keeper:
    def __init__(self, settings: Settings, place: Place, master: str, died: Died | None) -> None:
        self.place = place
        self.pid: int | None = None
        self._name = ""
        self._restarts = 0
        self._died_at: datetime | None = None
        self._restarts_at: datetime | None = None
        self._master = master
        self._died = died
        # A worker for processors must not take memory of a card that was admitted to others.
        visible = {"CUDA_VISIBLE_DEVICES": place.card or ""}
        self._environment = PATIENT_THREADS | os.environ | settings.environment() | visible

    def status(self) -> WorkerStatus:
        return WorkerStatus(
            queue=self.place.queue,
            card=self.place.card,
            name=self._name,
            pid=self.pid,
            restarts=self._restarts,
            died_at=self._died_at,
            restarts_at=None if self.pid else self._restarts_at,
        )

    async def keep(self) -> None:
        """Run one worker after the other."""
        pause = _FIRST_PAUSE
        while True:
            began = time.monotonic()
            self._name = worker_name()
            status = await self._lived()
            lived = time.monotonic() - began
            # A worker that left a cancelled job behind did so on purpose.
            settled = lived > _SETTLED_SECONDS or status == ABANDONED
            pause = _FIRST_PAUSE if settled else min(pause * 2, _LONGEST_PAUSE)
            self._died_at = now()
            self._restarts_at = self._died_at + timedelta(seconds=pause)
            _log.error(
                "worker ended; restarting it",
                queue=self.place.queue,
                worker=self._name,
                status=status,
            )
            await self._tell()
            await asyncio.sleep(pause)
            self._restarts += 1

    async def _tell(self) -> None:
        if self._died is None:
            return
        try:
            await self._died(self._name)
        except Exception:  # noqa: BLE001 - logged; whatever fails there, the worker must come back
            _log.exception("a dead worker's job could not be queued again yet", worker=self._name)

    async def _lived(self) -> int | str:
        """Run a worker to its end; return its exit status, or why it could not be started."""
        try:
            return await self._run()
        except OSError as error:
            return str(error)

    async def _run(self) -> int:
        card = ("--card", self.place.card) if self.place.card else ()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "kodkod.jobs.worker", "--supervised"),
            *("--queues", self.place.queue, "--name", self._name, *card),
            *("--master", self._master, "--restarts", str(self._restarts)),
            stdin=asyncio.subprocess.PIPE,
            env=self._environment,
        )
        self.pid = process.pid
        try:
            return await process.wait()
        finally:
            self.pid = None
            if process.returncode is None:
                await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    process.terminate()
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
