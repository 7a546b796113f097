from __future__ import annotations

import pytest

from .conftest import PASSWORD

ME = "/api/v1/me"
USERS = "/api/v1/users"
NEW = {"username": "nora", "password": "a long password"}


async def sign_in(client, username: str, password: str):
    form = {"username": username, "password": password}
    return await client.post("/api/v1/auth/token", data=form)


async def test_an_administrator_makes_an_account_that_can_sign_in(client, bearer):
    made = await client.post(USERS, json=NEW, headers=await bearer("root"))
    assert made.status_code == 201
    assert made.json()["role"] == "annotator"
    assert "password" not in made.text
    assert (await sign_in(client, "nora", NEW["password"])).status_code == 200


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"username": "ANNA"}, 409),
        ({"username": "with space"}, 400),
        ({"username": "../etc"}, 400),
        ({"password": "short"}, 422),
        ({"role": "emperor"}, 400),
        ({"admin": True}, 400),
    ],
)
async def test_an_account_that_cannot_be_made_is_refused(client, bearer, change, status):
    answer = await client.post(USERS, json=NEW | change, headers=await bearer("root"))
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_accounts_are_listed_page_by_page(client, bearer):
    headers = await bearer("root")
    names, cursor, pages = [], None, 0
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await client.get(USERS, params=query, headers=headers)).json()
        names += [user["username"] for user in page["items"]]
        pages += 1
        cursor = page["cursor"]
        if cursor is None:
            break
    assert names == ["root", "mara", "lead", "anna", "otto", "rita", "cora"]
    assert pages == 4


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 30, "1; DROP TABLE user"])
async def test_a_cursor_that_was_not_given_out_is_refused(client, bearer, cursor):
    answer = await client.get(USERS, params={"cursor": cursor}, headers=await bearer("root"))
    assert answer.status_code == 422
    assert answer.json()["field"] == "cursor"


@pytest.mark.parametrize(
    "change", [{"role": "manager"}, {"password": "another password"}, {"active": False}]
)
async def test_a_change_of_rights_ends_every_session_at_once(client, bearer, change):
    # given a session that was used a moment ago
    annas = await bearer("anna")
    assert (await client.get(ME, headers=annas)).status_code == 200
    # when an administrator changes role, password or whether the account is open
    changed = await client.patch(f"{USERS}/anna", json=change, headers=await bearer("root"))
    assert changed.status_code == 200
    # then the old session is over
    assert (await client.get(ME, headers=annas)).status_code == 401


async def test_a_change_that_changes_nothing_ends_nothing(client, bearer):
    annas = await bearer("anna")
    same = {"role": "annotator", "active": True}
    await client.patch(f"{USERS}/anna", json=same, headers=await bearer("root"))
    assert (await client.get(ME, headers=annas)).status_code == 200


async def test_a_deleted_account_is_gone_with_its_sessions(client, bearer):
    annas, roots = await bearer("anna"), await bearer("root")
    assert (await client.get(ME, headers=annas)).status_code == 200
    assert (await client.delete(f"{USERS}/anna", headers=roots)).status_code == 204
    assert (await client.get(ME, headers=annas)).status_code == 401
    assert (await client.delete(f"{USERS}/anna", headers=roots)).status_code == 404
    assert (await sign_in(client, "anna", PASSWORD)).status_code == 401


@pytest.mark.parametrize(
    ("method", "change"),
    [("DELETE", None), ("PATCH", {"role": "manager"}), ("PATCH", {"active": False})],
)
async def test_the_last_administrator_stays(client, bearer, method, change):
    headers = await bearer("root")
    answer = await client.request(method, f"{USERS}/root", json=change, headers=headers)
    assert answer.status_code == 409
    # when there is another one, then the first may go
    promoted = await client.patch(f"{USERS}/mara", json={"role": "root"}, headers=headers)
    assert promoted.status_code == 200
    answer = await client.request(method, f"{USERS}/root", json=change, headers=headers)
    assert answer.status_code in (200, 204)
    # and the last one left stays again
    refused = await client.delete(f"{USERS}/mara", headers=await bearer("mara"))
    assert refused.status_code == 409


async def test_a_closed_administrator_does_not_count(client, bearer):
    headers = await bearer("root")
    await client.patch(f"{USERS}/mara", json={"role": "root"}, headers=headers)
    await client.patch(f"{USERS}/mara", json={"active": False}, headers=headers)
    assert (await client.delete(f"{USERS}/root", headers=headers)).status_code == 409


async def test_users_change_their_own_password_with_the_old_one(client, bearer):
    headers = await bearer("anna")
    body = {"current_password": PASSWORD, "password": "something else"}
    assert (await client.patch(ME, json=body, headers=headers)).status_code == 200
    assert (await client.get(ME, headers=headers)).status_code == 401
    assert (await sign_in(client, "anna", PASSWORD)).status_code == 401
    assert (await sign_in(client, "anna", "something else")).status_code == 200


async def test_a_stolen_session_does_not_become_the_account(client, bearer):
    headers = await bearer("anna")
    body = {"current_password": "a guess", "password": "something else"}
    answer = await client.patch(ME, json=body, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["field"] == "current_password"
    assert (await sign_in(client, "anna", PASSWORD)).status_code == 200


@pytest.mark.parametrize("change", [{"role": "root"}, {"active": True}])
async def test_nobody_promotes_oneself(client, bearer, change):
    body = {"current_password": PASSWORD, "password": "something else"} | change
    answer = await client.patch(ME, json=body, headers=await bearer("anna"))
    assert answer.status_code == 400
    assert (await client.get(ME, headers=await bearer("anna"))).json()["role"] == "annotator"
