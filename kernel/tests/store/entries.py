"""Entries for the log, and a process that writes them."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import msgspec

from kodkod.store.database import Database
from kodkod.store.follow import Ends, Follower
from kodkod.store.log import Entry, LogWriter, NewEntry

__all__ = ["new"]


def new(row: int, *, user: int = 1, scheme: int = 1, comment: str = "") -> NewEntry:
    return NewEntry(
        project_id=1,
        scheme_id=scheme,
        op="set",
        row=row,
        user_id=user,
        value='"1"',
        comment=comment,
        seconds=0.25,
        selection_probability=1 / 3,
    )


async def write_and_listen(url: str, user: int, count: int, total: int) -> list[int]:
    """Append `count` entries one by one, hear `total`, return the seqs in the order heard."""
    database = Database.at(url, Path())
    heard: list[Entry] = []
    enough = asyncio.Event()

    def take(entries: object) -> None:
        heard.extend(entries)  # type: ignore[arg-type]
        if len(heard) >= total:
            enough.set()

    log = LogWriter(database, take)

    async def noticed(ends: Ends) -> None:
        if ends.seq > log.last_seq:
            await log.catch_up()

    await log.start()
    follower = Follower(database, noticed)
    follower.start()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    for row in range(count):
        (seq,) = await log.append([new(row, user=user)])
        assert heard[-1].seq >= seq, "acknowledged before it was heard"
    await asyncio.wait_for(enough.wait(), 60)
    await follower.stop()
    await log.stop()
    await database.close()
    return [entry.seq for entry in heard]


if __name__ == "__main__":
    given_url, given_user, given_count, given_total = sys.argv[1:]
    found = asyncio.run(
        write_and_listen(given_url, int(given_user), int(given_count), int(given_total))
    )
    print(msgspec.json.encode(found).decode(), flush=True)
