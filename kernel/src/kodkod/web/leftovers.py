"""Delete files that nobody waits for any more, of cancelled imports or a killed server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Set
from pathlib import Path

from kodkod.settings import Settings
from kodkod.store.database import Database
from kodkod.store.jobs import LIVE, list_jobs

__all__ = ["sweep_leftovers"]

_KEPT_SECONDS = 3600.0
_MANY = 10_000


async def sweep_leftovers(settings: Settings, database: Database) -> None:
    """Delete uploads and downloads that are an hour old, but what a live import will read."""
    async with database.read() as connection:
        waiting = await list_jobs(connection, states=LIVE, limit=_MANY)
    wanted = {row.params.get("upload") for row in waiting if row.kind == "import"}
    await asyncio.to_thread(_sweep, settings.data_dir, wanted)


def _sweep(data_dir: Path, wanted: Set[object]) -> None:
    horizon = time.time() - _KEPT_SECONDS
    for folder in ("uploads", "downloads"):
        for file in (data_dir / folder).glob("*"):
            # Another server on this folder may have swept it between a look and the next.
            if file.name not in wanted and file.exists() and file.stat().st_mtime < horizon:
                file.unlink(missing_ok=True)
