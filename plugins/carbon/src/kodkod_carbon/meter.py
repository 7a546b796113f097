"""What a job takes of this machine, added up from its start to its end."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from msgspec import Struct

from kodkod_carbon.cards import CardMeter, CardUse
from kodkod_carbon.machine_time import busy_seconds, share_of_busy
from kodkod_carbon.process_tree import CpuClock, Tree, TreeSample
from kodkod_carbon.rapl import PackageCounters

__all__ = ["Meter", "PackageUse", "Reading"]

_log = logging.getLogger(__name__)


class PackageUse(Struct, frozen=True):
    """Joules of the processor packages that are a job's, of the whole machine's busy seconds."""

    joules: float
    busy_seconds: float
    names: str


class Reading(Struct, frozen=True, kw_only=True):
    """What a job took.

    `packages` is None where nothing measures them; `unmeasured` says why, as half a sentence.
    """

    seconds: float
    cpu_seconds: float
    gb_seconds: float
    packages: PackageUse | None = None
    unmeasured: str = ""
    cards: CardUse | None = None


class Meter:
    """Adds up from one tick to the next. One thread at a time uses it."""

    def __init__(
        self,
        tree: Tree,
        *,
        counters: PackageCounters | None = None,
        unmeasured: str = "",
        busy: Callable[[], float] = busy_seconds,
        cards: Callable[[], CardMeter | None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._began = self._at = clock()
        self._cpu = CpuClock(tree)
        self._cpu_seconds, first = self._cpu.read()
        self._rss = first.rss_bytes
        self._byte_seconds = 0.0
        self._packages = _Packages(counters, busy, unmeasured)
        self._find_cards: Callable[[], CardMeter | None] | None = cards
        self._cards: CardMeter | None = None

    def tick(self) -> None:
        """Look at everything that the job may use."""
        sample = self._look()
        if self._find_cards is not None:
            # Not before: most jobs are over by now, and a driver takes long to answer at first.
            find, self._find_cards = self._find_cards, None
            self._cards = find()
        self._look_at_cards(sample)

    def stop(self, *, ask_cards: bool = True) -> Reading:
        """Look for the last time, and return the sum; of cards that do not answer as it was."""
        sample = self._look()
        if self._cards is not None and not ask_cards:
            self._cards.failed = True
        self._look_at_cards(sample)
        packages, unmeasured = self._packages.use(self._cpu_seconds)
        return Reading(
            seconds=self._at - self._began,
            cpu_seconds=self._cpu_seconds,
            gb_seconds=self._byte_seconds / 1e9,
            packages=packages,
            unmeasured=unmeasured,
            cards=self._cards.use() if self._cards else None,
        )

    def _look(self) -> TreeSample:
        now = self._clock()
        cpu_seconds, sample = self._cpu.read()
        elapsed = now - self._at
        self._byte_seconds += (self._rss + sample.rss_bytes) / 2 * elapsed
        self._packages.add(cpu_seconds - self._cpu_seconds, elapsed)
        self._at, self._cpu_seconds, self._rss = now, cpu_seconds, sample.rss_bytes
        return sample

    def _look_at_cards(self, sample: TreeSample) -> None:
        if self._cards is None or self._cards.failed:
            return
        try:
            self._cards.tick(self._at, sample.pids)
        except Exception:  # noqa: BLE001 - logged; a driver may raise anything
            _log.warning("the cards cannot be asked any more during this job", exc_info=True)
            self._cards.failed = True


class _Packages:
    """The job's part of the packages' energy, until a sensor fails."""

    def __init__(
        self, counters: PackageCounters | None, busy: Callable[[], float], unmeasured: str
    ) -> None:
        self._counters = counters
        self._busy = busy
        self._unmeasured = unmeasured
        self._joules = 0.0
        self._busy_total = 0.0
        self._last_busy = 0.0
        if counters is not None:
            self._try(self._start, counters)

    def add(self, cpu_seconds: float, elapsed: float) -> None:
        """Count an interval in which the job used `cpu_seconds`."""
        if self._counters is not None:
            self._try(self._share, self._counters, cpu_seconds, elapsed)

    def use(self, cpu_seconds: float) -> tuple[PackageUse | None, str]:
        """Return the sum, or None and why there is none."""
        if self._counters is None:
            return None, self._unmeasured
        if self._joules == 0.0 and cpu_seconds > 0.1:
            # Some virtual machines show counters that stand still.
            return None, "the energy counters (RAPL) of this machine stand still"
        return PackageUse(self._joules, self._busy_total, self._counters.names), ""

    def _start(self, counters: PackageCounters) -> None:
        counters.joules()
        self._last_busy = self._busy()

    def _share(self, counters: PackageCounters, cpu_seconds: float, elapsed: float) -> None:
        joules, now = counters.joules(), self._busy()
        busy, self._last_busy = now - self._last_busy, now
        self._joules += joules * share_of_busy(cpu_seconds, busy, elapsed)
        self._busy_total += max(busy, cpu_seconds)

    def _try(self, look: Callable[..., None], *arguments: object) -> None:
        try:
            look(*arguments)
        except (OSError, ValueError) as error:
            self._counters = None
            self._unmeasured = f"the energy counters (RAPL) failed during the job ({error})"
