"""Workers of all hosts, as the database knows them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

from kodkod.cli.checkup.database import SKEW_SECONDS, collect, is_current, of_skew
from kodkod.cli.checkup.finding import Case, Finding, ok, warning
from kodkod.store.database import Database, now
from kodkod.store.overview import sum_queues
from kodkod.store.workers import list_workers, queues_served

__all__ = ["check_workers"]


def check_workers(case: Case) -> Iterator[Finding]:
    """See which workers are there, and that no job waits for one that is not."""
    if is_current(case):
        yield from asyncio.run(collect(_ask_workers(case)))


async def _ask_workers(case: Case) -> AsyncIterator[Finding]:
    database = Database.at(case.settings.database_url, case.settings.data_dir)
    try:
        async with database.read() as connection:
            workers = await list_workers(connection)
            served = await queues_served(connection)
            queues = await sum_queues(connection)
    finally:
        await database.close()
    alive = [worker for worker in workers if worker.alive]
    told = ", ".join(f"{worker.queue} on {worker.host}" for worker in alive)
    yield ok("workers", f"{len(alive)} alive: {told}" if alive else "None runs")
    for worker in workers:
        if not worker.alive:
            yield warning(
                "workers",
                f"{worker.name} ({worker.queue} on {worker.host}) is silent since "
                f"{worker.heartbeat_at:%H:%M:%S} UTC.",
                "If it was not ended on purpose, see whether that machine is well.",
            )
    ahead = max((worker.heartbeat_at - now() for worker in alive), default=None)
    if ahead is not None and ahead.total_seconds() > SKEW_SECONDS:
        yield of_skew(ahead.total_seconds(), "another machine with workers")
    for queue in queues.values():
        if queue.queued and queue.queue not in served and alive:
            yield warning(
                "workers",
                f"{queue.queued} jobs wait in the queue {queue.queue}, and no worker takes any.",
                f"Start one: kodkod worker --queues {queue.queue}",
            )
