"""Looks at running jobs now and then, and takes next to nothing of the machine for it."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable

__all__ = ["Sampled", "Sampler"]

_REST = 200
_MOST_SECONDS = 60.0

_log = logging.getLogger(__name__)


class Sampled:
    """A job that is looked at: how, when next, and a lock that is held meanwhile."""

    def __init__(self, tick: Callable[[], None], due: float) -> None:
        self.tick = tick
        self.due = due
        self.looking = threading.Lock()


class Sampler:
    """Calls the `tick` of each job after a fifth of a second and then each second.

    Where a tick takes long (thousands of processes, many cards) it comes less often: between
    two of them lies at least 200 times what one took, which is half a percent of a CPU.

    One thread serves all jobs of the process, for most jobs are over before a thread of their own
    would have started: beginning and ending costs them microseconds, and wakes nobody.
    """

    def __init__(self, *, first: float = 0.2, every: float = 1.0, patience: float = 5.0) -> None:
        self._first = first
        self._every = every
        self._patience = patience
        self._changed = threading.Condition()
        self._jobs: set[Sampled] = set()
        self._thread: threading.Thread | None = None
        self._wakes = math.inf

    def begin(self, tick: Callable[[], None]) -> Sampled:
        """Tick from now on, until `end`."""
        job = Sampled(tick, time.monotonic() + self._first)
        with self._changed:
            self._jobs.add(job)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="carbon", daemon=True)
                self._thread.start()
            elif job.due < self._wakes:
                self._changed.notify()
        return job

    def end(self, job: Sampled) -> bool:
        """Tick no more; tell whether no tick is under way.

        One that is under way is waited for, but not longer than `patience`: there are drivers
        that never answer.
        """
        with self._changed:
            self._jobs.discard(job)
        quiet = job.looking.acquire(timeout=self._patience)
        if quiet:
            job.looking.release()
        else:
            _log.warning("a sensor does not answer; the job's account goes without it")
        return quiet

    def _run(self) -> None:
        while True:
            job = self._next_due()
            with job.looking:
                # It may have ended since.
                if job in self._jobs:
                    self._look(job)

    def _next_due(self) -> Sampled:
        with self._changed:
            while True:
                job = min(self._jobs, key=lambda job: job.due, default=None)
                self._wakes = math.inf if job is None else job.due
                wait = self._wakes - time.monotonic()
                if job is not None and wait <= 0:
                    return job
                self._changed.wait(None if job is None else wait)

    def _look(self, job: Sampled) -> None:
        began = time.monotonic()
        try:
            job.tick()
        except Exception:  # noqa: BLE001 - logged; the job goes on, and its end is metered
            _log.warning("energy could not be sampled during a job", exc_info=True)
        ended = time.monotonic()
        rest = _REST * (ended - began)
        job.due = ended + min(_MOST_SECONDS, max(self._every, rest))
