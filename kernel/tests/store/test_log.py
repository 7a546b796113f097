"""The annotation log: grouped, in order, exactly once, never changed."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from kodkod.api import UnavailableError
from kodkod.store.database import Database
from kodkod.store.log import Entry, LogWriter, read_entries
from kodkod.store.tables import annotation

from .entries import new


class Listening:
    """A running writer and what it heard, call by call."""

    def __init__(self, database: Database) -> None:
        self.calls: list[list[Entry]] = []
        self.log = LogWriter(database, lambda entries: self.calls.append(list(entries)))

    @property
    def heard(self) -> list[Entry]:
        return [entry for call in self.calls for entry in call]


@pytest.fixture
async def one(database: Database) -> AsyncIterator[Listening]:
    listening = Listening(database)
    await listening.log.start()
    yield listening
    await listening.log.stop()


async def stored(database: Database) -> list[Entry]:
    async with database.read() as connection:
        return await read_entries(connection, 1)


async def test_what_is_acknowledged_is_stored_and_heard_as_it_was_given(
    database: Database, one: Listening
) -> None:
    seqs = await one.log.append([new(3, comment="ça\nva"), new(4)])

    entries = await stored(database)
    assert [entry.seq for entry in entries] == seqs
    assert [entry.row for entry in entries] == [3, 4]
    assert entries[0].comment == "ça\nva"
    # What this process heard at once equals what others read: times and floats included.
    assert one.heard == entries


async def test_what_gathers_is_committed_together_and_heard_in_order(
    database: Database, one: Listening
) -> None:
    answers = await asyncio.gather(*(one.log.append([new(i), new(i)]) for i in range(300)))

    seqs = [seq for each in answers for seq in each]
    assert [entry.seq for entry in one.heard] == sorted(seqs)
    assert len(set(seqs)) == 600
    assert [entry.row for entry in await stored(database)] == [i for i in range(300) for _ in "ab"]
    # The first request may go alone; all others waited for its commit and went together.
    assert len(one.calls) <= 3


async def test_two_writers_hear_each_other_once_and_in_order(database: Database) -> None:
    first, second = Listening(database), Listening(database)
    await first.log.start()
    await second.log.start()

    for turn in range(20):
        await asyncio.gather(
            *(each.log.append([new(turn)]) for each in (first, second) for _ in range(3))
        )
    await first.log.catch_up()
    await second.log.catch_up()

    everything = [entry.seq for entry in await stored(database)]
    assert len(everything) == 120
    for each in (first, second):
        assert [entry.seq for entry in each.heard] == everything
        await each.log.stop()


async def test_writers_in_two_processes_hear_each_other_in_order(
    database: Database, url: str
) -> None:
    count = 150
    script = [sys.executable, "-m", "entries", url]
    processes = [
        await asyncio.create_subprocess_exec(
            *script,
            str(user),
            str(count),
            str(2 * count),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=Path(__file__).parent,
        )
        for user in (1, 2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert (await process.stdout.readline()).strip() == b"ready"
    answers = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))

    everything = [entry.seq for entry in await stored(database)]
    assert len(everything) == 2 * count
    for out, _ in answers:
        assert msgspec.json.decode(out) == everything


async def test_a_commit_that_fails_acknowledges_nothing(database: Database, one: Listening) -> None:
    with pytest.raises(UnavailableError, match="could not be stored"):
        await one.log.append([new(0), new(1, scheme=404)])

    assert await stored(database) == []
    assert one.heard == []
    # The writer is none the worse for it.
    assert len(await one.log.append([new(2)])) == 1


async def test_what_one_request_got_wrong_costs_the_others_nothing(
    database: Database, one: Listening
) -> None:
    wrong = [new(5, scheme=404)]
    answers = await asyncio.gather(
        one.log.append([new(0)]),
        one.log.append([new(1)]),
        one.log.append(wrong),
        one.log.append([new(2)]),
        return_exceptions=True,
    )

    assert [isinstance(each, UnavailableError) for each in answers] == [False, False, True, False]
    assert [entry.row for entry in await stored(database)] == [0, 1, 2]
    assert one.heard == await stored(database)


async def test_a_listener_that_fails_does_not_stop_the_log(database: Database) -> None:
    heard: list[int] = []

    def fails_once(entries: object) -> None:
        heard.extend(entry.seq for entry in entries)  # type: ignore[attr-defined]
        if len(heard) == 1:
            raise IndexError("a bug")

    log = LogWriter(database, fails_once)
    await log.start()

    seqs = await log.append([new(0)])
    seqs += await log.append([new(1)])
    await log.stop()

    assert heard == seqs


async def test_stopping_writes_what_waits_and_then_refuses(
    database: Database, one: Listening
) -> None:
    waiting = [asyncio.create_task(one.log.append([new(i)])) for i in range(5)]
    await asyncio.sleep(0)
    await one.log.stop()

    assert len(await asyncio.gather(*waiting)) == 5
    assert len(await stored(database)) == 5
    with pytest.raises(UnavailableError, match="stopping"):
        await one.log.append([new(9)])


async def test_no_statement_changes_or_deletes_an_entry(url: str, tmp_path: Path) -> None:
    database = Database.at(url, tmp_path)
    await database.migrate()
    from .conftest import populate

    await populate(database)
    said: list[str] = []
    engines = [database.engine.sync_engine, *([database._sync] if database._sync else [])]
    for engine in engines:
        sa.event.listen(
            engine,
            "before_cursor_execute",
            lambda conn, cursor, statement, parameters, context, many: said.append(statement),
        )
    listening = Listening(database)
    await listening.log.start()
    await listening.log.append([new(0), new(1)])
    await listening.log.catch_up()
    await listening.log.stop()
    await database.close()

    about = [s.split(maxsplit=1)[0].upper() for s in said if annotation.name in s]
    assert "INSERT" in about
    assert set(about) <= {"INSERT", "SELECT", "WITH"}


async def test_a_database_that_is_gone_is_said_and_does_not_end_the_writer(
    database: Database, one: Listening
) -> None:
    """Connections refused are no database errors to the drivers, but the system's."""
    real = database.transact

    async def refused(work: object) -> None:
        raise ConnectionRefusedError("nobody listens")

    database.transact = refused  # type: ignore[method-assign]
    with pytest.raises(UnavailableError, match="nobody listens"):
        await one.log.append([new(0)])
    database.transact = real  # type: ignore[method-assign]

    assert len(await one.log.append([new(1)])) == 1
