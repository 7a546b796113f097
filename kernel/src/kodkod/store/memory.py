"""Give memory back to the system after work that took much of it for a moment."""

from __future__ import annotations

import ctypes
import sys

import pyarrow as pa

__all__ = ["give_back"]


def give_back() -> None:
    """Return what allocators keep for later; takes some milliseconds, for another thread."""
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl has not.
        if trim is not None:
            trim(0)
