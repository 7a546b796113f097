"""Throttling: guessing becomes slow, whoever else is kept waiting by nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient
from hypothesis import given, settings
from hypothesis import strategies as st
from litestar import Litestar

from kodkod.settings import Settings
from kodkod.store.attempts import Count
from kodkod.store.database import Database
from kodkod.store.people import add_user
from kodkod.web.allowance import ACCOUNT, PAIR, PLACE
from kodkod.web.app import create_app
from kodkod.web.origin import Origin, device_of
from kodkod.web.problems import TooManyAttemptsError
from kodkod.web.throttle import Throttle

from .conftest import PASSWORD

TOKEN = "/api/v1/auth/token"
START = datetime(2026, 1, 1, tzinfo=UTC)
OWNERS = Origin(address="203.0.113.7", network="203.0.113.7")
OTHERS = Origin(address="198.51.100.9", network="198.51.100.9")


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database.at("", tmp_path)
    await made.migrate()
    async with made.write() as connection:
        await add_user(connection, username="ada", sign_in="password", secret="", role="annotator")
    yield made
    await made.close()


async def fails(throttle: Throttle, origin: Origin, name: str = "ada", user_id=1) -> int:
    """Try and fail; return how long one has to wait, 0 where the attempt was let through."""
    try:
        await throttle.admit(name=name, user_id=user_id, origin=origin)
    except TooManyAttemptsError as error:
        return error.seconds
    return 0


async def succeeds(throttle: Throttle, origin: Origin) -> None:
    attempt = await throttle.admit(name="ada", user_id=1, origin=origin)
    await throttle.succeeded(attempt, 1, origin)


async def test_the_wait_doubles_and_ends(database):
    clock = Clock()
    throttle = Throttle(database, clock)
    # given as many failures as cost nothing
    assert [await fails(throttle, OTHERS) for _ in range(PAIR.free)] == [0] * PAIR.free
    # then each further one costs twice the wait before it
    for wait in (4, 8, 16, 32):
        assert await fails(throttle, OTHERS) == wait
        clock.pass_(wait)
        assert await fails(throttle, OTHERS) == 0
    # and after a day all is forgotten
    clock.pass_(30 * 3600)
    assert [await fails(throttle, OTHERS) for _ in range(PAIR.free)] == [0] * PAIR.free


async def test_hammering_a_name_keeps_nobody_else_out(database):
    clock = Clock()
    throttle = Throttle(database, clock)
    while not await fails(throttle, OTHERS):
        pass
    # then the owner, who was never here before, is let in elsewhere
    await succeeds(throttle, OWNERS)
    # and other names at the place of the hammering wait for nothing
    assert await fails(throttle, OTHERS, name="otto", user_id=None) == 0


async def test_a_success_clears_what_failed_at_its_place_only(database):
    throttle = Throttle(database, Clock())
    for _ in range(PAIR.free - 1):
        await fails(throttle, OWNERS)
        await fails(throttle, OTHERS)
    await succeeds(throttle, OWNERS)
    assert await fails(throttle, OWNERS) == 0
    assert await fails(throttle, OWNERS) == 0
    assert await fails(throttle, OTHERS) == 0
    assert await fails(throttle, OTHERS) > 0


async def test_many_names_from_one_place_are_slowed_down(database):
    throttle = Throttle(database, Clock())
    for number in range(PLACE.free):
        assert await fails(throttle, OTHERS, name=f"name-{number}", user_id=None) == 0
    assert await fails(throttle, OTHERS, name="one-more", user_id=None) > 0
    # then whoever signed in there before is let in all the same
    known = Origin(address=OTHERS.address, network=OTHERS.network)
    async with database.write() as connection:
        from kodkod.store.places import note_place

        await note_place(connection, 1, known.network, START)
    await succeeds(throttle, known)


async def test_many_machines_that_guess_one_name_do_not_keep_its_owner_out(database):
    throttle = Throttle(database, Clock())
    # given an owner who signed in once, and more machines than the name's allowance
    await succeeds(throttle, OWNERS)
    machines = (f"10.0.{n // 250}.{n % 250}" for n in range(ACCOUNT.free + 1))
    waits = [await fails(throttle, Origin(address=m, network=m)) for m in machines]
    assert waits[-1] > 0
    # then a new machine has to wait, the owner's network does not
    assert await fails(throttle, Origin(address="10.9.9.9", network="10.9.9.9")) > 0
    await succeeds(throttle, OWNERS)


async def test_a_known_browser_is_let_in_from_anywhere(database):
    throttle = Throttle(database, Clock())
    browser = device_of("x" * 43)
    at_home = Origin(address=OWNERS.address, network=OWNERS.network, device=browser)
    await succeeds(throttle, at_home)
    # given a neighbour behind the same address as the owner is now, who hammers the name
    while not await fails(throttle, OTHERS):
        pass
    # then the owner's browser is not the neighbour
    await succeeds(throttle, Origin(address=OTHERS.address, network=OTHERS.network, device=browser))


async def test_many_at_once_are_not_more_than_they_may_be(database):
    # given two servers on one database, asked at once
    clock = Clock()
    servers = [Throttle(database, clock), Throttle(database, clock)]
    outcomes = await asyncio.gather(*(fails(servers[n % 2], OTHERS) for n in range(40)))
    # then together they let through as many as one of them would
    assert outcomes.count(0) == PAIR.free


async def test_whoever_waits_leaves_no_rows(database):
    throttle = Throttle(database, Clock())
    for number in range(PLACE.free):
        await fails(throttle, OTHERS, name=f"name-{number}", user_id=None)
    async with database.read() as connection:
        before = (await connection.exec_driver_sql("SELECT count(*) FROM attempts")).scalar_one()
        for number in range(20):
            assert await fails(throttle, OTHERS, name=f"more-{number}", user_id=None) > 0
    async with database.read() as connection:
        after = (await connection.exec_driver_sql("SELECT count(*) FROM attempts")).scalar_one()
        stored = (await connection.exec_driver_sql("SELECT key FROM attempts")).scalars().all()
    assert after == before
    # and a name is not stored as it was typed: it may be a password in the wrong field
    assert not any("name-" in key for key in stored)


@given(st.lists(st.floats(min_value=0.0, max_value=7200.0), min_size=1, max_size=400))
@settings(max_examples=200)
def test_one_place_cannot_make_a_name_wait_elsewhere(pauses: list[float]) -> None:
    """Whatever the schedule, what `PAIR` lets through never fills `ACCOUNT`."""
    time, pair, account = START, Count(0.0, START), Count(0.0, START)
    for pause in pauses:
        time += timedelta(seconds=pause)
        # The most eager attacker tries again at the very moment when it may.
        time += timedelta(seconds=PAIR.wait(pair, time))
        assert ACCOUNT.wait(account, time) == 0.0
        pair, account = PAIR.more(pair, time), ACCOUNT.more(account, time)
    assert ACCOUNT.wait(account, time) == 0.0


@given(
    st.lists(st.floats(min_value=0.0, max_value=1e6), max_size=60),
    st.sampled_from([PAIR, PLACE, ACCOUNT]),
)
def test_nobody_waits_longer_than_the_longest_wait(pauses: list[float], allowance) -> None:
    time, count = START, Count(0.0, START)
    for pause in pauses:
        time += timedelta(seconds=pause)
        count = allowance.more(count, time)
        wait = allowance.wait(count, time)
        assert 0.0 <= wait <= allowance.longest_seconds
        assert allowance.wait(count, time + timedelta(seconds=wait)) == pytest.approx(0.0, abs=1e-3)


def from_(app: Litestar, address: str) -> AsyncClient:
    transport = ASGITransport(app, client=(address, 1))
    return AsyncClient(transport=transport, base_url="http://kodkod")


async def guess(app: Litestar, address: str, password: str) -> int:
    async with from_(app, address) as client:
        form = {"username": "anna", "password": password}
        return (await client.post(TOKEN, data=form)).status_code


async def test_a_restart_forgets_nothing(settings: Settings, registry):
    # given a server that was hammered until it said so
    first = create_app(settings, registry=registry)
    async with first.lifespan():
        statuses = [await guess(first, "198.51.100.9", "a guess") for _ in range(11)]
        assert statuses == [401] * 10 + [429]
    # when another one is started on the same data
    second = create_app(settings, registry=registry)
    async with second.lifespan():
        # then it knows, and the owner is let in from elsewhere
        assert await guess(second, "198.51.100.9", PASSWORD) == 429
        assert await guess(second, "203.0.113.7", PASSWORD) == 200


async def test_a_forwarded_address_is_believed_of_a_trusted_proxy_only(settings, registry):
    from msgspec.structs import replace

    for trusted, expected in (((), 429), (("10.1.0.0/16",), 401)):
        app = create_app(replace(settings, trusted_proxies=trusted), registry=registry)
        form = {"username": f"nobody-{len(trusted)}", "password": "a guess"}
        async with app.lifespan(), from_(app, "10.1.2.3") as client:
            for number in range(11):
                headers = {"X-Forwarded-For": f"192.0.2.{number}"}
                answer = await client.post(TOKEN, data=form, headers=headers)
        # then eleven who come by a trusted proxy are eleven, and otherwise one
        assert answer.status_code == expected
