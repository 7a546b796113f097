"""From what happens in a project to a receiver that can trust it: at least once, under one id."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from datetime import timedelta

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from kodkod.store.database import Database, now
from kodkod.store.events import add_event
from kodkod.store.log import NewEntry
from kodkod.store.projects import find_project, list_schemes
from kodkod.store.sealing import KEY_FILE
from kodkod_webhooks.signing import signature

from .conftest import QUICK, SLUG, opened

JOB = {
    "id": "j1",
    "kind": "train",
    "queue": "cpu",
    "user_id": 2,
    "state": "done",
    "progress": 1.0,
    "message": "",
    "metrics": {},
    "eta": None,
    "wh": None,
    "g_co2e": None,
    "result": {"what": "a text of the corpus"},
    "error": None,
}


def is_signed(got, secret: str) -> bool:
    told = signature(
        [secret], got.headers["webhook-id"], int(got.headers["webhook-timestamp"]), got.body
    )
    return told in got.headers["webhook-signature"].split(" ")


async def came(receiver, n: int):
    return await asyncio.to_thread(receiver.wait, n)


async def test_what_happens_is_told_signed_and_without_texts(house, receiver):
    hook = await house.hook(receiver.url)
    await house.happens("job.done", **JOB)

    (got,) = await came(receiver, 1)
    assert is_signed(got, hook["secret"])
    assert abs(time.time() - int(got.headers["webhook-timestamp"])) < 60
    said = got.json()
    assert said["id"] == got.headers["webhook-id"]
    assert (said["type"], said["user"]) == ("job.done", "lead")
    assert said["project"] == {"slug": SLUG, "name": "Letters"}
    assert said["link"] == "https://kodkod.example.org/projects/letters"
    assert said["data"] == {
        "job": {"id": "j1", "kind": "train", "state": "done", "message": "", "error": None}
    }
    (delivery,) = await house.ended(hook)
    assert (delivery["id"], delivery["state"], delivery["status"]) == (said["id"], "delivered", 204)


async def test_what_fails_is_tried_again_under_the_same_id(house, receiver):
    receiver.answers = lambda number: (500, {}) if number < 3 else (200, {})
    hook = await house.hook(receiver.url)
    await house.happens("scheme.changed", scheme_id=1)

    got = await came(receiver, 3)
    assert len({each.headers["webhook-id"] for each in got}) == 1
    assert all(is_signed(each, hook["secret"]) for each in got)
    (delivery,) = await house.ended(hook)
    assert (delivery["attempts"], delivery["state"], delivery["next_at"]) == (3, "delivered", None)
    assert delivery["data"] == {"scheme": "stance"}
    assert (await house.info(hook))["failing_since"] is None


async def test_it_is_given_up_at_last_and_can_be_sent_again(house, receiver):
    receiver.answers = lambda _: (503, {})
    hook = await house.hook(receiver.url)
    await house.happens("job.done", **JOB)
    (delivery,) = await house.ended(hook)
    assert (delivery["attempts"], delivery["state"]) == (1 + len(QUICK.retries), "failed")
    assert delivery["problem"] == "The other side answered 503."
    assert (await house.info(hook))["failing_since"] is not None

    receiver.answers = lambda _: (200, {})
    path = f"/{hook['webhook']['id']}/deliveries/{delivery['id']}/again"
    assert (await house.ask("POST", path)).status_code == 202
    got = await came(receiver, 5)
    assert len({each.headers["webhook-id"] for each in got}) == 1
    (delivery,) = await house.ended(hook)
    assert delivery["state"] == "delivered"


async def test_whoever_says_when_to_come_back_is_not_asked_before(house, receiver):
    receiver.answers = lambda number: (429, {"Retry-After": "1"}) if number == 1 else (200, {})
    await house.hook(receiver.url)
    await house.happens("job.done", **JOB)
    first, second = await came(receiver, 2)
    assert second.at - first.at >= 1


async def test_whoever_is_gone_is_told_nothing_more(house, receiver):
    receiver.answers = lambda _: (410, {})
    hook = await house.hook(receiver.url)
    await house.happens("job.done", **JOB)
    await house.ended(hook)
    info = await house.info(hook)
    assert info["active"] is False
    assert "410" in info["off_because"]
    await house.happens("job.failed", **JOB)
    await asyncio.sleep(0.3)
    assert len(receiver.got) == 1

    # When it is turned on again, it is told of what comes from then on.
    receiver.answers = lambda _: (200, {})
    number = hook["webhook"]["id"]
    answer = await house.ask("PATCH", f"/{number}", {"active": True})
    assert answer.json()["off_because"] == ""
    await house.happens("job.cancelled", **JOB)
    got = await came(receiver, 2)
    assert got[1].json()["type"] == "job.cancelled"


async def test_a_webhook_to_which_nothing_arrives_for_days_is_turned_off(
    settings, registry, receiver
):
    receiver.answers = lambda _: (500, {})
    impatient = replace(QUICK, give_up_after=timedelta(0))
    async with opened(settings, registry, impatient) as house:
        hook = await house.hook(receiver.url)
        await house.happens("job.done", **JOB)
        await house.ended(hook)
        assert "Nothing has arrived" in (await house.info(hook))["off_because"]


async def test_only_what_is_asked_for_is_told(house, receiver):
    await house.hook(receiver.url, "job.failed", "scheme.*")
    await house.happens("job.done", **JOB)
    await house.happens("job.progress", **JOB)
    await house.happens("job.failed", **{**JOB, "queue": "live"})
    await house.happens("task.late", scheme_id=1, task="t")
    await house.happens("scheme.deleted", scheme_id=99)
    await house.happens("job.failed", **JOB)
    got = await came(receiver, 2)
    await asyncio.sleep(0.3)
    assert [each.json()["type"] for each in got] == ["scheme.deleted", "job.failed"]
    assert got[0].json()["data"] == {"scheme": None}


async def test_what_happened_before_is_not_told(house, receiver):
    await house.happens("job.done", **JOB)
    await house.hook(receiver.url)
    await house.happens("job.failed", **JOB)
    (got,) = await came(receiver, 1)
    assert got.json()["type"] == "job.failed"


async def test_annotations_are_told_together(house, receiver):
    services = house.services
    async with services.database.read() as connection:
        project = await find_project(connection, SLUG)
        (scheme,) = await list_schemes(connection, project.id)
    await house.hook(receiver.url, "annotations.*")

    def entry(row: int, source: str, value: object) -> NewEntry:
        return NewEntry(
            project_id=project.id,
            scheme_id=scheme.id,
            op="set",
            row=row,
            user_id=1,
            value=value,
            source=source,
        )

    for row in range(5):
        await services.log.append([entry(row, "human", '"pro"')])
    await services.log.append([entry(9, "llm", '"con"'), entry(8, "human", None)])
    (got,) = await came(receiver, 1)
    said = got.json()
    assert (said["type"], said["user"]) == ("annotations.saved", None)
    said["data"].pop("since")
    assert said["data"] == {
        "scheme": "stance",
        "annotations": 6,
        "sources": {"human": 5, "llm": 1},
    }
    await services.log.append([entry(7, "human", '"pro"')])
    _, second = await came(receiver, 2)
    assert second.json()["data"]["annotations"] == 1


async def test_whoever_is_slow_delays_nobody(house, receiver, other):
    receiver.hold.clear()
    slow, quick = await house.hook(receiver.url), await house.hook(other.url)
    for _ in range(3):
        await house.happens("job.done", **JOB)
    await came(other, 3)
    await house.ended(quick, 3)
    assert len(receiver.got) == 1  # One at a time, and it still holds.
    receiver.hold.set()
    await house.ended(slow, 3)
    assert len({each.headers["webhook-id"] for each in receiver.got}) == 3


async def test_of_two_servers_one_sends(house, settings, registry, receiver):
    async with opened(settings, registry):
        hook = await house.hook(receiver.url)
        for _ in range(20):
            await house.happens("job.done", **JOB)
        await house.ended(hook, 20)
        await asyncio.sleep(0.3)
    assert len(receiver.got) == 20
    assert len({each.headers["webhook-id"] for each in receiver.got}) == 20


async def test_what_a_dead_server_had_under_way_is_sent_after_its_lease(
    settings, registry, receiver
):
    receiver.hold.clear()
    brief = replace(QUICK, lease=timedelta(seconds=2))
    async with opened(settings, registry, brief) as house:
        hook = await house.hook(receiver.url)
        await house.happens("job.done", **JOB)
        await came(receiver, 1)
    # It has ended without an answer; nobody has noted anything.
    receiver.hold.set()
    async with opened(settings, registry) as house:
        got = await came(receiver, 2)
        assert got[0].headers["webhook-id"] == got[1].headers["webhook-id"]
        assert got[1].at - got[0].at >= 1.5
        (delivery,) = await house.ended(hook)
        assert (delivery["state"], delivery["attempts"]) == ("delivered", 1)


async def test_nothing_of_it_is_told_twice_or_lost_where_the_server_was_off(
    settings, registry, receiver
):
    async with opened(settings, registry) as house:
        hook = await house.hook(receiver.url)
        await house.happens("job.queued", **JOB)
        await came(receiver, 1)
        await house.ended(hook)
        async with house.services.database.read() as connection:
            project = await find_project(connection, SLUG)
    # A worker that outlives the server ends its job.
    database = Database.at("", settings.data_dir)
    async with database.write() as connection:
        await add_event(connection, "job.done", project.id, JOB)
    await database.close()
    async with opened(settings, registry) as house:
        got = await came(receiver, 2)
        await house.ended(hook, 2)
    assert [each.json()["type"] for each in got] == ["job.queued", "job.done"]


async def test_a_new_secret_signs_beside_the_old_one_for_a_day(house, receiver):
    hook = await house.hook(receiver.url)
    number = hook["webhook"]["id"]
    renewed = (await house.ask("POST", f"/{number}/secret")).json()
    assert renewed["secret"] != hook["secret"]
    await house.ask("POST", f"/{number}/test")
    (got,) = await came(receiver, 1)
    assert is_signed(got, hook["secret"])
    assert is_signed(got, renewed["secret"])
    assert len(base64.b64decode(renewed["secret"].removeprefix("whsec_"))) == 32

    # A day later the new one alone signs.
    later = house.services.postman
    later._clock = lambda: now() + timedelta(hours=25)
    await house.ask("POST", f"/{number}/test")
    got = (await came(receiver, 2))[1]
    assert not is_signed(got, hook["secret"])
    assert is_signed(got, renewed["secret"])


@pytest.mark.parametrize("format_", ["slack", "mattermost", "discord"])
async def test_chats_get_a_message_without_a_signature(house, receiver, format_):
    hook = await house.hook(receiver.url, format=format_)
    assert hook["secret"] is None
    assert hook["webhook"]["signed"] is False
    answer = await house.ask("POST", f"/{hook['webhook']['id']}/test")
    assert answer.status_code == 202
    (got,) = await came(receiver, 1)
    assert "this is a test" in str(got.json())
    assert not any(name.startswith("webhook-") for name in got.headers)
    renew = await house.ask("POST", f"/{hook['webhook']['id']}/secret")
    assert renew.status_code == 409


async def test_neither_address_nor_secret_is_to_be_seen(house, receiver, settings):
    receiver.answers = lambda _: (500, {})
    with capture_logs() as logs:
        hook = await house.hook(receiver.url)
        await house.ask("PATCH", f"/{hook['webhook']['id']}", {"url": f"{receiver.url}-moved"})
        await house.ask("POST", f"/{hook['webhook']['id']}/test")
        await house.ended(hook)
        said = [
            (await house.ask("GET")).text,
            (await house.ask("GET", f"/{hook['webhook']['id']}/deliveries")).text,
            (await house.http.get(f"/api/v1/projects/{SLUG}/audit")).text,
            json.dumps(logs, default=str),
        ]
    assert hook["webhook"]["url"] == f"http://127.0.0.1:{receiver.port}"
    assert hook["webhook"]["url"] in said[0]
    assert "create_webhook" in said[2]
    for text in said:
        assert "t0ken" not in text
        assert hook["secret"] not in text
    for file in settings.data_dir.rglob("*"):
        if file.is_file():
            assert b"t0ken" not in file.read_bytes(), file


async def test_after_the_key_is_lost_it_is_said_and_entered_anew(house, receiver, settings):
    hook = await house.hook(receiver.url)
    (settings.data_dir / KEY_FILE).unlink()
    house.services.postman._sealer._fernet = None
    await house.ask("POST", f"/{hook['webhook']['id']}/test")
    (delivery,) = await house.ended(hook)
    assert (delivery["state"], delivery["attempts"]) == ("failed", 1)
    assert "enter it anew" in delivery["problem"]
    answer = await house.ask("PATCH", f"/{hook['webhook']['id']}", {"url": receiver.url})
    assert answer.status_code == 200, answer.text
    house.services.postman._sealer._fernet = None
    await house.ask("POST", f"/{hook['webhook']['id']}/test")
    await came(receiver, 1)


async def test_a_private_address_is_refused_when_it_is_entered(house, receiver, public_only):
    answer = await house.ask(
        "POST", body={"name": "x", "url": receiver.url, "events": ["*"], "format": "json"}
    )
    assert answer.status_code == 422, answer.text
    assert "KODKOD_WEBHOOKS_ALLOW_PRIVATE" in answer.json()["detail"]


async def test_an_address_that_is_not_allowed_any_more_is_not_tried_again(
    house, receiver, monkeypatch
):
    hook = await house.hook(receiver.url)
    monkeypatch.delenv("KODKOD_WEBHOOKS_ALLOW_PRIVATE")
    await house.ask("POST", f"/{hook['webhook']['id']}/test")
    (delivery,) = await house.ended(hook)
    assert (delivery["state"], delivery["attempts"]) == ("failed", 1)
    assert "not a public address" in delivery["problem"]
    assert receiver.got == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"events": ["jobs.*"]}, 422),
        ({"events": []}, 400),
        ({"events": ["job.progress"]}, 422),
        ({"format": "pigeon"}, 404),
        ({"url": "no address"}, 422),
        ({"name": ""}, 400),
    ],
)
async def test_what_cannot_be_told_is_refused(house, receiver, body, status):
    whole = {"name": "x", "url": receiver.url, "events": ["*"], **body}
    answer = await house.ask("POST", body=whole)
    assert answer.status_code == status, answer.text


async def test_a_project_has_so_many_webhooks_and_no_more(house, receiver):
    for _ in range(20):
        await house.hook(receiver.url, "project.*")
    answer = await house.ask("POST", body={"name": "x", "url": receiver.url, "events": ["*"]})
    assert answer.status_code == 409


async def test_what_is_deleted_is_told_nothing(house, receiver):
    hook = await house.hook(receiver.url)
    assert (await house.ask("DELETE", f"/{hook['webhook']['id']}")).status_code == 204
    await house.happens("job.done", **JOB)
    await asyncio.sleep(0.3)
    assert receiver.got == []
    assert (await house.ask("GET", f"/{hook['webhook']['id']}/deliveries")).status_code == 404


async def test_a_webhook_of_another_project_is_not_there(house, receiver):
    hook = await house.hook(receiver.url)
    for method, path in (("PATCH", ""), ("DELETE", ""), ("POST", "/test"), ("POST", "/secret")):
        body = {"name": "y"} if method == "PATCH" else None
        path = f"/{hook['webhook']['id'] + 1}{path}"
        assert (await house.ask(method, path, body)).status_code == 404


async def test_deliveries_are_listed_in_pages(house, receiver):
    hook = await house.hook(receiver.url)
    for _ in range(5):
        await house.happens("job.done", **JOB)
    all_ = await house.ended(hook, 5)
    found, cursor = [], ""
    while cursor is not None:
        path = f"/{hook['webhook']['id']}/deliveries?limit=2" + (
            f"&cursor={cursor}" if cursor else ""
        )
        page = (await house.ask("GET", path)).json()
        found += [each["id"] for each in page["items"]]
        cursor = page["cursor"]
    assert found == [each["id"] for each in all_]
