"""What is stored takes on disk: counted in the background, for it means a walk over all files."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from kodkod.settings import Settings
from kodkod.store.database import Database
from kodkod.store.overview import database_bytes
from kodkod.web.monitor_contract import StoredView

__all__ = ["Stored"]

_KEPT_SECONDS = 300.0
_MB = 1024 * 1024

_log = structlog.get_logger("kodkod.web")


class Stored:
    """The sizes as they were counted last. Asking for them has them counted anew if it is time."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        *,
        kept_seconds: float = _KEPT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._database = database
        self._kept_seconds = kept_seconds
        self._clock = clock
        self._view = StoredView()
        self._due_at = 0.0
        self._counting: asyncio.Task[None] | None = None

    def view(self) -> StoredView:
        """Return the sizes, without waiting for any."""
        if self._counting is None and self._clock() >= self._due_at:
            self._counting = asyncio.create_task(self._count(), name="sizes of what is stored")
        return self._view

    async def counted(self) -> StoredView:
        """Return the sizes once a count that is under way is over."""
        if self._counting is not None:
            await asyncio.wait([self._counting])
        return self._view

    async def stop(self) -> None:
        """Count no more."""
        if self._counting is not None:
            self._counting.cancel()
            await asyncio.gather(self._counting, return_exceptions=True)

    async def _count(self) -> None:
        try:
            async with self._database.read() as connection:
                database = await database_bytes(connection)
            self._view = await asyncio.to_thread(self._walk, database)
        except (SQLAlchemyError, OSError) as error:
            _log.warning("what is stored could not be counted", error=str(error))
        finally:
            self._due_at = self._clock() + self._kept_seconds
            self._counting = None

    def _walk(self, database: int) -> StoredView:
        settings = self._settings
        if self._database.is_sqlite:
            database = _files(Path(str(self._database.engine.url.database)))
        queue = settings.data_dir / "queue.db"
        return StoredView(
            projects_mb=_folder(settings.projects) / _MB,
            models_mb=_folder(settings.models) / _MB,
            database_mb=database / _MB,
            queue_mb=_files(queue) / _MB if queue.exists() else None,
            counted_at=datetime.now(UTC),
        )


def _folder(folder: Path) -> int:
    """Return the bytes that a folder takes, all in it included."""
    return sum(
        _taken(os.path.join(path, name))  # noqa: PTH118 - a Path for each file takes longer
        for path, _, names in os.walk(folder)
        for name in names
    )


def _files(file: Path) -> int:
    """Return the bytes of a SQLite database with what it keeps beside it."""
    return sum(_taken(f"{file}{suffix}") for suffix in ("", "-wal", "-shm"))


def _taken(path: str) -> int:
    try:
        return os.lstat(path).st_blocks * 512
    except FileNotFoundError:
        return 0  # deleted since it was listed
