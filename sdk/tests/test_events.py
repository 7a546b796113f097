"""Events over real HTTP: what is read, what is asked for again, and what ends it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import msgspec
import pytest

from kodkod_sdk import (
    RESYNC,
    Client,
    Event,
    ForbiddenError,
    Job,
    JobFailedError,
    JobView,
    NoAnswerError,
    NotFoundError,
    UnauthenticatedError,
    WaitTimeoutError,
)

from .test_client import grant, job, problem

Lay = Callable[..., Any]
PATH = "GET /api/v1/events"
JOB = f"{PATH}?job=j1"
HELLO = b": listening\nretry: 2000\nid: 4\n\n"


def told(id_: int, type_: str = "job.progress", data: str = "{}") -> bytes:
    return f"id: {id_}\nevent: {type_}\ndata: {data}\n\n".encode()


@pytest.fixture
def stream(answer: Lay) -> Lay:
    """Make an answer that is a stream, which ends after what is given."""

    def make(*blocks: bytes) -> Any:
        return answer(200, b"".join(blocks), "text/event-stream")

    return make


@pytest.fixture
def held(answer: Lay) -> Iterator[Lay]:
    """Make an answer that is a stream, which goes on in silence after what is given."""
    over = threading.Event()

    def make(*blocks: bytes) -> Any:
        return answer(200, b"".join(blocks), "text/event-stream", over)

    yield make
    over.set()


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Come back at once."""
    monkeypatch.setattr("kodkod_sdk.events._FIRST_PAUSE", 0.001)


@pytest.fixture
def client(loopback: Any) -> Iterator[Client]:
    with Client(loopback.url, token="t") as client:
        yield client


def asked(loopback: Any) -> list[str | None]:
    """Return the ids from which a stream was asked for."""
    return [each.last_event_id for each in loopback.seen if "/events" in each.path]


def test_events_are_read_as_they_are(loopback: Any, client: Client, stream: Lay) -> None:
    # Given a stream with all that may stand in one, a line separator inside of a text too
    odd = told(7, "job.done", '{"message":"line\u2028separator \\n é: x"}').replace(b"\n", b"\r\n")
    loopback.lay(f"{PATH}?project=p", stream(HELLO, told(5, data='{"n":1}'), b":\nid: 6\n\n", odd))

    # When it is listened to
    with client.project("p").events() as events:
        heard = list(islice(events, 2))

    # Then events are what has data, and the rest moved the position
    assert heard == [
        Event(id=5, type="job.progress", data={"n": 1}),
        Event(id=7, type="job.done", data={"message": "line\u2028separator \n é: x"}),
    ]


def test_a_broken_connection_is_taken_up_after_the_last_event(
    loopback: Any, client: Client, stream: Lay, answer: Lay
) -> None:
    # Given a stream that breaks within an event, and a server that is away for a while
    loopback.lay(
        PATH,
        stream(HELLO, told(5), told(6)[:-1]),
        answer(502, b"<h1>Bad Gateway</h1>", "text/html"),
        answer(503, problem(503)),
        stream(told(6), told(7)),
    )
    # When it is listened to
    with client.events() as events:
        heard = [event.id for event in islice(events, 3)]
        position = events.position
    # Then each event is heard once, and each time the last whole one was named
    assert heard == [5, 6, 7]
    assert asked(loopback) == [None, "5", "5", "5"]
    assert position == 7


def test_a_position_without_events_is_kept_too(loopback: Any, client: Client, stream: Lay) -> None:
    # Given streams on which nothing happens but the sign of life, and one with an event
    loopback.lay(PATH, stream(HELLO), stream(b":\nid: 9\n\n"), stream(told(10)))
    with client.events(after=2) as events:
        assert next(events).id == 10
    assert asked(loopback) == ["2", "4", "9"]


def test_what_cannot_be_told_is_said(loopback: Any, client: Client, stream: Lay) -> None:
    said = told(40, RESYNC, '{"reason":"expired","after":"3"}')
    loopback.lay(PATH, stream(said, told(41)))
    with client.events(after=3) as events:
        first, second = islice(events, 2)
    assert (first.id, first.type, first.data["reason"]) == (40, RESYNC, "expired")
    assert second.id == 41


def test_nobody_listens_at_first_or_the_server_refuses(loopback: Any, answer: Lay) -> None:
    with Client("http://127.0.0.1:1") as nobody, pytest.raises(NoAnswerError):
        nobody.events()
    loopback.lay(f"{PATH}?project=p", answer(404, problem(404)))
    with Client(loopback.url, token="t") as client, pytest.raises(NotFoundError):
        client.project("p").events()


def test_a_refusal_later_ends_it(loopback: Any, client: Client, stream: Lay, answer: Lay) -> None:
    # Given a user who is taken out while listening
    loopback.lay(PATH, stream(told(5)), answer(403, problem(403)))
    with client.events() as events:
        assert next(events).id == 5
        with pytest.raises(ForbiddenError):
            next(events)


def test_a_stream_is_not_read_to_its_end_to_renew_a_session(
    loopback: Any, answer: Lay, held: Lay
) -> None:
    # Given a session that has ended, and a stream without an end
    loopback.lay("POST /api/v1/auth/token", answer(200, grant("one")), answer(200, grant("two")))
    loopback.lay("GET /api/v1/me", answer(401, problem(401)))
    loopback.lay(PATH, answer(401, problem(401)), held(told(5)))
    with Client(loopback.url, username="ada", password="secret") as client:
        with pytest.raises(UnauthenticatedError):
            client.me()
        # When it is listened to
        with client.events() as events:
            assert next(events).id == 5
    assert loopback.seen[-1].authorization == "Bearer two"


@pytest.mark.parametrize("of", ["events", "client"])
def test_closing_ends_an_iteration_that_waits(
    loopback: Any, client: Client, held: Lay, of: str
) -> None:
    # Given somebody who waits for an event that does not come
    loopback.lay(PATH, held(told(5)))
    events = client.events()
    heard: list[int] = []
    waiting = threading.Event()

    def listen() -> None:
        for event in events:
            heard.append(event.id)
            waiting.set()

    thread = threading.Thread(target=listen)
    thread.start()
    assert waiting.wait(10)

    # When the events, or the client, are closed by another
    (events if of == "events" else client).close()

    # Then that ends it, and it stays closed
    thread.join(10)
    assert not thread.is_alive()
    assert heard == [5]
    assert list(events) == []


def test_a_job_is_waited_for_by_its_events(
    loopback: Any, client: Client, answer: Lay, held: Lay
) -> None:
    # Given a job that the server tells of
    loopback.lay(
        "GET /api/v1/jobs/j1",
        answer(200, job("queued")),
        answer(200, job("running", progress=0.1)),
        answer(200, job("done", result={"feature": "f"})),
    )
    news = '{"id":"j1","user_id":7,"state":"running","progress":0.7,"eta":"2026-01-02T03:04:06Z"}'
    done = '{"id":"j1","state":"done"}'
    loopback.lay(JOB, held(HELLO, told(5, data=news), told(6, "job.done", done)))
    views: list[JobView] = []

    # When it is waited for
    waited_for = Job(client._transport, msgspec.convert(job("queued"), JobView))
    view = waited_for.wait(on_progress=views.append, every=30)

    # Then the server was asked before, at the beginning, and at the end of its events
    assert view.result == {"feature": "f"}
    assert [(each.state, each.progress) for each in views] == [
        ("queued", 0.5),
        ("running", 0.1),
        ("running", 0.7),
    ]
    assert views[-1].eta == "2026-01-02T03:04:06Z"
    assert len([each for each in loopback.seen if each.path.endswith("/jobs/j1")]) == 3


def test_a_job_that_ended_before_its_events_began(
    loopback: Any, client: Client, answer: Lay, held: Lay
) -> None:
    states = answer(200, job("running")), answer(200, job("running")), answer(200, job("failed"))
    loopback.lay("GET /api/v1/jobs/j1", *states)
    loopback.lay(JOB, held(HELLO))
    with pytest.raises(JobFailedError):
        client.job("j1").wait(every=30)


def test_a_job_is_asked_for_where_events_are_kept_back(
    loopback: Any, client: Client, answer: Lay, held: Lay, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a proxy that keeps a stream back
    monkeypatch.setattr("kodkod_sdk.jobs._QUIET_SECONDS", 0.05)
    running = answer(200, job("running"))
    loopback.lay("GET /api/v1/jobs/j1", *[running] * 5, answer(200, job("done")))
    loopback.lay(JOB, held())
    # Then the job is waited for all the same, and the stream is tried once
    assert client.job("j1").wait(every=0).state == "done"
    assert asked(loopback) == [None]


def test_waiting_goes_on_when_a_stream_ends(
    loopback: Any, client: Client, answer: Lay, stream: Lay
) -> None:
    running = answer(200, job("running"))
    loopback.lay("GET /api/v1/jobs/j1", *[running] * 4, answer(200, job("done")))
    loopback.lay(JOB, stream(HELLO))
    assert client.job("j1").wait(every=0).state == "done"
    assert len(asked(loopback)) > 1


def test_waiting_ends_in_time_while_nothing_is_told(
    loopback: Any, client: Client, answer: Lay, held: Lay
) -> None:
    loopback.lay("GET /api/v1/jobs/j1", answer(200, job("running")))
    loopback.lay(JOB, held(HELLO))
    begun = time.monotonic()
    with pytest.raises(WaitTimeoutError):
        client.job("j1").wait(timeout=0.2)
    assert time.monotonic() - begun < 5
