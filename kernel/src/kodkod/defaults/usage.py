"""What a job took: seconds, processor seconds and memory, as metrics of the job."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from kodkod.api import JobInfo, hookimpl

API = "1.0"

_PER_MB = 1_000_000 if sys.platform == "darwin" else 1_000


@hookimpl
def job_wrap(job: JobInfo) -> object:
    """Measure the process that runs the job."""
    return _measured()


@contextmanager
def _measured() -> Iterator[dict[str, float]]:
    metrics: dict[str, float] = {}
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        yield metrics
    finally:
        metrics["wall_seconds"] = time.perf_counter() - wall
        metrics["cpu_seconds"] = time.process_time() - cpu
        # The peak of the process, which in a warm worker may be an earlier job's.
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        metrics["peak_memory_mb"] = peak / _PER_MB
