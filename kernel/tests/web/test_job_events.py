"""Plugins hear of jobs, whichever process has run them."""

from __future__ import annotations

import asyncio
from queue import SimpleQueue

from kodkod.jobs.records import ask_to_stop, queue
from kodkod.store.database import now
from kodkod.store.jobs import JobRow
from kodkod.store.projects import find_project


async def test_plugins_hear_of_jobs_but_not_of_guides(client, services, monkeypatch):
    heard: SimpleQueue = SimpleQueue()
    monkeypatch.setattr(services.registry, "observe", heard.put)
    async with services.database.read() as connection:
        project = await find_project(connection, "letters")

    def row(id_: str, queue_name: str) -> JobRow:
        return JobRow(
            id=id_,
            kind="train",
            queue=queue_name,
            project_id=project.id,
            user_id=1,
            params={},
            lock_key=id_,
            created_at=now(),
        )

    # When another process stores and cancels a job, and refreshes a guide
    async with services.database.write() as connection:
        await queue(connection, row("guide", "live"))
        await queue(connection, row("mine", "cpu"))
        await ask_to_stop(connection, "mine")

    # Then the plugins hear of the job, by project and user
    found = [await asyncio.to_thread(heard.get, timeout=10) for _ in range(2)]
    assert {(each.type, each.project, each.user, each.data["id"]) for each in found} == {
        ("job.queued", "letters", "root", "mine"),
        ("job.cancelled", "letters", "root", "mine"),
    }
