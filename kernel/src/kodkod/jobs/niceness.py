"""Work that lets those who annotate, and other jobs, go first."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["behind_others"]

T = TypeVar("T")

_NICE = 10


def behind_others(work: Callable[[], T]) -> T:
    """Do something in a thread of lower priority, and return or raise what it does."""
    with ThreadPoolExecutor(1, "behind", initializer=_be_nice) as thread:
        return thread.submit(work).result()


def _be_nice() -> None:
    # On Linux a thread has a priority of its own, which the threads that it starts inherit.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
