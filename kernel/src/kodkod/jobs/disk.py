"""What to say where a disk is full or cannot be written."""

from __future__ import annotations

import errno
import re
import sqlite3

from sqlalchemy.exc import DBAPIError

__all__ = ["disk_errno", "disk_trouble"]

_SAID = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk is read-only",
    errno.EIO: "the disk does not work",
    errno.EACCES: "the server may not write there",
    errno.EPERM: "the server may not write there",
}
_SQLITE = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_READONLY: errno.EROFS,
    sqlite3.SQLITE_IOERR: errno.EIO,
}
_POSTGRES_DISK_FULL = "53100"
# Libraries in Rust, Polars among them, give the number in the text of errors of their own.
_RUST = re.compile(r"\(os error (\d+)\)")
# NumPy says no more where a file could not be written whole, or that room could not be had first.
_NUMPY = re.compile(r"\d+ requested and \d+ written|Not enough free space to write \d+ bytes.*")


def disk_errno(error: BaseException) -> int | None:
    """Return the number (`errno`) of what is wrong with a disk; None for other errors."""
    number = _number(error)
    return number if number in _SAID else None


def disk_trouble(error: BaseException) -> str | None:
    """Return a sentence on an error of the disk, with the file and what to do; None for others."""
    number = disk_errno(error)
    if number is None:
        return None
    file = getattr(error, "filename", None)
    return (
        f"A file could not be written: {_SAID[number]}{f' ({file})' if file else ''}. Nothing was "
        "left half written. Free space, or let the server write to its data folder, and start "
        "the job again."
    )


def _number(error: BaseException) -> int | None:
    if isinstance(error, DBAPIError):
        return _of_database(error.orig)
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    if found := _RUST.search(str(error)):
        return int(found[1])
    return errno.ENOSPC if _NUMPY.fullmatch(str(error)) else None


def _of_database(error: BaseException | None) -> int | None:
    if isinstance(error, sqlite3.Error):
        # The lowest byte is the kind, what is above it the detail.
        return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    return errno.ENOSPC if getattr(error, "sqlstate", None) == _POSTGRES_DISK_FULL else None
