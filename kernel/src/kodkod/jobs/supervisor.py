"""The server's own workers: started with it, restarted when they die, ended with it."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable

import structlog
from msgspec import Struct

from kodkod.jobs.worker import PATIENT_THREADS, worker_name
from kodkod.settings import Settings

__all__ = ["Supervisor", "WorkerStatus"]

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 30.0
_SETTLED_SECONDS = 30.0
_STOP_SECONDS = 12.0

_log = structlog.get_logger(__name__)

Died = Callable[[str], Awaitable[None]]


class WorkerStatus(Struct, frozen=True, kw_only=True):
    """One place for a worker; `pid` is None while it is restarted."""

    queue: str
    pid: int | None
    restarts: int


class Supervisor:
    """Keeps the workers that the settings ask for alive.

    `died` is told the name of each worker that ended unasked, so that its job need not wait
    until its silence is noticed.
    """

    def __init__(self, settings: Settings, died: Died | None = None) -> None:
        wanted = {
            "live": settings.live_workers,
            "cpu": settings.cpu_workers,
            "gpu": settings.gpu_workers,
        }
        self._places = [
            _Place(settings, queue, died) for queue, n in wanted.items() for _ in range(n)
        ]
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start the workers; returns once they are being started."""
        self._tasks = [
            asyncio.create_task(place.keep(), name=f"{place.queue} worker")
            for place in self._places
        ]

    async def stop(self) -> None:
        """End the workers; their jobs go back into the queue."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    def alive(self) -> int:
        """Count the workers whose process runs."""
        return sum(place.pid is not None for place in self._places)

    def status(self) -> list[WorkerStatus]:
        """Say for each place whether its worker runs."""
        return [
            WorkerStatus(queue=place.queue, pid=place.pid, restarts=place.restarts)
            for place in self._places
        ]


class _Place:
    def __init__(self, settings: Settings, queue: str, died: Died | None) -> None:
        self.queue = queue
        self.restarts = 0
        self.pid: int | None = None
        self._died = died
        self._environment = PATIENT_THREADS | os.environ | settings.environment()

    async def keep(self) -> None:
        """Run one worker after the other, with longer pauses where they keep dying."""
        pause = _FIRST_PAUSE
        while True:
            began = time.monotonic()
            name = worker_name()
            status = await self._run(name)
            _log.error("worker ended; restarting it", queue=self.queue, worker=name, status=status)
            if self._died is not None:
                await self._died(name)
            lived = time.monotonic() - began
            pause = _FIRST_PAUSE if lived > _SETTLED_SECONDS else min(pause * 2, _LONGEST_PAUSE)
            await asyncio.sleep(pause)
            self.restarts += 1

    async def _run(self, name: str) -> int:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "kodkod.jobs.worker", "--supervised"),
            *("--queues", self.queue, "--name", name),
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
