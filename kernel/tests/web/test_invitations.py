"""Invitations by link, and accounts that people make themselves."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest
import sqlalchemy as sa

from kodkod.api import NotFoundError
from kodkod.settings import load_settings
from kodkod.store.database import now
from kodkod.store.invitations import find_invitation, use_invitation
from kodkod.store.tables import invitation
from kodkod.web.access import digest_of
from kodkod.web.app import create_app

from .conftest import PASSWORD, SLUG
from .talking import Talk, problem_of

INVITATIONS = f"/projects/{SLUG}/invitations"
NEW = {"username": "nora", "password": "a long password"}
SIGN_UP = "/auth/accounts"


@pytest.fixture
async def lead(client, bearer) -> Talk:
    return Talk(client, await bearer("lead"))


@pytest.fixture
async def otto(client, bearer) -> Talk:
    return Talk(client, await bearer("otto"))


@pytest.fixture
def nobody(client) -> Talk:
    return Talk(client, {})


async def invite(lead: Talk, **wishes) -> dict:
    return await lead.post(INVITATIONS, wishes)


async def accept(talk: Talk, token: str):
    return await talk.ask("POST", "/me/invitations", {"token": token})


async def test_who_has_the_link_comes_in_at_once_with_its_role(lead, otto):
    assert (await otto.ask("GET", f"/projects/{SLUG}/members")).status_code == 404
    made = await invite(lead, role="contributor", note="for otto")
    joined = await accept(otto, made["token"])
    assert joined.json() == {"slug": SLUG, "name": "Letters", "role": "contributor"}
    assert (await otto.ask("GET", f"/projects/{SLUG}/members")).status_code == 200
    # then managers see who came, and the token nowhere
    [shown] = (await lead.get(INVITATIONS))["items"]
    assert (shown["state"], shown["uses"], shown["note"]) == ("used-up", 1, "for otto")
    assert [each["username"] for each in shown["used_by"]] == ["otto"]
    assert shown["token"] is None


async def test_only_the_digest_of_a_token_is_stored(lead, services):
    made = await invite(lead)
    assert len(made["token"]) >= 43  # 256 bits
    async with services.database.read() as connection:
        [row] = (await connection.execute(sa.select(invitation))).all()
    assert made["token"] not in repr(row)
    assert row.digest == digest_of(made["token"])


async def test_an_account_can_be_made_with_an_invitation_where_sign_up_is_closed(lead, nobody):
    problem_of(await nobody.ask("POST", SIGN_UP, NEW), 403)
    made = await invite(lead, role="reader")
    looked = await nobody.ask("POST", "/auth/invitations", {"token": made["token"]})
    assert (looked.json()["project"], looked.json()["role"]) == ("Letters", "reader")
    account = await nobody.ask("POST", SIGN_UP, NEW | {"invitation": made["token"]})
    assert account.status_code == 201
    assert account.json()["role"] == "annotator"
    form = {"username": "nora", "password": NEW["password"]}
    grant = (await nobody.client.post("/api/v1/auth/token", data=form)).json()
    nora = Talk(nobody.client, {"Authorization": f"Bearer {grant['access_token']}"})
    assert [each["role"] for each in (await nora.get("/me"))["projects"]] == ["reader"]


async def test_whatever_is_wrong_with_an_invitation_is_refused_alike(lead, otto, nobody, services):
    # given one that is used up, one that has expired, one that was revoked, and one that never was
    used, expired, revoked = [await invite(lead) for _ in range(3)]
    assert (await accept(otto, used["token"])).status_code == 200
    async with services.database.write() as connection:
        late = sa.update(invitation).where(invitation.c.id == expired["id"])
        await connection.execute(late.values(expires_at=now() - timedelta(seconds=1)))
    assert (await lead.ask("DELETE", f"{INVITATIONS}/{revoked['id']}")).status_code == 204
    tokens = [each["token"] for each in (used, expired, revoked)] + ["never was"]
    # then all are refused by the same words, whatever is asked of them
    answers = set()
    for token in tokens:
        for asked in (
            await accept(otto, token),
            await nobody.ask("POST", "/auth/invitations", {"token": token}),
            await nobody.ask("POST", SIGN_UP, NEW | {"invitation": token}),
        ):
            answers.add(problem_of(asked, 404)["detail"])
    assert len(answers) == 1
    states = {each["id"]: each["state"] for each in (await lead.get(INVITATIONS))["items"]}
    assert states == {used["id"]: "used-up", expired["id"]: "expired", revoked["id"]: "revoked"}


async def test_who_was_let_go_does_not_come_back_by_the_same_link(lead, otto):
    made = await invite(lead, max_uses=5)
    assert (await accept(otto, made["token"])).status_code == 200
    assert (await lead.ask("DELETE", f"/projects/{SLUG}/members/otto")).status_code == 204
    problem_of(await accept(otto, made["token"]), 404)
    [shown] = (await lead.get(INVITATIONS))["items"]
    assert shown["uses"] == 1  # and the attempt was not counted


async def test_an_invitation_lowers_nobodys_role(lead, client, bearer):
    made = await invite(lead, role="reader")
    cora = Talk(client, await bearer("cora"))
    assert (await accept(cora, made["token"])).json()["role"] == "contributor"


async def test_uses_are_counted_exactly_when_many_come_at_once(lead, services):
    made = await invite(lead, max_uses=3)

    async def come(user_id: int) -> bool:
        try:
            async with services.database.write() as connection:
                found = await find_invitation(connection, digest_of(made["token"]))
                await use_invitation(connection, found, user_id)
        except NotFoundError:
            return False
        return True

    came = await asyncio.gather(*(come(user_id) for user_id in range(1, 9)))
    assert sum(came) == 3


async def test_a_group_is_joined_too_if_it_is_ones_own(lead, otto, client, bearer):
    root = Talk(client, await bearer("root"))
    await root.post("/groups", {"name": "coders"})
    # a project's manager lets nobody into a group that somebody else keeps
    problem_of(await lead.ask("POST", INVITATIONS, {"group": "coders"}), 403)
    made = await invite(root, group="coders")
    assert made["group"] == "coders"
    assert (await accept(otto, made["token"])).status_code == 200
    assert (await otto.get("/me"))["groups"] == ["coders"]


async def test_invitations_of_another_project_are_not_revoked(lead, client, bearer):
    mara = Talk(client, await bearer("mara"))
    slug = await mara.project([{"id": "a", "text": "b"}])
    made = await mara.post(f"/projects/{slug}/invitations", {})
    problem_of(await lead.ask("DELETE", f"{INVITATIONS}/{made['id']}"), 404)


async def test_wrong_tokens_are_slowed_down(nobody):
    for _ in range(20):
        problem_of(await nobody.ask("POST", "/auth/invitations", {"token": "guess"}), 404)
    problem_of(await nobody.ask("POST", "/auth/invitations", {"token": "guess"}), 429)


async def test_changing_the_password_ends_all_other_sessions_and_api_tokens(client, bearer):
    # given two sessions and an API token
    first, second = Talk(client, await bearer("anna")), Talk(client, await bearer("anna"))
    token = (await first.post("/auth/api-tokens", {"name": "script", "scopes": ["read"]}))["token"]
    script = Talk(client, {"Authorization": f"Bearer {token}"})
    assert (await script.ask("GET", "/me")).status_code == 200
    # when the password changes in one of them
    change = {"current_password": PASSWORD, "password": "something else"}
    assert (await first.ask("PATCH", "/me", change)).status_code == 200
    # then all are over
    for each in (first, second, script):
        assert (await each.ask("GET", "/me")).status_code == 401


# -- sign-up --------------------------------------------------------------------------------


@pytest.fixture
def app(request, settings, registry):
    """The application, with sign-up open where a test is marked so."""
    marked = request.node.get_closest_marker("parametrize") is not None
    opened = msgspec.structs.replace(settings, sign_up="open") if marked else settings
    return create_app(opened, registry=registry)


def test_sign_up_is_closed_unless_the_settings_open_it():
    assert load_settings(environ={}).sign_up == "closed"
    assert load_settings(environ={"KODKOD_SIGN_UP": "open"}).sign_up == "open"


@pytest.mark.parametrize("sign_up", ["open"])
async def test_where_it_is_open_anybody_makes_an_account(client, nobody, sign_up):
    made = await nobody.ask("POST", SIGN_UP, NEW)
    assert made.status_code == 201
    assert made.json()["role"] == "annotator"
    # by the rules of every account
    problem_of(await nobody.ask("POST", SIGN_UP, NEW | {"password": "short"}), 422)
    problem_of(await nobody.ask("POST", SIGN_UP, NEW | {"role": "root"}), 400)
    problem_of(await nobody.ask("POST", SIGN_UP, NEW | {"username": "ANNA"}), 409)


@pytest.mark.parametrize("sign_up", ["open"])
async def test_names_are_not_tried_out_by_the_thousand(client, nobody, sign_up):
    statuses = []
    for number in range(40):
        body = {"username": "anna" if number % 2 else f"n{number}", "password": "short"}
        statuses.append((await nobody.ask("POST", SIGN_UP, body)).status_code)
    # then a weak password tells nothing of the name, and soon nothing is told at all
    assert set(statuses[:30]) == {422}
    assert set(statuses[-10:]) == {429}
