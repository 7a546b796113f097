from __future__ import annotations

import asyncio
import queue
import sqlite3
import time
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from kodkod.store.tables import token as token_table

from .conftest import PASSWORD

TOKEN = "/api/v1/auth/token"
API_TOKENS = "/api/v1/auth/api-tokens"
ME = "/api/v1/me"


async def sign_in(client, username: str, password: str = PASSWORD):
    return await client.post(TOKEN, data={"username": username, "password": password})


def bearing(answer) -> dict[str, str]:
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def test_a_session_begins_works_and_ends(client):
    # given somebody who signs in by OAuth2's password form
    answer = await sign_in(client, "anna")
    assert answer.status_code == 200
    assert answer.json()["token_type"] == "bearer"
    expires = datetime.fromisoformat(answer.json()["expires_at"])
    assert timedelta(hours=11) < expires - datetime.now(UTC) <= timedelta(hours=12)
    # then the token speaks for her
    me = await client.get(ME, headers=bearing(answer))
    assert me.status_code == 200
    assert me.json()["username"] == "anna"
    # when she signs out, then it ends at once, though it was used a moment ago
    assert (await client.delete(TOKEN, headers=bearing(answer))).status_code == 204
    refused = await client.get(ME, headers=bearing(answer))
    assert refused.status_code == 401
    assert refused.json()["type"] == "/problems/unauthenticated"
    assert refused.headers["www-authenticate"] == "Bearer"


async def test_signing_out_ends_one_session_only(client, bearer):
    here, there = await bearer("anna"), await bearer("anna")
    await client.delete(TOKEN, headers=here)
    assert (await client.get(ME, headers=there)).status_code == 200


async def test_what_is_stored_cannot_be_used_as_a_token(client, services):
    answer = await sign_in(client, "anna")
    async with services.database.read() as connection:
        stored = (await connection.execute(sa.select(token_table.c.digest))).scalar_one()
    assert stored != answer.json()["access_token"]
    refused = await client.get(ME, headers={"Authorization": f"Bearer {stored}"})
    assert refused.status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic cm9vdDpyb290",
        "Bearer \u00e4",
        "Bearer a b",
        "bearer x" * 999,
    ],
)
async def test_a_header_that_is_no_token_is_refused(client, header):
    answer = await client.get(ME, headers={"Authorization": header.encode("latin-1")})
    assert answer.status_code == 401


async def test_an_expired_token_is_refused(client, bearer):
    assert (await client.get(ME, headers=await bearer("anna", hours=-1))).status_code == 401


async def test_a_token_expires_while_it_is_remembered(client, bearer):
    # given a token with a fraction of a second left, just used
    headers = await bearer("anna", hours=0.3 / 3600)
    assert (await client.get(ME, headers=headers)).status_code == 200
    # then it ends within the five seconds for which identities are remembered
    deadline = time.monotonic() + 2
    while (answer := await client.get(ME, headers=headers)).status_code == 200:
        assert time.monotonic() < deadline
    assert answer.status_code == 401


async def test_wrong_name_and_wrong_password_get_the_same_answer(client):
    unknown = await sign_in(client, "nobody")
    wrong = await sign_in(client, "anna", "not the password")
    assert unknown.status_code == wrong.status_code == 401
    assert unknown.json() == wrong.json()


async def test_an_unknown_name_takes_as_long_as_a_wrong_password(client):
    await sign_in(client, "nobody")  # The decoy is made once.

    async def seconds(name: str) -> float:
        times = []
        for _ in range(3):
            start = time.perf_counter()
            await sign_in(client, name, "not the password")
            times.append(time.perf_counter() - start)
        return min(times)

    # Without a decoy an unknown name would be answered some fifty times faster.
    assert await seconds("nobody-else") > 0.3 * await seconds("anna")


async def test_a_closed_account_cannot_sign_in(client, closed):
    await closed("anna")
    answer = await sign_in(client, "anna")
    assert answer.status_code == 401
    assert answer.json() == (await sign_in(client, "nobody")).json()


async def test_guessing_is_slowed_down_for_one_name_only(client, services):
    # given ten failures in a row
    for _ in range(10):
        assert (await sign_in(client, "anna", "a guess")).status_code == 401
    # then even the right password has to wait, and is told how long
    slowed = await sign_in(client, "anna")
    assert slowed.status_code == 429
    assert 0 < int(slowed.headers["retry-after"]) <= 300
    # and others do not
    assert (await sign_in(client, "lead")).status_code == 200


async def test_sign_ins_at_once_do_not_hold_up_those_who_work(client, bearer):
    headers = await bearer("lead")
    waiting = [asyncio.create_task(sign_in(client, "anna")) for _ in range(12)]
    # when twelve sign in at once, then others are answered before the last of them is
    for _ in range(5):
        assert (await client.get(ME, headers=headers)).status_code == 200
    assert not all(task.done() for task in waiting)
    answers = await asyncio.gather(*waiting)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["access_token"] for answer in answers}) == 12


async def test_nobody_waits_for_the_note_that_a_token_was_used(client, bearer, services):
    # Given tokens never used before, and a database that somebody else is writing to
    fresh = [await bearer("anna") for _ in range(5)]
    other = sqlite3.connect(services.settings.data_dir / "kodkod.db")
    other.execute("BEGIN IMMEDIATE")
    try:
        # then those who come with them are answered all the same.
        async with asyncio.timeout(5):
            answers = await asyncio.gather(*(client.get(ME, headers=each) for each in fresh))
        assert {answer.status_code for answer in answers} == {200}
    finally:
        other.rollback()
        other.close()


async def test_an_api_token_is_shown_once_listed_and_revoked(client, bearer):
    headers = await bearer("anna")
    made = await client.post(API_TOKENS, json={"name": "script", "days": 30}, headers=headers)
    assert made.status_code == 201
    by_script = {"Authorization": f"Bearer {made.json()['token']}"}
    assert (await client.get(ME, headers=by_script)).status_code == 200
    # then the list has it, without its text and without the sessions
    (listed,) = (await client.get(API_TOKENS, headers=headers)).json()["items"]
    assert listed["name"] == "script"
    assert listed["token"] is None
    # and before long when it was last used, which no request waits for
    async with asyncio.timeout(10):
        while listed["last_used_at"] is None:
            await asyncio.sleep(0.05)
            (listed,) = (await client.get(API_TOKENS, headers=headers)).json()["items"]
    # when it is revoked, then at once
    gone = await client.delete(f"{API_TOKENS}/{listed['id']}", headers=headers)
    assert gone.status_code == 204
    assert (await client.get(ME, headers=by_script)).status_code == 401
    assert (await client.get(ME, headers=headers)).status_code == 200


async def test_a_token_of_somebody_else_cannot_be_revoked(client, bearer):
    headers = await bearer("anna")
    made = await client.post(API_TOKENS, json={"name": "script"}, headers=headers)
    other = await client.delete(f"{API_TOKENS}/{made.json()['id']}", headers=await bearer("otto"))
    assert other.status_code == 404
    by_script = {"Authorization": f"Bearer {made.json()['token']}"}
    assert (await client.get(ME, headers=by_script)).status_code == 200


async def test_a_token_that_may_read_may_not_write(client, bearer):
    headers = await bearer("anna")
    made = await client.post(
        API_TOKENS, json={"name": "reader", "scopes": ["read"]}, headers=headers
    )
    reader = {"Authorization": f"Bearer {made.json()['token']}"}
    assert (await client.get(ME, headers=reader)).status_code == 200
    refused = await client.post(API_TOKENS, json={"name": "more"}, headers=reader)
    assert refused.status_code == 403
    assert "write" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("body", "status"),
    [({"name": ""}, 400), ({"name": "x", "days": 0}, 400), ({"name": "x", "scopes": []}, 422)],
)
async def test_a_token_is_asked_for_properly(client, bearer, body, status):
    answer = await client.post(API_TOKENS, json=body, headers=await bearer("anna"))
    assert answer.status_code == status


async def test_plugins_hear_of_a_sign_in(client, services, monkeypatch):
    heard: queue.Queue = queue.Queue()
    monkeypatch.setattr(services.registry, "observe", heard.put)
    await sign_in(client, "anna")
    event = await asyncio.to_thread(heard.get, timeout=30)
    assert (event.type, event.user) == ("user.signed_in", "anna")


async def test_nobody_signs_in_by_a_way_that_the_settings_do_not_name(settings, registry):
    from msgspec.structs import replace

    from kodkod.api import NotFoundError
    from kodkod.web.services import make_services

    with pytest.raises(NotFoundError, match="tickets"):
        make_services(replace(settings, sign_in=("tickets",)), registry)
