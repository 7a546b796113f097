"""Real worker processes, each with a simulated card: jobs start where they fit, or wait."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import msgspec
import pytest

from kodkod.jobs.supervisor import Supervisor
from kodkod.settings import Settings
from kodkod.store.jobs import JobRow
from kodkod.store.workers import queues_served

from .conftest import LONGEST_SECONDS, Desk
from .simulated_card.simulated_cards import card


@pytest.fixture
async def start_workers(
    settings: Settings, desk: Desk
) -> AsyncIterator[Callable[..., Awaitable[None]]]:
    """Return what starts a supervisor and waits until its workers serve `queues`."""
    started: list[Supervisor] = []

    async def start(*queues: str, **changed: int) -> None:
        supervisor = Supervisor(msgspec.structs.replace(settings, **changed))
        started.append(supervisor)
        await supervisor.start()

        async def served() -> bool:
            async with desk.database.read() as connection:
                return await queues_served(connection) == set(queues)

        await desk.until(served)

    yield start
    for supervisor in started:
        await supervisor.stop()


class Computing:
    """A job that computes until it is told to end."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self._desk = desk
        self._trace = folder / f"trace-{secrets.token_hex(4)}"
        self._gate = folder / f"gate-{secrets.token_hex(4)}"
        self.id = ""

    async def submit(self, need_mb: int) -> None:
        row = await self._desk.dispatcher.submit(
            "gpu-wait",
            {"trace": str(self._trace), "gate": str(self._gate), "need_mb": need_mb},
            user_id=1,
            username="ana",
            project=None,
            gpu=True,
        )
        self.id = row.id

    async def row(self) -> JobRow:
        return await self._desk.job(self.id)

    async def computes(self) -> tuple[str, int]:
        """Wait until it computes; return which cards it sees, and its process's id."""
        async with asyncio.timeout(LONGEST_SECONDS):
            while not self._trace.exists() or not self._trace.read_text().endswith("\n"):
                await asyncio.sleep(0.02)
        visible, _, pid = self._trace.read_text().splitlines()[-1].rpartition(" ")
        return visible, int(pid)

    async def waits(self) -> str:
        """Wait until it was refused; return what is said of it."""

        async def refused() -> str | None:
            row = await self.row()
            return row.message if row.state == "queued" and row.message else None

        return await self._desk.until(refused)

    async def end(self) -> JobRow:
        self._gate.touch()
        return await self._desk.reaches(self.id, "done", "failed")


@pytest.fixture
def compute(desk: Desk, tmp_path: Path) -> Callable[[int], Awaitable[Computing]]:
    async def submit(need_mb: int) -> Computing:
        job = Computing(desk, tmp_path)
        await job.submit(need_mb)
        return job

    return submit


async def test_several_cards_are_several_slots(cards, start_workers, compute):
    cards.set(card("GPU-a"), card("GPU-b"))
    await start_workers("cpu", "gpu")

    # When two jobs come that each need most of a card.
    first, second = await compute(20_000), await compute(20_000)

    # Then each has a card of its own, and sees no other.
    seen = {(await job.computes())[0] for job in (first, second)}
    assert seen == {"GPU-a", "GPU-b"}
    rows = [await job.row() for job in (first, second)]
    assert {row.card for row in rows} == seen
    assert {row.need_mb for row in rows} == {20_000}
    for job in (first, second):
        assert (await job.end()).state == "done"


async def test_a_job_that_does_not_fit_waits_until_another_ends(cards, start_workers, compute):
    cards.set(card("GPU-a"))
    await start_workers("cpu", "gpu", gpu_workers=2)
    first = await compute(14_000)
    await first.computes()

    second = await compute(14_000)

    said = await second.waits()
    assert "it needs 14,000 MB" in said
    assert "14,000 MB are promised to 1 running job" in said

    # And a smaller one passes it by.
    third = await compute(5_000)
    await third.computes()
    assert (await third.end()).state == "done"

    await first.end()
    await second.computes()
    done = await second.end()
    assert (done.state, done.attempts) == ("done", 1)


async def test_a_job_waits_while_another_program_has_the_card(cards, start_workers, compute):
    cards.set(card("GPU-a", taken_mb=23_000))
    await start_workers("cpu", "gpu")
    job = await compute(6_000)
    assert "1,000 of 24,000 MB are free" in await job.waits()

    cards.change("GPU-a", taken_mb=0)

    assert (await job.computes())[0] == "GPU-a"
    assert (await job.end()).state == "done"


async def test_a_job_larger_than_any_card_runs_on_processors(cards, start_workers, compute):
    cards.set(card("GPU-a", total_mb=8_000))
    await start_workers("cpu", "gpu")
    job = await compute(30_000)

    assert (await job.computes())[0] == ""
    done = await job.end()

    assert (done.state, done.queue, done.card) == ("done", "cpu", None)
    assert "It needs 30,000 MB" in done.log


async def test_without_a_card_the_same_job_runs_on_processors(cards, start_workers, compute):
    await start_workers("cpu")
    job = await compute(1_000)
    assert (await job.computes())[0] == ""
    assert (await job.end()).state == "done"
