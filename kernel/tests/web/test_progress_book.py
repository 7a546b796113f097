"""Counting how far projects have come takes a twentieth of the server's time at most."""

from __future__ import annotations

import pytest

from kodkod.store.progress import Progress
from kodkod.web import progress_book
from kodkod.web.progress_book import ProgressBook

KEY = ((1, 2), frozenset[int]())


@pytest.fixture
def slow(monkeypatch):
    """Let counting take as long as is said, by a clock of the test's own."""
    state = {"now": 100.0, "takes": 0.0, "counts": 0}

    async def count(connection, project_ids, *, hidden):
        state["now"] += state["takes"]
        state["counts"] += 1
        return {id_: Progress(schemes=[], members=1, active_at=None, wh=0) for id_ in project_ids}

    monkeypatch.setattr(progress_book, "progress_of", count)
    return state


async def test_a_quick_count_is_made_whenever_somebody_asks(services, client, slow):
    book = ProgressBook(services.database, lambda: slow["now"])
    slow["takes"] = 0.04
    for _ in range(3):
        await book.of(*KEY)
        slow["now"] += 0.01
    assert slow["counts"] == 3


async def test_a_slow_count_rests_twenty_times_as_long_as_it_took(services, client, slow):
    book = ProgressBook(services.database, lambda: slow["now"])
    slow["takes"] = 1.5
    first = await book.of(*KEY)
    slow["now"] += 29
    assert await book.of(*KEY) == first
    assert slow["counts"] == 1
    # Whoever sees other schemes has an answer of their own.
    await book.of(KEY[0], frozenset({7}))
    assert slow["counts"] == 2
    slow["now"] += 2
    await book.of(*KEY)
    assert slow["counts"] == 3
