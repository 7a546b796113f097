"""The stream of events: nothing lost, nothing twice, nothing for those who may not hear it."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from litestar import Litestar, Request
from sqlalchemy.ext.asyncio import create_async_engine

from kodkod.settings import Settings
from kodkod.store.artefacts import new_id
from kodkod.store.database import now
from kodkod.store.events import add_event, last_event, purge_events
from kodkod.store.jobs import JobRow, add_job
from kodkod.store.people import change_user, delete_tokens, find_user, put_member, remove_member
from kodkod.store.projects import delete_project, find_project
from kodkod.store.tables import event as event_table
from kodkod.store.tables import token as token_table
from kodkod.web.access import Access
from kodkod.web.app import create_app
from kodkod.web.event_stream import EventStream
from kodkod.web.listening import MOST_WAITING, Listener, Wants
from kodkod.web.services import Services, open_services
from kodkod.web.sign_in import issue_token

from .conftest import SLUG, add_letters, populate
from .hearing import Ear

POSTGRES = os.environ.get("KODKOD_TEST_POSTGRES_URL", "")
SECONDS = 4.0  # Rights that another process changes count after two at the latest.


@pytest.fixture(params=["sqlite", *(["postgres"] if POSTGRES else [])])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Give the settings of an installation on a database of each kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("settings")
        return
    home = sa.make_url(POSTGRES).set(drivername="postgresql+asyncpg")
    name = f"kodkod_test_{secrets.token_hex(6)}"
    asyncio.run(_statement(home, f"CREATE DATABASE {name}"))
    url = home.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    try:
        yield Settings(data_dir=tmp_path, database_url=url)
    finally:
        asyncio.run(_statement(home, f"DROP DATABASE {name} WITH (FORCE)"))


async def _statement(url: sa.URL, text: str) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(sa.text(text))
    await engine.dispose()


class Site:
    """An application, and what other processes do to its database."""

    def __init__(self, app: Litestar) -> None:
        self.app = app
        self.services: Services = app.state.services
        self.project_id = 0

    async def say(self, n: int = 1, type_: str = "scheme.changed", **more: Any) -> int:
        """Commit `n` events, each on its own; return the last one's id."""
        project = more.pop("project", self.project_id)
        for number in range(n):
            async with self.services.database.write() as connection:
                await add_event(connection, type_, project, {"number": number, **more})
        return await self.newest()

    async def say_at_once(self, n: int) -> int:
        """Commit `n` events together."""
        async with self.services.database.write() as connection:
            for number in range(n):
                await add_event(connection, "scheme.changed", self.project_id, {"number": number})
        return await self.newest()

    async def newest(self) -> int:
        async with self.services.database.read() as connection:
            return await last_event(connection)

    async def settled(self, id_: int) -> None:
        """Wait until the server has told an event to all who listen."""
        async with asyncio.timeout(30):
            while self.services.events.settled < id_:
                await asyncio.sleep(0.005)

    async def headers(self, name: str, *, seconds: float = 3600) -> dict[str, str]:
        async with self.services.database.write() as connection:
            user = await find_user(connection, name)
            secret, _ = await issue_token(connection, user.id, lasts=timedelta(seconds=seconds))
        return {"authorization": f"Bearer {secret}"}

    async def ear(
        self, name: str, query: str = "", last: int | str | None = None, **more: Any
    ) -> Ear:
        return Ear(self.app, await self.headers(name, **more), query, last)

    async def user_id(self, name: str) -> int:
        async with self.services.database.read() as connection:
            return (await find_user(connection, name)).id


@pytest.fixture
async def site(place: Settings, registry) -> AsyncIterator[Site]:
    """Give an application that is open, with five people and a project."""
    app = create_app(place, registry=registry)
    # Not by the application's own lifespan: a fixture begins and ends in different tasks.
    async with open_services(app.state.services):
        site = Site(app)
        if place.database_url:
            await populate(site.services)
        async with site.services.database.read() as connection:
            site.project_id = (await find_project(connection, SLUG)).id
        yield site


# -- what is told ---------------------------------------------------------------------------


async def test_events_come_as_they_are_written(site):
    before = await site.say()
    await site.settled(before)
    async with await site.ear("anna") as ear:
        # given somebody who has just come
        assert ear.status == 200
        assert ear.headers["content-type"].startswith("text/event-stream")
        assert ear.headers["cache-control"] == "no-cache"
        assert ear.headers["x-accel-buffering"] == "no"
        assert (ear.ids, ear.events) == ([before], [])
        assert "\nretry: " in ear.text
        # when something happens
        last = await site.say(3, label="a\nb\u2028c")
        await ear.until_heard(last)
        # then it is told, from there on, as it is
        assert ear.heard == [last - 2, last - 1, last]
        assert ear.events[1].type == "scheme.changed"
        assert ear.events[1].data == {"number": 1, "label": "a\nb\u2028c"}


async def test_five_thousand_missed_events_are_caught_up_while_new_ones_come(site):
    # given a position, 5,000 events after it, and others that go on being written
    start = await site.newest()
    await site.say_at_once(5_000)
    writing = asyncio.create_task(_keep_writing(site, 400))
    headers = await site.headers("anna")
    # when several come back at different moments of it
    ears = [Ear(site.app, headers, last=start) for _ in range(3)]
    for ear in ears:
        async with ear:
            await ear.until_heard(start + 2_500)
            ear.pause()
            await asyncio.sleep(0)
            ear.resume()
            last = await writing
            await ear.until_heard(last)
    # then each has heard everything once, in order
    for ear in ears:
        assert ear.heard == list(range(start + 1, last + 1))


async def _keep_writing(site: Site, n: int) -> int:
    last = 0
    for _ in range(n // 20):
        last = await site.say(20)
    return last


async def test_nothing_is_lost_or_doubled_at_the_seam(site):
    # given events that come all the time
    headers = await site.headers("anna")
    start = await site.newest()
    writing = asyncio.create_task(_keep_writing(site, 300))
    ears: list[Ear] = []
    # when somebody comes, hears some, breaks off and comes back, again and again
    position = start
    heard: list[int] = []
    while not writing.done():
        async with Ear(site.app, headers, last=position) as ear:
            await ear.until(lambda ear=ear: ear.events or writing.done())
        ears.append(ear)
        heard += ear.heard
        position = ear.ids[-1]
    last = await writing
    async with Ear(site.app, headers, last=position) as ear:
        await ear.until(lambda: ear.ids[-1] >= last)
    heard += ear.heard
    # then all of it together is everything, once, in order
    assert len(ears) > 3
    assert heard == list(range(start + 1, last + 1))


async def test_whoever_is_slow_to_commit_is_heard_too(site):
    """A later id must not be told before an earlier one: whoever has heard it would miss that."""
    async with await site.ear("anna") as ear:
        # given an event that is written, but not committed yet
        async with site.services.database.write() as connection:
            await add_event(connection, "scheme.changed", site.project_id, {"who": "slow"})
            # when another is written meanwhile, and would be told if it could be committed
            quick = asyncio.create_task(site.say(who="quick"))
            await asyncio.wait([quick], timeout=0.3)
            if quick.done():
                await ear.until_heard(await quick)
        await ear.until_heard(await quick)
        # then both are heard, in order
        assert [each.data["who"] for each in ear.events] == ["slow", "quick"]


# -- what cannot be told ----------------------------------------------------------------------


async def _age(site: Site, until: int) -> None:
    """Let events be old, and be purged."""
    async with site.services.database.write() as connection:
        await connection.execute(
            sa.update(event_table)
            .where(event_table.c.id <= until)
            .values(created_at=now() - timedelta(days=8))
        )
        await purge_events(connection, timedelta(days=7))


async def test_whoever_asks_for_what_is_no_longer_kept_is_told_so(site):
    # given events of which the older ones are forgotten, and not in memory any more either
    start = await site.say()
    await site.say_at_once(20)
    kept = await site.say_at_once(1_500)
    await _age(site, start + 20)
    await site.settled(kept)
    # when somebody asks for them
    async with await site.ear("anna", last=start) as ear:
        await ear.until(lambda: ear.events)
        # then it hears that its state is old, and goes on from now
        assert [each.type for each in ear.events] == ["resync"]
        assert ear.events[0].id == kept
        assert ear.events[0].data == {"reason": "expired", "after": str(start)}
        last = await site.say()
        await ear.until_heard(last)
        assert ear.heard == [kept, last]
    # and whoever asks for what is still kept gets it
    async with await site.ear("anna", last=start + 21) as ear:
        await ear.until_heard(last)
        assert ear.heard == list(range(start + 22, last + 1))


async def test_the_newest_event_is_never_forgotten(site):
    last = await site.say(3)
    await _age(site, last)
    assert await site.newest() == last
    async with await site.ear("anna", last=last - 3) as ear:
        await ear.until(lambda: ear.ids[-1] == last)


@pytest.mark.parametrize(
    ("sent", "reason"), [("999999999", "ahead"), ("yesterday", "unreadable"), ("-4", "unreadable")]
)
async def test_whoever_asks_for_what_never_was_is_told_so(site, sent, reason):
    newest = await site.say()
    await site.settled(newest)
    async with await site.ear("anna", last=sent) as ear:
        await ear.until(lambda: ear.events)
        assert [(e.id, e.type, e.data) for e in ear.events] == [
            (newest, "resync", {"reason": reason, "after": sent})
        ]
        last = await site.say()
        await ear.until_heard(last)
        assert ear.heard == [newest, last]


async def test_a_position_that_another_server_told_is_waited_for(site, monkeypatch):
    # given a server that has yet to read what another one has told
    last = await site.say(3)
    await site.settled(last)
    hub = site.services.events
    monkeypatch.setattr(hub, "_last", last - 2)
    # when somebody comes from there
    listener = Listener(Wants(), last)
    heard = hub.hear(listener)
    assert await hub._missed(listener) is None
    # then it is neither resynced nor told again
    coming = asyncio.create_task(anext(heard))
    await asyncio.sleep(0)
    new = await site.say()
    assert [each.id for each in await coming] == [new]
    await heard.aclose()


# -- who may hear -----------------------------------------------------------------------------


async def test_only_members_hear_of_a_project(site):
    names = ("root", "lead", "anna", "otto", "mara")
    start = await site.newest()
    ears = {name: await site.ear(name, last=start) for name in names}
    for ear in ears.values():
        await ear.__aenter__()
    own = await site.user_id("otto")
    last = await site.say(2)
    last = await site.say(type_="job.done", project=None, **_news("of-otto", own))
    end = last
    await ears["root"].until_heard(end)
    await ears["otto"].until_heard(end)
    await site.settled(end)
    heard = {name: [each.type for each in ear.events] for name, ear in ears.items()}
    for ear in ears.values():
        await ear.__aexit__(None, None, None)
    assert heard["root"] == ["scheme.changed", "scheme.changed", "job.done"]
    assert heard["lead"] == heard["anna"] == ["scheme.changed", "scheme.changed"]
    assert (heard["otto"], heard["mara"]) == (["job.done"], [])
    # and the same holds for what was missed, from the database and from memory
    for recent in (True, False):
        if not recent:
            site.services.events._recent.clear()
        for name in names:
            async with await site.ear(name, last=start) as ear:
                await ear.until(lambda ear=ear: ear.ids[-1] >= end)
                assert [each.type for each in ear.events] == heard[name]


def _news(job: str, user_id: int, state: str = "done") -> dict[str, Any]:
    return {
        "id": job,
        "kind": "feature",
        "queue": "cpu",
        "user_id": user_id,
        "state": state,
        "progress": None,
        "message": "",
        "metrics": {},
        "eta": None,
        "wh": None,
        "g_co2e": None,
        "result": None,
        "error": None,
    }


async def test_a_new_project_is_heard_from_its_first_event_on(site):
    async with await site.ear("lead") as ear:
        await add_letters(site.services.database, "younger")
        async with site.services.database.read() as connection:
            younger = (await find_project(connection, "younger")).id
        last = await site.say(project=younger)
        await ear.until_heard(last)
        assert ear.heard == [last]


async def _leave(site: Site) -> None:
    async with site.services.database.write() as connection:
        anna = await find_user(connection, "anna")
        await remove_member(connection, site.project_id, anna.id)


async def _revoke(site: Site) -> None:
    async with site.services.database.write() as connection:
        await delete_tokens(connection, (await find_user(connection, "anna")).id)


async def _close(site: Site) -> None:
    async with site.services.database.write() as connection:
        await change_user(connection, (await find_user(connection, "anna")).id, active=False)


async def _delete(site: Site) -> None:
    async with site.services.database.write() as connection:
        await connection.execute(sa.text("DELETE FROM \"user\" WHERE username = 'anna'"))


async def _expire(site: Site) -> None:
    async with site.services.database.write() as connection:
        anna = await find_user(connection, "anna")
        await connection.execute(
            sa.update(token_table)
            .where(token_table.c.user_id == anna.id)
            .values(expires_at=now() - timedelta(seconds=1))
        )


async def _erase(site: Site) -> None:
    async with site.services.database.write() as connection:
        await delete_project(connection, site.project_id)


Change = Callable[[Site], Awaitable[None]]


@pytest.mark.parametrize(
    ("change", "query"),
    [
        (_revoke, ""),
        (_close, ""),
        (_delete, ""),
        (_expire, ""),
        (_leave, f"project={SLUG}"),
        (_erase, f"project={SLUG}"),
    ],
)
async def test_a_stream_ends_within_seconds_of_its_right(site, change: Change, query):
    # given somebody who listens, and another to whom nothing happens
    async with await site.ear("anna", query) as ear, await site.ear("root") as other:
        # when another process takes the right away
        await change(site)
        # then the stream ends, and only this one
        async with asyncio.timeout(SECONDS):
            await ear.until(lambda: ear.ended)
        assert not other.ended


async def test_a_right_that_this_process_takes_away_ends_at_once(site, monkeypatch):
    monkeypatch.setattr("kodkod.web.audience._REMEMBERED_SECONDS", 3600.0)
    async with await site.ear("anna") as ear:
        await ear.until_heard(await site.say())
        await _leave(site)
        site.services.forget_access(project_slug=SLUG)
        last = await site.say()
        await site.settled(last)
        await _revoke(site)
        site.services.forget_access(user_id=await site.user_id("anna"))
        await ear.until(lambda: ear.ended)
        assert last not in ear.heard


async def test_whoever_was_taken_out_hears_nothing_more(site):
    # given a member whose membership was looked up for an event just now
    async with await site.ear("anna") as ear, await site.ear("lead") as lead:
        await ear.until_heard(await site.say())
        # when another process takes it out, and events go on for some seconds
        await _leave(site)
        async with asyncio.timeout(SECONDS):
            before = last = await site.say()
            while before == last or before in ear.heard:
                before, last = last, await site.say()
                await lead.until_heard(last)
        heard = list(ear.heard)
        # then it hears nothing more, and when it is let in again, it does
        await lead.until_heard(await site.say(3))
        assert ear.heard == heard
        async with site.services.database.write() as connection:
            anna = await find_user(connection, "anna")
            await put_member(connection, site.project_id, anna.id, "annotator")
        site.services.forget_access(project_slug=SLUG)
        last = await site.say()
        await ear.until_heard(last)
        assert ear.heard == [*heard, last]


async def test_no_right_is_looked_up_for_an_event_and_a_listener(site, monkeypatch):
    # given members who listen, and whose rights are remembered
    monkeypatch.setattr("kodkod.web.audience._REMEMBERED_SECONDS", 3600.0)
    monkeypatch.setattr(Access, "enter", None)
    ears = [await site.ear("anna") for _ in range(20)]
    for ear in ears:
        await ear.__aenter__()
    last = await site.say()
    for ear in ears:
        await ear.until_heard(last)
    # when events come
    asked: list[str] = []
    engine = site.services.database.engine.sync_engine
    sa.event.listen(
        engine, "before_cursor_execute", lambda c, u, statement, *_: asked.append(statement)
    )
    last = await site.say(10)
    for ear in ears:
        await ear.until_heard(last)
        await ear.__aexit__(None, None, None)
    # then nobody's membership was asked for again
    assert [each for each in asked if "member" in each] == []
    assert all(len(ear.heard) == 11 for ear in ears)


# -- parts of it ------------------------------------------------------------------------------


async def test_a_project_or_a_job_alone(site):
    # given two projects of one manager, and jobs in one of them
    await add_letters(site.services.database, "younger")
    async with site.services.database.write() as connection:
        younger = (await find_project(connection, "younger")).id
        lead = await find_user(connection, "lead")
        job = JobRow(
            id=new_id(),
            kind="feature",
            queue="cpu",
            project_id=younger,
            user_id=lead.id,
            params={},
            lock_key=new_id(),
            created_at=now(),
        )
        await add_job(connection, job)
    start = await site.newest()
    async with (
        await site.ear("lead", "project=younger") as of_project,
        await site.ear("lead", f"job={job.id}") as of_job,
        await site.ear("lead") as of_all,
    ):
        # when something happens in both
        await site.say()
        first = await site.say(project=younger)
        news = _news(job.id, lead.id, "running")
        second = await site.say(type_="job.running", project=younger, **news)
        last = await site.say()
        await of_all.until_heard(last)
        await of_project.until_heard(second)
        await of_job.until_heard(second)
        # then each hears its part
        assert of_project.heard == [first, second]
        assert of_job.heard == [second]
        assert len(of_all.heard) == 4
    # and of what was missed too, from memory and from the database
    for _ in range(2):
        async with await site.ear("lead", f"job={job.id}", last=start) as of_job:
            await of_job.until_heard(second)
            assert of_job.heard == [second]
        async with await site.ear("lead", "project=younger", last=start) as of_project:
            await of_project.until_heard(second)
            assert of_project.heard == [first, second]
        site.services.events._recent.clear()


@pytest.mark.parametrize("query", [f"project={SLUG}", "project=absent", "job=absent"])
async def test_what_is_not_theirs_is_not_there(site, query):
    async with await site.ear("otto", query) as ear:
        assert ear.status == 404


# -- slow and silent clients ------------------------------------------------------------------


async def test_a_slow_listener_delays_nobody_and_comes_back_for_the_rest(site):
    # given one who takes nothing, among others
    start = await site.newest()
    async with await site.ear("anna") as slow, await site.ear("lead") as quick:
        slow.pause()
        # when more happens than may wait
        for _ in range(12):
            last = await site.say_at_once(100)
            await quick.until_heard(last)
        # then the others have heard it all, and the slow one is let go once it reads
        assert quick.heard == list(range(start + 1, last + 1))
        slow.resume()
        await slow.until(lambda: slow.ended)
        assert len(slow.heard) <= MOST_WAITING
        assert slow.heard == list(range(start + 1, start + 1 + len(slow.heard)))
    # and hears the rest when it comes back
    async with await site.ear("anna", last=slow.ids[-1]) as again:
        await again.until_heard(last)
        assert slow.heard + again.heard == quick.heard


def stream_of(site: Site, listener: Listener, **seconds: float) -> Any:
    """Return an application that is one stream, with a beat of its own."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        answer = EventStream(site.services.events, listener, **seconds)
        await answer.to_asgi_response(None, Request(scope))(scope, receive, send)

    return app


async def test_silence_is_broken_by_a_sign_of_life(site):
    # given somebody for whom nothing happens, while something happens to others
    async with site.services.database.read() as connection:
        otto = await find_user(connection, "otto")
    headers = await site.headers("otto")
    identity = await site.services.access.identify(headers["authorization"].split()[1])
    assert identity.user_id == otto.id
    app = stream_of(site, Listener(Wants(identity=identity), 0), beat_seconds=0.02)
    last = await site.say(3)
    await site.settled(last)
    async with Ear(app, headers) as ear:
        # when time passes, then there are comments, which move its position too
        await ear.until(lambda: ear.text.count(":\nid: ") >= 3)
        assert ear.events == []
        assert ear.ids[-1] == last
        # and an event is told between them
        last = await site.say(type_="job.done", project=None, **_news("j", otto.id))
        await ear.until_heard(last)
        await ear.until(lambda: ear.text.endswith(f":\nid: {last}\n\n"))


async def test_a_client_that_takes_nothing_is_hung_up_on(site):
    app = stream_of(site, Listener(Wants(), 0), stalled_seconds=0.05, beat_seconds=0.02)
    ear = Ear(app, {})
    async with ear:
        before = len(site.services.events._listeners)
        ear.pause()
        await site.say()
        await ear.until(lambda: ear.ended)
        assert len(site.services.events._listeners) == before - 1


async def test_whoever_hangs_up_is_forgotten(site):
    before = set(site.services.events._listeners)
    async with await site.ear("anna") as ear:
        assert len(site.services.events._listeners) == len(before) + 1
        ear.hang_up()
        async with asyncio.timeout(5):
            await ear._task
    assert site.services.events._listeners == before
    assert site.services.events.listeners == 0


async def test_streams_end_with_the_server_and_none_begins(site):
    async with await site.ear("anna") as ear:
        site.services.events.close()
        await ear.until(lambda: ear.ended)
    async with await site.ear("anna") as late:
        await late.until(lambda: late.ended)
        assert late.status == 200


async def test_what_cannot_be_taken_up_is_told_all_the_same(site, capsys):
    async with await site.ear("anna") as ear:
        last = await site.say(2, "job.progress", id="j1")  # not what a job says
        last = await site.say()
        await ear.until_heard(last)
        assert len(ear.heard) == 3
