"""Pace, breaker and pauses, by a clock that a test moves."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kodkod.api import UnavailableError
from kodkod_genai.calls import retry_after
from kodkod_genai.pace import Pace, backoff


class Clock:
    """Sleeping moves it, and takes no time."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


def pace_of(most: int, clock: Clock) -> Pace:
    return Pace(most, clock=clock, sleep=clock.sleep)


async def fail(pace: Pace, times: int) -> None:
    for _ in range(times):
        async with pace.turn() as began:
            pace.failed("nobody is there", began)


async def test_no_more_calls_at_once_than_the_limit(clock):
    pace = pace_of(3, clock)
    most = 0

    async def call() -> None:
        nonlocal most
        async with pace.turn():
            most = max(most, pace.in_flight)
            await asyncio.sleep(0)
            pace.succeeded()

    await asyncio.gather(*(call() for _ in range(20)))
    assert most == 3
    assert pace.in_flight == 0


async def test_a_call_that_is_given_up_leaves_its_place_to_others(clock):
    pace = pace_of(1, clock)
    entered = asyncio.Event()

    async def hold() -> None:
        async with pace.turn():
            entered.set()
            await asyncio.Event().wait()

    held, waiting = asyncio.ensure_future(hold()), asyncio.ensure_future(hold())
    await entered.wait()
    for task in (waiting, held):
        task.cancel()
    await asyncio.gather(held, waiting, return_exceptions=True)
    async with pace.turn():
        assert pace.in_flight == 1


async def test_a_rate_limit_halves_the_limit_once_and_answers_bring_it_back(clock):
    pace = pace_of(16, clock)
    for _ in range(16):
        pace.slow_down(None)
    assert pace.limit == 8
    clock.now += 60
    pace.slow_down(None)
    assert pace.limit == 4
    for _ in range(4):
        pace.succeeded()
    assert pace.limit == 4
    for _ in range(500):
        pace.succeeded()
    assert pace.limit == 16
    assert pace.rate_limited == 17


async def test_everybody_waits_as_long_as_the_endpoint_says(clock):
    pace = pace_of(4, clock)
    pace.slow_down(7.0)
    async with pace.turn() as one, pace.turn() as two:
        assert min(one, two) >= 7


async def test_a_wait_that_is_too_long_ends_the_run_for_everybody(clock):
    pace = pace_of(4, clock)
    with pytest.raises(UnavailableError, match="60 minutes"):
        pace.slow_down(3_600)
    with pytest.raises(UnavailableError, match="60 minutes"):
        async with pace.turn():
            pass


async def test_the_circuit_opens_and_lets_one_try_at_a_time(clock):
    pace = pace_of(8, clock)
    await fail(pace, 8)
    assert pace.limit == 1
    async with pace.turn() as began:
        assert began >= 2
        pace.succeeded()
    assert pace.limit == 8


async def test_after_some_tries_it_gives_up_with_the_reason(clock):
    pace = pace_of(8, clock)
    with pytest.raises(UnavailableError, match="See that it runs") as caught:
        await fail(pace, 100)
    assert "nobody is there" in caught.value.message
    assert clock.now == 2 + 4 + 8 + 16


async def test_calls_of_before_say_nothing_new_of_a_circuit_that_is_open(clock):
    pace = pace_of(32, clock)
    clock.now = 1.0
    async with pace.turn() as began:
        clock.now = 2.0
        for _ in range(100):
            pace.failed("nobody is there", began)
    async with pace.turn():
        pace.succeeded()
    assert pace.limit == 32


@given(st.integers(0, 60))
def test_a_pause_is_drawn_up_to_a_bound(tries):
    assert 0 <= backoff(tries) <= min(30, 0.5 * 2**tries)


@pytest.mark.parametrize("header", [None, "", "soon", "nan", "inf", "-inf", "1e999"])
def test_a_time_that_makes_no_sense_is_none(header):
    assert retry_after(header) is None


@pytest.mark.parametrize(("header", "seconds"), [("0", 0), ("1.5", 1.5), ("-3", 0), (" 2 ", 2)])
def test_a_time_in_seconds(header, seconds):
    assert retry_after(header) == seconds


@pytest.mark.parametrize(("ahead", "least", "most"), [(60, 50, 60), (-60, 0, 0)])
def test_a_time_by_date(ahead, least, most):
    then = datetime.now(UTC) + timedelta(seconds=ahead)
    assert least <= retry_after(format_datetime(then, usegmt=True)) <= most


@given(st.text(max_size=40))
def test_no_header_breaks_it(header):
    seconds = retry_after(header)
    assert seconds is None or seconds >= 0
