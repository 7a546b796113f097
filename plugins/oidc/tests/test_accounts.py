"""Which account somebody from the provider gets, and in what role."""

from __future__ import annotations

import pytest

LINKS = "/api/v1/users/ben/external-accounts"


async def test_a_name_or_an_address_alone_opens_nothing(idp, browser):
    # given somebody at the provider who has the name of an account here, in whatever case
    for name in ("ben", "BEN"):
        idp.says(claims={"sub": "7", "preferred_username": name, "email": "ben@example.org"})
        assert (await browser.go()).said == {"refused": "taken"}
    # when root links the two
    root = await browser.by_password("chief")
    link = {"issuer": idp.issuer, "subject": "7"}
    made = await browser.http.post(LINKS, json=link, headers=root)
    assert made.status_code == 201
    # then they are one
    assert (await browser.me(await browser.sign_in())).json()["username"] == "ben"
    # and a second link to somebody else is refused
    again = await browser.http.post(LINKS.replace("ben", "chief"), json=link, headers=root)
    assert again.status_code == 409
    # and when the link ends, so does the way in
    gone = await browser.http.delete(LINKS, params=link, headers=root)
    assert gone.status_code == 204
    assert (await browser.http.get(LINKS, headers=root)).json()["items"] == []
    assert (await browser.go()).said == {"refused": "taken"}
    missing = await browser.http.delete(LINKS, params=link, headers=root)
    assert missing.status_code == 404


async def test_nobody_but_root_links(browser):
    headers = await browser.by_password("ben")
    link = {"issuer": "https://idp.example.org", "subject": "7"}
    assert (await browser.http.post(LINKS, json=link, headers=headers)).status_code == 403


async def test_accounts_are_made_only_where_that_is_allowed(idp, monkeypatch, browser):
    monkeypatch.setenv("KODKOD_OIDC_CREATE_ACCOUNTS", "false")
    assert (await browser.go()).said == {"refused": "no-account"}


@pytest.mark.parametrize("name", ["", "two words", "../etc", "<b>", "kodkod/llm", "x" * 64])
async def test_a_name_that_is_none_here_makes_no_account(idp, browser, name):
    idp.says(claims={"sub": "8", "preferred_username": name})
    assert (await browser.go()).said == {"refused": "name"}


async def test_roles_follow_the_provider_at_each_sign_in(idp, monkeypatch, browser):
    monkeypatch.setenv("KODKOD_OIDC_ROLES_CLAIM", "realm_access.roles")
    monkeypatch.setenv("KODKOD_OIDC_ROLES", "kk-admins=root,kk-staff=manager,kk=annotator")

    def has(*roles: str) -> None:
        claims = {"sub": "1", "preferred_username": "ada", "realm_access": {"roles": list(roles)}}
        idp.says(claims=claims)

    # given a manager of several roles
    has("kk", "kk-staff", "else")
    first = await browser.sign_in()
    assert (await browser.me(first)).json()["role"] == "manager"
    # when the role changes, then so does the account, and sessions of the old role are over
    has("kk")
    second = await browser.sign_in()
    assert (await browser.me(second)).json()["role"] == "annotator"
    assert (await browser.me(first)).status_code == 401
    # when no role is left, then nobody comes in, and who is in is out at once
    has("else")
    assert (await browser.go()).said == {"refused": "refused"}
    assert (await browser.me(second)).status_code == 401


async def test_groups_of_the_provider_are_joined_where_they_are_here_and_never_left(
    idp, monkeypatch, browser
):
    monkeypatch.setenv("KODKOD_OIDC_GROUPS_CLAIM", "groups")
    root = await browser.by_password("chief")
    for name in ("students", "coders"):
        made = await browser.http.post("/api/v1/groups", json={"name": name}, headers=root)
        assert made.status_code == 201
    for theirs, now in ((["students", "elsewhere"], ["students"]), (["coders"], None)):
        # when somebody comes with groups, of which one is not here
        idp.says(claims={"sub": "1", "preferred_username": "ada", "groups": theirs})
        me = (await browser.me(await browser.sign_in())).json()
        # then they are in those that are, and stay in what they were put into
        assert sorted(me["groups"]) == (now or ["coders", "students"])


async def test_without_a_mapping_the_role_given_here_stays(idp, browser):
    await browser.sign_in()
    root = await browser.by_password("chief")
    await browser.http.patch("/api/v1/users/ada", json={"role": "manager"}, headers=root)
    assert (await browser.me(await browser.sign_in())).json()["role"] == "manager"


async def test_a_closed_account_stays_closed(browser):
    await browser.sign_in()
    root = await browser.by_password("chief")
    await browser.http.patch("/api/v1/users/ada", json={"active": False}, headers=root)
    assert (await browser.go()).said == {"refused": "refused"}


async def test_an_account_from_the_provider_has_no_password(browser):
    await browser.sign_in()
    for password in ("", "-", "correct horse battery"):
        form = {"username": "ada", "password": password}
        answer = await browser.http.post("/api/v1/auth/token", data=form)
        assert answer.status_code == 401
