"""Moves what SQLite's write-ahead log has into the database, while nobody waits for it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable

import structlog

__all__ = ["Checkpoints"]

_COMMITS = 250
"""Commits of this process after which it looks: some thousand pages of the log."""
_LONG = 8192
"""Pages (32 MB) from which the log is begun anew, for which writers must wait a moment."""

_log = structlog.get_logger("kodkod.store")


class Checkpoints:
    """Counts commits, and makes checkpoints in a thread of its own.

    SQLite makes them itself unless it is told not to: at the end of every so manieth commit, and
    whoever waits for that commit waits for all pages to be written and synced, up to 0.3 s.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._commits = 0
        self._due = threading.Event()
        self._over = False
        self._thread: threading.Thread | None = None
        self._turn = threading.Lock()

    def committed(self) -> None:
        """Count a commit. Any thread may call it; it takes no time."""
        with self._turn:
            self._commits += 1
            if self._commits < _COMMITS or self._over:
                return
            self._commits = 0
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)
                self._thread.start()
        self._due.set()

    def close(self) -> None:
        """End the thread. The last connection to be closed makes a checkpoint of itself."""
        with self._turn:
            self._over = True
        self._due.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        connection = self._connect()
        try:
            while True:
                self._due.wait()
                self._due.clear()
                if self._over:
                    return
                try:
                    checkpoint(connection)
                except sqlite3.Error as error:
                    # The log grows meanwhile; a disk that is full shows in commits as well.
                    _log.warning("no checkpoint could be made", reason=str(error))
        finally:
            connection.close()


def checkpoint(connection: sqlite3.Connection, long: int = _LONG) -> int:
    """Copy what can be copied without anybody waiting; return the pages that the log then has.

    A log that is written to all the time is never copied whole that way, and never begun anew. So
    one of `long` pages is copied again with its writers held back for the few pages that came
    meanwhile; if somebody reads just then, the next checkpoint tries again.
    """
    pages = _checkpoint(connection, "PASSIVE")
    return pages if pages < long else _checkpoint(connection, "RESTART")


def _checkpoint(connection: sqlite3.Connection, mode: str) -> int:
    # busy, pages in the log, pages copied; -1 where another makes a checkpoint just now.
    return int(connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()[1])
