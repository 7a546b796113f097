"""Processor time of the whole machine, and a job's share in it."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["busy_seconds", "share_of_busy"]

_STAT = Path("/proc/stat")
_TICKS = os.sysconf("SC_CLK_TCK")


def busy_seconds(stat: Path = _STAT) -> float:
    """Return the seconds that all CPUs together have worked since the machine started.

    Raises:
        OSError, ValueError: the machine does not tell.
    """
    with stat.open("rb") as file:
        name, *fields = file.readline().split()
    if name != b"cpu" or len(fields) < 7:
        raise ValueError("/proc/stat does not start with the times of all CPUs")
    user, nice, system, _idle, _iowait, irq, softirq = map(int, fields[:7])
    return (user + nice + system + irq + softirq) / _TICKS


def share_of_busy(ours: float, busy: float, elapsed: float) -> float:
    """Return which part of the machine's energy in an interval is a job's, in [0, 1].

    All energy is shared by those who worked, by their processor time. While less than one CPU
    was busy, the rest is nobody's: a job that waits on an idle machine is not billed for it.
    """
    whole = max(busy, elapsed, ours)
    return max(0.0, ours) / whole if whole > 0 else 0.0
