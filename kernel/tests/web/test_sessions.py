"""Sessions: listed to their owner, ended one by one or all, by whoever may."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from kodkod.store.database import now
from kodkod.store.tables import token as token_table

from .conftest import PASSWORD
from .hearing import Ear

SESSIONS = "/api/v1/auth/sessions"
ME = "/api/v1/me"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/2010 Firefox/140.0"


async def begin(client, name: str = "anna", **headers: str) -> dict[str, str]:
    form = {"username": name, "password": PASSWORD}
    answer = await client.post("/api/v1/auth/token", data=form, headers=headers)
    assert answer.status_code == 200
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def listed(client, headers) -> list[dict]:
    return (await client.get(SESSIONS, headers=headers)).json()["items"]


async def test_sessions_are_listed_and_end_one_by_one(client, bearer):
    # given a session of a browser, one of a script and one of somebody else
    browser = await begin(client, **{"User-Agent": FIREFOX})
    script = await begin(client, **{"User-Agent": "kodkod-sdk/0.1"})
    others = await bearer("otto")
    # then their owner sees the two, the newest first, and which one asks
    items = await listed(client, browser)
    assert [(each["agent"], each["way"], each["current"]) for each in items] == [
        ("kodkod-sdk/0.1", "password", False),
        ("Firefox on Linux", "password", True),
    ]
    # when the script's is ended by somebody else, then nothing ends; by its owner, at once
    path = f"{SESSIONS}/{items[0]['id']}"
    assert (await client.delete(path, headers=others)).status_code == 404
    assert (await client.get(ME, headers=script)).status_code == 200
    assert (await client.delete(path, headers=browser)).status_code == 204
    assert (await client.get(ME, headers=script)).status_code == 401
    assert (await client.get(ME, headers=browser)).status_code == 200


async def test_all_others_end_and_api_tokens_stay(client):
    first, here = await begin(client), await begin(client)
    made = await client.post("/api/v1/auth/api-tokens", json={"name": "script"}, headers=here)
    by_script = {"Authorization": f"Bearer {made.json()['token']}"}
    ended = await client.delete(SESSIONS, headers=here)
    assert ended.json() == {"sessions": 1, "api_tokens": 0}
    assert (await client.get(ME, headers=first)).status_code == 401
    assert (await client.get(ME, headers=here)).status_code == 200
    # and an API token is no session, and ends by its own route
    assert (await client.get(ME, headers=by_script)).status_code == 200
    revoked = await client.delete("/api/v1/auth/api-tokens", headers=here)
    assert revoked.json() == {"sessions": 0, "api_tokens": 1}
    assert (await client.get(ME, headers=by_script)).status_code == 401


async def test_root_ends_all_sessions_of_somebody(client, bearer):
    annas, root = await begin(client), await bearer("root")
    seen = await client.get("/api/v1/users/anna/sessions", headers=root)
    assert len(seen.json()["items"]) == 1
    ended = await client.delete("/api/v1/users/anna/sessions", headers=root)
    assert ended.json() == {"sessions": 1, "api_tokens": 0}
    assert (await client.get(ME, headers=annas)).status_code == 401


async def test_a_stream_ends_with_its_session(app, client):
    here, there = await begin(client), await begin(client)
    async with Ear(app, there) as ear:
        await client.delete(SESSIONS, headers=here)
        await ear.until(lambda: ear.ended)


async def test_a_session_ends_when_it_was_idle(client, services):
    services.settings = replace(services.settings, session_idle_minutes=10)
    idle, used = await begin(client), await begin(client)
    # given one that was used lately and one that was not
    ids = {each["current"]: each["id"] for each in await listed(client, used)}
    long_ago = now() - timedelta(minutes=11)
    async with services.database.write() as connection:
        mine = token_table.c.id == ids[False]
        change = sa.update(token_table).where(mine)
        await connection.execute(change.values(created_at=long_ago, last_used_at=long_ago))
    services.forget_access(user_id=1)
    services.access._identities.forget(lambda *_: True)
    # then only the former goes on, and the other is listed no more
    assert (await client.get(ME, headers=idle)).status_code == 401
    assert (await client.get(ME, headers=used)).status_code == 200
    assert [each["id"] for each in await listed(client, used)] == [ids[True]]


async def test_signing_in_with_a_token_gives_another_one(client):
    """Session fixation: nobody can be given a session that somebody else knows."""
    first = await begin(client)
    planted = {"Authorization": "Bearer " + "x" * 43, "Cookie": "token=" + "x" * 43}
    for headers in (first, planted):
        second = await begin(client, **headers)
        assert second["Authorization"] not in (first["Authorization"], planted["Authorization"])
    assert (await client.get(ME, headers=planted)).status_code == 401


@pytest.mark.parametrize("kind", ["altered", "expired", "revoked", "unknown"])
async def test_tokens_that_are_not_valid_fail_alike(client, bearer, kind):
    headers = await bearer("anna", hours=-1 if kind == "expired" else 1)
    if kind == "altered":
        text = headers["Authorization"]
        headers = {"Authorization": text[:-1] + ("A" if text[-1] != "A" else "B")}
    if kind == "revoked":
        await client.delete("/api/v1/auth/token", headers=headers)
    if kind == "unknown":
        headers = {"Authorization": "Bearer " + "x" * 43}
    answer = await client.get(ME, headers=headers)
    assert answer.status_code == 401
    assert answer.json()["detail"] == "The token has expired or was revoked; sign in again."


async def test_a_browser_keeps_a_cookie_that_opens_nothing(client):
    form = {"username": "anna", "password": PASSWORD}
    answer = await client.post("/api/v1/auth/token", data=form)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert answer.json()["access_token"] not in cookie
    assert (await client.get(ME)).status_code == 401
