"""Measures what each job uses: seconds, processor seconds, peak memory."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from kodkod.api import JobInfo, hookimpl

API = "2.0"

_RESET_PEAK = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")


@hookimpl
@contextmanager
def job_wrap(job: JobInfo, metrics: Mapping[str, float]) -> Iterator[dict[str, float]]:
    """Measure `seconds`, `cpu_seconds` and `peak_memory_mb` of a job.

    Processor time counts child processes that have ended. A job in a child process reports its
    peak itself. Of any other, on Linux the peak is its own; elsewhere it is that of the process
    since it started.
    """
    usage: dict[str, float] = {}
    _reset_peak()
    start, cpu = time.perf_counter(), _cpu_seconds()
    try:
        yield usage
    finally:
        usage["seconds"] = round(time.perf_counter() - start, 3)
        usage["cpu_seconds"] = round(_cpu_seconds() - cpu, 3)
        usage["peak_memory_mb"] = round(metrics.get("peak_memory_mb") or _peak_mb(), 1)


def _cpu_seconds() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _reset_peak() -> None:
    # Some containers mount /proc read-only; the peak then is the process's.
    with suppress(OSError):
        _RESET_PEAK.write_text("5")


def _peak_mb() -> float:
    with suppress(OSError):
        for line in _STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024) if sys.platform == "darwin" else peak / 1024
