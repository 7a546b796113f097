"""Processor time and memory of this process and all that it started."""

from __future__ import annotations

import os
import resource
from typing import Protocol

import psutil
from msgspec import Struct

__all__ = ["CpuClock", "ProcessTree", "Tree", "TreeSample"]


class TreeSample(Struct, frozen=True):
    """A tree of processes at one moment.

    `cpu_seconds` counts what its processes have used since they started, and what their ended
    children had, however they ended.
    """

    cpu_seconds: float
    rss_bytes: int
    pids: frozenset[int]


class Tree(Protocol):
    """What can be sampled."""

    def sample(self) -> TreeSample:
        """Look at all processes."""
        ...


class ProcessTree:
    """The process that makes it, and its descendants."""

    def __init__(self) -> None:
        self._self = psutil.Process()

    def sample(self) -> TreeSample:
        """Look at all processes; those that end meanwhile are left out.

        A parent is read before its children, so that no time is seen twice.
        """
        cpu = _own_seconds()
        rss = self._self.memory_info().rss
        pids = {self._self.pid}
        for process in self._descendants():
            try:
                with process.oneshot():
                    times = process.cpu_times()
                    rss += process.memory_info().rss
            except psutil.Error:
                continue
            cpu += times.user + times.system + times.children_user + times.children_system
            pids.add(process.pid)
        return TreeSample(cpu, rss, frozenset(pids))

    def _descendants(self) -> list[psutil.Process]:
        # Looking for descendants reads every process of the machine; most jobs have none.
        if not _has_children():
            return []
        try:
            return self._self.children(recursive=True)
        except psutil.Error:
            return []


class CpuClock:
    """Processor seconds of a tree since the clock was made. Never goes back.

    What a process used is in its own count while it lives and in its parent's once that has
    waited for it. If its parent died first, nobody waits and its time is in no count; what was
    seen of it until then is kept.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._last = self._start = tree.sample().cpu_seconds
        self._lost = 0.0

    def read(self) -> tuple[float, TreeSample]:
        """Return the seconds so far, and the sample that they are from."""
        sample = self._tree.sample()
        for _ in range(3):
            if sample.cpu_seconds >= self._last:
                break
            # A child that was waited for between two looks at it is in its parent's count now.
            sample = self._tree.sample()
        self._lost += max(0.0, self._last - sample.cpu_seconds)
        self._last = sample.cpu_seconds
        return sample.cpu_seconds + self._lost - self._start, sample


def _own_seconds() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime


def _has_children() -> bool:
    """Tell whether there is any child, in one system call that changes nothing."""
    if not hasattr(os, "waitid"):
        return True
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True
