"""Jobs and workers, as other processes would write them into the database."""

from __future__ import annotations

from typing import Any

from kodkod.store.database import Database, now
from kodkod.store.jobs import JobRow, add_job
from kodkod.store.workers import WorkerRow, note_worker

__all__ = ["add_queued", "add_worker"]


async def add_queued(database: Database, id_: str, **values: Any) -> JobRow:
    """Store a job; what is left out is plain."""
    plain = {
        "id": id_,
        "kind": "train",
        "queue": "cpu",
        "project_id": None,
        "user_id": 1,
        "params": {},
        "lock_key": id_,
        "created_at": now(),
    }
    row = JobRow(**plain | values)
    async with database.write() as connection:
        await add_job(connection, row)
    return row


async def add_worker(database: Database, name: str, **values: Any) -> WorkerRow:
    """Store a worker of another host."""
    plain = {
        "name": name,
        "host": "far",
        "pid": 7,
        "queue": "cpu",
        "card": None,
        "master": "far-1",
        "restarts": 0,
        "job_id": None,
        "rss_mb": 300,
        "cards": [],
        "started_at": now(),
        "heartbeat_at": now(),
    }
    row = WorkerRow(**plain | values)
    async with database.write() as connection:
        await note_worker(connection, row)
    return row
