"""Memory on the processor: what a batch has freed is kept for the next."""

from __future__ import annotations

import ctypes
import sys

__all__ = ["keep_freed_memory"]

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT_BYTES = 512 << 20
_LARGEST_KEPT = 32 << 20  # The most that the C library takes.


def keep_freed_memory() -> None:
    """Let the C library of Linux give freed memory back to the system late.

    By default it hands large blocks back at once, and each layer of a transformer then waits for
    the system to clear its pages anew. Elsewhere nothing is done.
    """
    if not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    mallopt(_MMAP_THRESHOLD, _LARGEST_KEPT)
    mallopt(_TRIM_THRESHOLD, _KEPT_BYTES)
