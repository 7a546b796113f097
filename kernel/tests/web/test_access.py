from __future__ import annotations

import asyncio

import pytest

from kodkod.api import NotFoundError
from kodkod.store.people import put_member, remove_member
from kodkod.store.projects import find_project
from kodkod.web.recent import Recent

from .conftest import SLUG


class Clock:
    """A clock that stands until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Source:
    """Answers look-ups by a number that grows, and may be told to wait."""

    def __init__(self) -> None:
        self.asked = 0
        self.open = asyncio.Event()
        self.open.set()

    async def __call__(self) -> int:
        self.asked += 1
        number = self.asked
        await self.open.wait()
        return number


async def test_an_answer_is_remembered_for_its_time():
    clock, source = Clock(), Source()
    recent: Recent[str, int] = Recent(seconds=5, limit=10, clock=clock)
    assert await recent.fetch("a", source) == 1
    clock.now = 4.9
    assert await recent.fetch("a", source) == 1
    clock.now = 5.0
    assert await recent.fetch("a", source) == 2


async def test_what_is_remembered_is_bounded():
    source = Source()
    recent: Recent[int, int] = Recent(seconds=5, limit=3, clock=Clock())
    for number in range(5):
        await recent.fetch(number, source)
    await recent.fetch(4, source)
    assert source.asked == 5
    await recent.fetch(0, source)
    assert source.asked == 6


async def test_many_who_ask_at_once_cost_one_look_up():
    source = Source()
    source.open.clear()
    recent: Recent[str, int] = Recent(seconds=5, limit=10, clock=Clock())
    asking = [asyncio.create_task(recent.fetch("a", source)) for _ in range(32)]
    await asyncio.sleep(0)
    source.open.set()
    assert await asyncio.gather(*asking) == [1] * 32
    assert source.asked == 1


async def test_what_was_looked_up_before_a_change_is_not_remembered_after_it():
    source = Source()
    source.open.clear()
    recent: Recent[str, int] = Recent(seconds=5, limit=10, clock=Clock())
    early = asyncio.create_task(recent.fetch("a", source))
    await asyncio.sleep(0)  # A look-up begins,
    recent.forget(lambda key, _: key == "a")  # the thing changes,
    late = asyncio.create_task(recent.fetch("a", source))  # and whoever asks now
    await asyncio.sleep(0)
    source.open.set()
    assert await early == 1
    assert await late == 2  # does not get what was true before,
    assert await recent.fetch("a", source) == 2  # nor does anybody later.


async def test_a_look_up_that_fails_fails_for_those_who_wait_and_is_tried_again():
    recent: Recent[str, int] = Recent(seconds=5, limit=10, clock=Clock())

    async def broken() -> int:
        raise LookupError

    ended = await asyncio.gather(
        *(recent.fetch("a", broken) for _ in range(2)), return_exceptions=True
    )
    assert [type(each) for each in ended] == [LookupError, LookupError]
    assert await recent.fetch("a", Source()) == 1


@pytest.fixture
def identity(bearer, services):
    async def of(name: str):
        header = await bearer(name)
        return await services.access.identify(header["Authorization"].split()[1])

    return of


async def test_roles_in_a_project(client, services, identity):
    expected = {"root": "manager", "lead": "manager", "anna": "annotator"}
    for name, role in expected.items():
        assert (await services.access.enter(await identity(name), SLUG)).role == role
    for name in ("otto", "mara"):
        with pytest.raises(NotFoundError) as refused:
            await services.access.enter(await identity(name), SLUG)
        # then nobody learns from the answer whether the project exists
        with pytest.raises(NotFoundError) as absent:
            await services.access.enter(await identity(name), "absent")
        assert refused.value.message.replace(SLUG, "absent") == absent.value.message


async def test_a_changed_membership_counts_at_once(client, services, identity):
    anna = await identity("anna")
    assert (await services.access.enter(anna, SLUG)).role == "annotator"
    async with services.database.write() as connection:
        project = await find_project(connection, SLUG)
        await put_member(connection, project.id, anna.user_id, "manager")
    services.forget_access(project_slug=SLUG)
    assert (await services.access.enter(anna, SLUG)).role == "manager"
    async with services.database.write() as connection:
        await remove_member(connection, project.id, anna.user_id)
    services.forget_access(user_id=anna.user_id)
    with pytest.raises(NotFoundError):
        await services.access.enter(anna, SLUG)


async def test_a_remembered_entry_asks_no_database(client, services, bearer, monkeypatch):
    # given an identity and an entry that were just looked up
    header = await bearer("anna")
    token = header["Authorization"].split()[1]
    anna = await services.access.identify(token)
    await services.access.enter(anna, SLUG)
    # then they are given again while the database is gone
    await services.database.close()
    monkeypatch.setattr(services.access, "_database", None)
    assert await services.access.identify(token) == anna
    assert (await services.access.enter(anna, SLUG)).project.slug == SLUG
