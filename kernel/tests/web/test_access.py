from __future__ import annotations

import pytest

from kodkod.api import NotFoundError
from kodkod.store.people import put_member, remove_member
from kodkod.store.projects import find_project
from kodkod.web.problems import TooManyAttemptsError
from kodkod.web.recent import Recent
from kodkod.web.throttle import Throttle

from .conftest import SLUG


class Clock:
    """A clock that stands until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_answer_is_remembered_for_its_time():
    clock = Clock()
    recent: Recent[str, int] = Recent(seconds=5, limit=10, clock=clock)
    recent.put("a", 1, recent.ticket)
    clock.now = 4.9
    assert recent.get("a") == 1
    clock.now = 5.0
    assert recent.get("a") is None


def test_what_is_remembered_is_bounded():
    recent: Recent[int, int] = Recent(seconds=5, limit=3, clock=Clock())
    for number in range(5):
        recent.put(number, number, recent.ticket)
    assert [recent.get(number) for number in range(5)] == [None, None, 2, 3, 4]


def test_what_was_looked_up_before_a_change_is_not_remembered_after_it():
    recent: Recent[str, int] = Recent(seconds=5, limit=10, clock=Clock())
    ticket = recent.ticket  # A look-up begins,
    recent.forget(lambda key, _: key == "a")  # the thing changes,
    recent.put("a", 1, ticket)  # and the look-up returns what was true before.
    assert recent.get("a") is None


def test_a_throttle_counts_failures_of_the_last_minutes():
    clock = Clock()
    throttle = Throttle(failures=2, seconds=60, clock=clock)
    for _ in range(2):
        throttle.admit("anna")
        throttle.failed("anna")
    with pytest.raises(TooManyAttemptsError) as refused:
        throttle.admit("anna")
    assert refused.value.seconds == 60
    throttle.admit("otto")
    clock.now = 60.1
    throttle.admit("anna")


def test_a_success_clears_a_throttle():
    throttle = Throttle(failures=2, seconds=60, clock=Clock())
    throttle.failed("anna")
    throttle.succeeded("anna")
    throttle.failed("anna")
    throttle.admit("anna")


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


async def test_a_remembered_entry_asks_no_database(client, services, bearer):
    # given an identity and an entry that were just looked up
    header = await bearer("anna")
    token = header["Authorization"].split()[1]
    anna = await services.access.identify(token)
    await services.access.enter(anna, SLUG)
    # then they are given again while the database is gone
    await services.database.close()
    services.access._database = None
    assert await services.access.identify(token) == anna
    assert (await services.access.enter(anna, SLUG)).project.slug == SLUG
