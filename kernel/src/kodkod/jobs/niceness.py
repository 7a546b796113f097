"""Work that lets those who annotate, and other jobs, go first."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

__all__ = ["behind_annotators", "behind_others"]

T = TypeVar("T")

_STEP = 5
_NICEST = 19


def behind_annotators() -> None:
    """Give this process, and what it starts, a lower priority than the server's.

    On a machine whose cores are all computing, who waits for the next text would wait for them.
    """
    if sys.platform == "linux":
        _step_back(0)


def behind_others(work: Callable[[], T]) -> T:
    """Do something in a thread of lower priority, and return or raise what it does."""
    with ThreadPoolExecutor(1, "behind", initializer=_be_nice) as thread:
        return thread.submit(work).result()


def _be_nice() -> None:
    # On Linux a thread has a priority of its own, which the threads that it starts inherit.
    if sys.platform == "linux":
        _step_back(threading.get_native_id())


def _step_back(id_: int) -> None:
    now = os.getpriority(os.PRIO_PROCESS, id_)
    os.setpriority(os.PRIO_PROCESS, id_, min(now + _STEP, _NICEST))
