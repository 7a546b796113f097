"""What this process and its machine are doing, as the operating system tells it."""

from __future__ import annotations

import os
import shutil
import socket
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import psutil
from msgspec import Struct

from kodkod import __version__
from kodkod.jobs.cards import CardStatus, read_cards
from kodkod.settings import Settings
from kodkod.web.monitor_contract import DiskView, HostView, ServerView

__all__ = ["Machine", "MachineLook", "free_mb", "memory_within"]

_MB = 1024 * 1024
_CGROUP = Path("/sys/fs/cgroup")


class MachineLook(Struct, frozen=True, kw_only=True):
    """What was seen; `cards` are those of this host."""

    server: ServerView
    host: HostView
    disks: list[DiskView]
    cards: list[CardStatus]


class Machine:
    """Looks at the machine. A look costs some milliseconds: not in the event loop."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process = psutil.Process()
        # The first call says nothing; each later one, what was since the one before.
        self._process.cpu_percent()
        psutil.cpu_percent()

    def look(self, listeners: int) -> MachineLook:
        """Look at all there is. Figures of the processors are since the look before."""
        return MachineLook(
            server=self._server(listeners),
            host=self._host(),
            disks=[
                _disk("data", self._settings.data_dir),
                _disk("models", self._settings.models),
            ],
            cards=read_cards(),
        )

    def _server(self, listeners: int) -> ServerView:
        process = self._process
        began = process.create_time()
        with process.oneshot():
            return ServerView(
                version=__version__,
                pid=process.pid,
                started_at=datetime.fromtimestamp(began, UTC),
                uptime_seconds=time.time() - began,
                cpu=process.cpu_percent() / 100,
                memory_mb=process.memory_info().rss // _MB,
                threads=process.num_threads(),
                open_files=process.num_fds(),
                listeners=listeners,
            )

    def _host(self) -> HostView:
        total, available = memory_within(_CGROUP)
        return HostView(
            name=socket.gethostname(),
            cores=_cores(),
            cpu=psutil.cpu_percent() / 100,
            load_1m=os.getloadavg()[0],
            memory_total_mb=total // _MB,
            memory_available_mb=available // _MB,
        )


def free_mb(folder: Path) -> int:
    """Return what is free on the disk of a folder, which need not be there yet."""
    return shutil.disk_usage(_nearest(folder)).free // _MB


def _nearest(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def _disk(holds: Literal["data", "models"], folder: Path) -> DiskView:
    usage = shutil.disk_usage(_nearest(folder))
    return DiskView(
        holds=holds,
        path=str(folder),
        total_mb=usage.total // _MB,
        free_mb=usage.free // _MB,
    )


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory_within(cgroup: Path) -> tuple[int, int]:
    """Return the bytes that there are and that are available, within a container's limit."""
    memory = psutil.virtual_memory()
    try:
        limit = int((cgroup / "memory.max").read_text())
        used = int((cgroup / "memory.current").read_text())
        told = dict(line.split() for line in (cgroup / "memory.stat").read_text().splitlines())
    except (OSError, ValueError):
        return memory.total, memory.available  # no limit, or none that is told here
    if limit >= memory.total:
        return memory.total, memory.available
    # Cached files give way where memory is asked for.
    available = limit - used + int(told.get("inactive_file", 0))
    return limit, min(available, memory.available)
