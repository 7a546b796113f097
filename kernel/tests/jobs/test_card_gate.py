"""Admission to a card, with a real database, real processes and a simulated card."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import create_async_engine

from kodkod.jobs.card_gate import CardGate, kept_mb
from kodkod.jobs.workspace import Workspace
from kodkod.settings import Settings
from kodkod.store.database import Database, now
from kodkod.store.jobs import JobRow, add_job, find_job, finish_job
from kodkod.store.tables import job
from kodkod.store.workers import WorkerRow, note_worker

from .simulated_card.simulated_cards import SimulatedCards, card

POSTGRES = os.environ.get("KODKOD_TEST_POSTGRES_URL", "")
TOTAL = 24_000
ROOM = TOTAL - kept_mb(TOTAL)
SOMEBODY = 1
"""A process that is there and was started by no worker."""
NOBODY = 2**22 + 1
"""No process of this machine: what a driver says inside a container."""


@pytest.fixture(params=["sqlite", *(["postgres"] if POSTGRES else [])])
async def database_url(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """Give the URL of an empty database; without KODKOD_TEST_POSTGRES_URL the embedded one only."""
    if request.param == "sqlite":
        yield ""
        return
    home = sa.make_url(POSTGRES).set(drivername="postgresql+asyncpg")
    name = f"kodkod_test_{secrets.token_hex(6)}"
    engine = create_async_engine(home, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield home.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    async with engine.connect() as connection:
        await connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    await engine.dispose()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(data_dir=tmp_path / "data", database_url=database_url, log_level="warning")


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    settings.data_dir.mkdir(parents=True)
    database = Database.at(settings.database_url, settings.data_dir)
    await database.migrate()
    yield database
    await database.close()


@pytest.fixture
def workspace(settings: Settings, registry: Any, database: Database) -> Iterator[Workspace]:
    made = Workspace(settings, registry, Database.at(settings.database_url, settings.data_dir))
    yield made
    made.close()


@pytest.fixture
def cards(cards: SimulatedCards) -> SimulatedCards:
    """One card of 24,000 MB, all of which is free."""
    cards.set(card("GPU-a", total_mb=TOTAL))
    return cards


@pytest.fixture
def gate(workspace: Workspace, cards: SimulatedCards) -> CardGate:
    return CardGate(workspace, "GPU-a")


@pytest.fixture
def start(workspace: Workspace) -> Callable[..., str]:
    """Return what adds a running job and returns its id."""

    def add(**values: Any) -> str:
        row = JobRow(
            id=secrets.token_hex(8),
            kind="feature",
            queue="gpu",
            project_id=None,
            user_id=1,
            params={},
            lock_key=secrets.token_hex(8),
            state="running",
            created_at=now(),
        )
        workspace.write(add_job, msgspec.structs.replace(row, **values))
        return row.id

    return add


def register(workspace: Workspace, name: str, **values: Any) -> None:
    row = WorkerRow(
        name=name,
        host="here",
        pid=NOBODY,
        queue="gpu",
        card=None,
        master="",
        restarts=0,
        job_id=None,
        rss_mb=0,
        cards=[],
        started_at=now(),
        heartbeat_at=now(),
    )
    workspace.write(note_worker, msgspec.structs.replace(row, **values))


def test_a_job_that_fits_is_let_in_and_its_need_is_noted(workspace, gate, start):
    new = start()

    admission = gate.admit(new, 6_000)

    assert admission.fits
    assert "6,000 MB" in admission.reason
    row = workspace.read(find_job, new)
    assert (row.card, row.need_mb) == ("GPU-a", 6_000)


def test_a_job_waits_for_memory_that_is_not_free(workspace, cards, gate, start):
    cards.change("GPU-a", taken_mb=20_000)
    new = start()

    admission = gate.admit(new, 6_000)

    assert not admission.fits
    assert admission.reason == (
        "Waits for memory of the graphics card Simulated 24: it needs 6,000 MB; "
        "4,000 of 24,000 MB are free."
    )
    assert workspace.read(find_job, new).card is None


def test_a_job_waits_for_memory_that_was_promised_and_not_yet_taken(workspace, gate, start):
    first, second, third = start(), start(), start()
    assert gate.admit(first, 10_000).fits
    assert gate.admit(second, 10_000).fits

    refused = gate.admit(third, 10_000)

    assert not refused.fits
    assert "20,000 MB are promised to 2 running jobs" in refused.reason

    workspace.write(finish_job, first, "done")
    assert gate.admit(third, 10_000).fits


def test_a_job_does_not_stand_in_its_own_way(gate, start):
    # Given one that was let in before its worker died, and is claimed again.
    again = start(card="GPU-a", need_mb=20_000)
    assert gate.admit(again, 20_000).fits


def test_each_card_has_its_own_room(workspace, cards, gate, start):
    cards.set(card("GPU-a", total_mb=TOTAL), card("GPU-b", total_mb=TOTAL))
    assert gate.admit(start(), 20_000).fits
    assert not gate.admit(start(), 20_000).fits
    assert CardGate(workspace, "GPU-b").admit(start(), 20_000).fits


def test_what_other_programs_hold_is_promised_to_nobody(cards, gate, start):
    # Given another program with 10,000 MB, and a job that has taken nothing of its 8,000 yet.
    cards.change("GPU-a", processes=[{"pid": SOMEBODY, "used_mb": 10_000}])
    assert gate.admit(start(), 8_000).fits

    # Then what is free now, 14,000 MB, is not to be had.
    refused = gate.admit(start(), 8_000)

    assert not refused.fits
    assert "other programs hold 10,000 MB" in refused.reason


def test_what_cannot_be_seen_from_a_container_does_not_count_twice(cards, gate, start):
    assert gate.admit(start(), 10_000).fits
    cards.change("GPU-a", processes=[{"pid": NOBODY, "used_mb": 9_500}])
    assert gate.admit(start(), 10_000).fits


def test_a_job_that_is_no_longer_running_is_not_let_in(workspace, gate, start):
    gone = start(state="queued")
    assert not gate.admit(gone, 100).fits
    assert workspace.read(find_job, gone).card is None


def test_a_card_that_does_not_answer_lets_nobody_in(cards, gate, start):
    cards.set(card("GPU-b"))
    refused = gate.admit(start(), 100)
    assert not refused.fits
    assert "GPU-a does not answer" in refused.reason
    assert gate.never(100) is None


def test_a_need_beyond_the_card_is_told_with_its_figures(gate):
    assert gate.never(ROOM) is None
    assert gate.never(ROOM + 1) == (
        "It needs 23,489 MB of a graphics card's memory, and the largest here, Simulated 24, "
        "has 24,000 MB, 512 MB of which are kept free."
    )


def test_a_larger_card_elsewhere_is_worth_waiting_for(workspace, gate):
    large = {"uuid": "GPU-z", "name": "Simulated 80", "total_mb": 80_000}
    idle = {"uuid": "GPU-y", "name": "Simulated 200", "total_mb": 200_000}
    register(workspace, "elsewhere", card="GPU-z", cards=[large, idle])
    assert gate.never(60_000) is None
    assert "Simulated 80" in (gate.never(100_000) or "")

    # When its worker has not been heard of for long.
    dead = now() - timedelta(minutes=5)
    register(workspace, "elsewhere", card="GPU-z", cards=[large], heartbeat_at=dead)

    assert "Simulated 24" in (gate.never(60_000) or "")


GATE = """
import sys
from kodkod.jobs.card_gate import CardGate
from kodkod.jobs.workspace import Workspace
from kodkod.settings import load_settings

gate = CardGate(Workspace.open(load_settings()), "GPU-a")
print("ready", flush=True)
for line in sys.stdin:
    job, need = line.split()
    print(gate.admit(job, int(need)).fits, flush=True)
"""


class GateProcess:
    """A process of its own that admits jobs."""

    def __init__(self, settings: Settings) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", GATE],
            env=os.environ | settings.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout

    def ready(self) -> None:
        assert self._out.readline() == "ready\n"

    def ask(self, job_id: str, need_mb: int) -> None:
        self._in.write(f"{job_id} {need_mb}\n")
        self._in.flush()

    def answer(self) -> bool:
        return {"True\n": True, "False\n": False}[self._out.readline()]

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._in.close()
        self._out.close()


@pytest.fixture
def start_gates(
    settings: Settings, cards: SimulatedCards, database: Database
) -> Iterator[Callable[[int], list[GateProcess]]]:
    started: list[GateProcess] = []

    def make(n: int) -> list[GateProcess]:
        new = [GateProcess(settings) for _ in range(n)]
        started.extend(new)
        for each in new:
            each.ready()
        return new

    yield make
    for each in started:
        each.end()


def test_of_processes_that_ask_at_once_only_one_gets_the_last_memory(workspace, start, start_gates):
    gates = start_gates(3)
    for _ in range(20):
        wanting = [start() for _ in gates]

        for gate, wanted in zip(gates, wanting, strict=True):
            gate.ask(wanted, 14_000)
        let_in = [gate.answer() for gate in gates]

        assert sum(let_in) == 1
        for wanted in wanting:
            workspace.write(finish_job, wanted, "done")


def test_the_processes_of_running_jobs_are_known_by_their_worker(
    workspace, cards, start, start_gates
):
    # Given a worker, which is no relative of the gate's process, and its child on the card.
    shell = subprocess.Popen(
        ["/bin/sh", "-c", "sleep 600 & echo $!; wait"],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    child = int(shell.stdout.readline())
    try:
        register(workspace, "busy", pid=shell.pid, card="GPU-a")
        running = start(worker="busy", card="GPU-a", need_mb=10_000)
        cards.change("GPU-a", processes=[{"pid": child, "used_mb": 9_000}])
        (gate,) = start_gates(1)

        # Then its memory is part of what was promised.
        second = start()
        gate.ask(second, 13_400)
        assert gate.answer()

        # And what it still holds when the job is over is somebody's.
        for ended in (running, second):
            workspace.write(finish_job, ended, "done")
        gate.ask(start(), 14_700)
        assert not gate.answer()
    finally:
        os.killpg(shell.pid, signal.SIGKILL)
        shell.wait()
        shell.stdout.close()


STEPS = st.one_of(
    st.tuples(st.just("ask"), st.integers(1, TOTAL + 2_000)),
    st.tuples(st.just("end"), st.integers(0, 5)),
    st.tuples(st.just("take"), st.integers(0, 100)),
    st.tuples(st.just("others"), st.integers(0, TOTAL)),
)


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=14), seen=st.booleans())
def test_never_more_is_promised_than_the_card_has(workspace, cards, gate, start, steps, seen):
    """Jobs come, take of their memory and end; other programs, seen or not, come and go."""
    workspace.write(lambda connection: connection.execute(sa.delete(job)))
    cards.set(card("GPU-a", total_mb=TOTAL))
    promised: dict[str, int] = {}
    taken = others = 0
    for what, amount in steps:
        if what == "end" and promised:
            ended = list(promised)[amount % len(promised)]
            workspace.write(finish_job, ended, "done")
            del promised[ended]
            taken = min(taken, sum(promised.values()))
        elif what == "take":
            taken = min(sum(promised.values()) * amount // 100, TOTAL - others)
        elif what == "others":
            others = min(amount, TOTAL - taken)
        if what != "ask":
            processes = [
                {"pid": os.getpid(), "used_mb": taken},
                {"pid": SOMEBODY if seen else NOBODY, "used_mb": others},
            ]
            cards.change("GPU-a", processes=processes)
            continue

        new = start()
        fits = gate.admit(new, amount).fits

        free = TOTAL - taken - others
        room = ROOM - sum(promised.values()) - (others if seen else 0)
        assert fits == (amount <= free and amount <= room)
        if fits:
            promised[new] = amount
            assert sum(promised.values()) <= ROOM
        else:
            workspace.write(finish_job, new, "done")
