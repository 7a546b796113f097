"""The outbox of webhooks, on each database: taken once, for a time, and noted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kodkod.api import ConflictError
from kodkod.store.database import Database, now
from kodkod.store.deliveries import (
    NewDelivery,
    add_delivery,
    find_delivery,
    is_any_due,
    list_deliveries,
    purge_deliveries,
    saved_annotations,
    send_again,
    settle,
    take_due,
)
from kodkod.store.events import add_event
from kodkod.store.stopping_told import change_told, read_told
from kodkod.store.tables import annotation
from kodkod.store.webhooks import (
    Webhook,
    add_webhook,
    change_webhook,
    delete_webhook,
    find_webhook,
    take_events,
)

LEASE = timedelta(seconds=60)


async def made(database: Database, name: str = "ours") -> Webhook:
    async with database.write() as connection:
        return await add_webhook(
            connection,
            project_id=1,
            name=name,
            format_="json",
            shown="https://example.org",
            sealed="s",
            events=["*"],
            created_by=1,
        )


async def put(database: Database, hook: Webhook, id_: str) -> None:
    new = NewDelivery(
        id=id_, webhook_id=hook.id, type="job.done", user_id=1, data={"n": 1}, happened_at=now()
    )
    async with database.write() as connection:
        await add_delivery(connection, new)


async def taken(database: Database, time, busy=(), limit: int = 10) -> list[str]:
    async with database.write() as connection:
        found = await take_due(connection, time, LEASE, busy=busy, limit=limit)
    return [each.delivery.id for each in found]


async def test_one_delivery_of_each_webhook_is_taken_until_its_lease_ends(database: Database):
    one, other = await made(database), await made(database, "theirs")
    for hook, id_ in ((one, "a"), (one, "b"), (other, "c")):
        await put(database, hook, id_)
    time = now()
    assert await taken(database, time, busy=[other.id]) == ["a"]
    assert await taken(database, time) == ["b", "c"]
    assert await taken(database, time) == []
    assert await database.ask(is_any_due, time, []) is False
    later = time + LEASE + timedelta(seconds=1)
    assert await database.ask(is_any_due, later, []) is True
    assert await taken(database, later, limit=1) == ["a"]


async def test_what_became_of_it_is_noted_and_it_can_be_sent_again(database: Database):
    hook = await made(database)
    await put(database, hook, "a")
    time = now()
    async with database.write() as connection:
        (due,) = await take_due(connection, time, LEASE, busy=[], limit=1)
        assert (due.format, due.sealed) == ("json", "s")
        await settle(
            connection,
            due.delivery,
            "waiting",
            time + timedelta(seconds=5),
            status=500,
            problem="no",
        )
    assert await taken(database, time) == []
    assert await taken(database, time + timedelta(seconds=6)) == ["a"]
    async with database.write() as connection:
        delivery = await find_delivery(connection, hook.id, "a")
        assert (delivery.attempts, delivery.status, delivery.problem) == (1, 500, "no")
        with pytest.raises(ConflictError, match="on its way"):
            await send_again(connection, delivery)
        await settle(connection, delivery, "failed", time, status=None, problem="")
        await send_again(connection, delivery)
        again = await find_delivery(connection, hook.id, "a")
    assert (again.state, again.attempts) == ("waiting", 0)


async def test_of_two_that_read_the_same_events_one_writes_them_down(database: Database):
    hook = await made(database)
    async with database.write() as connection:
        await add_event(connection, "job.done", 1, {})
    async with database.write() as connection:
        assert await take_events(connection, hook, hook.event_id + 1)
        assert not await take_events(connection, hook, hook.event_id + 1)
        await change_webhook(connection, hook, active=False)
        off = await find_webhook(connection, 1, hook.id)
        assert not await take_events(connection, off, hook.event_id + 2)


async def test_a_webhook_that_is_turned_on_again_begins_at_the_present(database: Database):
    hook = await made(database)
    async with database.write() as connection:
        await change_webhook(connection, hook, active=False, off_because="gone")
        await add_event(connection, "job.done", 1, {})
    async with database.write() as connection:
        off = await find_webhook(connection, 1, hook.id)
        await change_webhook(connection, off, active=True)
        back = await find_webhook(connection, 1, hook.id)
    assert back.event_id > hook.event_id
    assert back.off_because == ""


async def test_answers_are_counted_by_scheme_and_source(database: Database):
    async with database.write() as connection:
        for row, source, value, op in (
            (0, "human", '"a"', "set"),
            (1, "human", '"b"', "set"),
            (2, "llm", '"b"', "set"),
            (3, "human", None, "set"),
        ):
            await connection.execute(
                annotation.insert().values(
                    project_id=1,
                    scheme_id=1,
                    op=op,
                    row=row,
                    user_id=1,
                    value=value,
                    source=source,
                    comment="",
                    created_at=now(),
                )
            )
    async with database.read() as connection:
        (saved,) = await saved_annotations(connection, 1, 0)
        assert saved.sources == {"human": 2, "llm": 1}
        assert await saved_annotations(connection, 1, saved.last_seq) == []
        assert await saved_annotations(connection, 2, 0) == []


async def test_old_deliveries_are_forgotten_and_those_of_a_webhook_go_with_it(database: Database):
    hook = await made(database)
    for id_ in ("a", "b"):
        await put(database, hook, id_)
    async with database.write() as connection:
        delivery = await find_delivery(connection, hook.id, "a")
        await settle(connection, delivery, "delivered", now() - timedelta(days=40))
        await purge_deliveries(connection, timedelta(days=30))
        left = await list_deliveries(connection, hook.id, before=None, limit=9)
        assert [each.id for each in left] == ["b"]
        await delete_webhook(connection, hook)
        assert await list_deliveries(connection, hook.id, before=None, limit=9) == []


async def test_a_turn_is_told_by_whoever_is_first(database: Database):
    async with database.write() as connection:
        assert await read_told(connection, 1) is None
        assert await change_told(connection, 1, None, {"rule": "go-on"})
        before = await read_told(connection, 1)
        assert await change_told(connection, 1, before, {"rule": "could-stop"})
        assert not await change_told(connection, 1, before, {"rule": "could-stop"})
        assert await read_told(connection, 1) == {"rule": "could-stop"}
