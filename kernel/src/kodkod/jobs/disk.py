"""What to say where a disk is full or cannot be written."""

from __future__ import annotations

import errno

__all__ = ["disk_trouble"]

_SAID = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "the server may not write there",
    errno.EPERM: "the server may not write there",
}


def disk_trouble(error: OSError) -> str | None:
    """Return a sentence on an error of the disk, with the file and what to do; None for others."""
    said = _SAID.get(error.errno or 0)
    if said is None:
        return None
    where = f" ({error.filename})" if error.filename else ""
    return (
        f"A file could not be written: {said}{where}. Nothing was left half written. Free space, "
        "or let the server write to its data folder, and start the job again."
    )
