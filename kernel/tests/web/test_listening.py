"""What waits for a listener, and who may hear what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kodkod.store.events import EventRow
from kodkod.store.people import Identity
from kodkod.web.listening import LAGGING, MOST_WAITING, Listener, Told, Wants, rooms_of, told

TIME = datetime(2026, 1, 2, tzinfo=UTC)


def event(id_: int, type_: str = "scheme.changed", project: int | None = 1, **data) -> EventRow:
    return EventRow(id=id_, project_id=project, type=type_, data=data, created_at=TIME)


def progress(id_: int, job: str = "j1") -> Told:
    return told(event(id_, "job.progress", id=job, user_id=1))


def identity(user_id: int, role: str = "annotator") -> Identity:
    return Identity(
        user_id=user_id,
        username=f"user-{user_id}",
        role=role,
        token_id=f"token-{user_id}",
        scopes=["read"],
        expires_at=TIME + timedelta(days=1),
    )


async def taken(listener: Listener) -> list[int]:
    return [each.id for each in await listener.next()]


async def test_a_listener_gets_each_event_once_and_what_waited_together():
    listener = Listener(Wants(), 3)
    for id_ in (2, 3, 4, 4, 6):
        listener.tell(told(event(id_)))
    assert await taken(listener) == [4, 6]
    listener.tell(told(event(7)))
    assert await taken(listener) == [7]
    assert listener.position == 7


async def test_a_nudge_wakes_a_listener_for_nothing():
    listener = Listener(Wants(), 0)
    listener.nudge()
    assert await taken(listener) == []


async def test_all_progress_is_told_to_whoever_keeps_up():
    listener = Listener(Wants(), 0)
    for id_ in range(1, LAGGING + 1):
        listener.tell(progress(id_))
    assert await taken(listener) == list(range(1, LAGGING + 1))


@given(
    st.lists(
        st.tuples(st.sampled_from(["job.progress", "job.done"]), st.sampled_from("abc")),
        max_size=3 * LAGGING,
    )
)
async def test_whoever_lags_misses_nothing_but_progress_that_is_past(news):
    # Given a listener that takes nothing while jobs go on
    listener = Listener(Wants(), 0)
    for id_, (type_, job) in enumerate(news, 1):
        listener.tell(told(event(id_, type_, id=job, user_id=1)))
    listener.nudge()
    # When it takes what waits
    got = [(each.id, each.event.type, each.event.data["id"]) for each in await listener.next()]
    # Then that is in order, with every change of state and each job's last progress
    said = [(id_, type_, job) for id_, (type_, job) in enumerate(news, 1)]
    assert [id_ for id_, _, _ in got] == sorted(id_ for id_, _, _ in got)
    assert set(got) <= set(said)
    assert [each for each in got if each[1] == "job.done"] == [
        each for each in said if each[1] == "job.done"
    ]
    last = {job: id_ for id_, type_, job in said if type_ == "job.progress"}
    assert set(last.values()) <= {id_ for id_, _, _ in got}
    # And whoever does not lag gets all
    if len(said) <= LAGGING:
        assert got == said


async def test_progress_does_not_pile_up():
    listener = Listener(Wants(), 0)
    for id_ in range(1, 20 * MOST_WAITING):
        listener.tell(progress(id_))
    waiting = await taken(listener)
    assert len(waiting) == LAGGING
    assert waiting[-1] == 20 * MOST_WAITING - 1
    assert not listener.ended


async def test_whoever_is_too_slow_is_ended_and_keeps_nothing():
    listener = Listener(Wants(), 0)
    for id_ in range(1, MOST_WAITING + 3):
        listener.tell(told(event(id_)))
    assert listener.ended
    assert await taken(listener) == []


MEMBERS = {1: frozenset[int](), 2: frozenset[int]()}
OF_PROJECT = event(5)
OF_JOB = event(6, "job.done", id="j1", user_id=1)
OF_NONE = event(7, "job.done", None, id="j2", user_id=3)


@pytest.mark.parametrize(
    ("wants", "hears"),
    [
        (Wants(), [5, 6, 7]),
        (Wants(identity=identity(9, "root")), [5, 6, 7]),
        (Wants(identity=identity(1)), [5, 6]),
        (Wants(identity=identity(3)), [7]),
        (Wants(identity=identity(4)), []),
        (Wants(identity=identity(2), project_id=1), [5, 6]),
        (Wants(identity=identity(2), project_id=2), []),
        (Wants(identity=identity(3), project_id=1), []),
        (Wants(identity=identity(9, "root"), project_id=1), [5, 6]),
        (Wants(identity=identity(2), project_id=1, job_id="j1"), [6]),
        (Wants(identity=identity(1), job_id="j2"), []),
        (Wants(identity=identity(3), job_id="j2"), [7]),
    ],
)
def test_who_hears_what(wants, hears):
    found = []
    for each in (OF_PROJECT, OF_JOB, OF_NONE):
        members = MEMBERS if each.project_id == 1 else {}
        told_there = wants.room in rooms_of(each, members)
        # What a room is for, and what is looked for among what was missed, agree.
        if wants.may_hear(each, members):
            assert told_there == wants.asks_for(each)
        if told_there and wants.may_hear(each, members):
            found.append(each.id)
    assert found == hears
