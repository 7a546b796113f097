"""Members, groups and what follows from both, over HTTP."""

from __future__ import annotations

import pytest

from kodkod.store.people import find_user
from kodkod.store.projects import find_project
from kodkod.store.rights import members_of

from .conftest import SLUG
from .talking import Talk, problem_of

PROJECT = f"/projects/{SLUG}"


@pytest.fixture
def talk(client, bearer):
    async def as_(name: str) -> Talk:
        return Talk(client, await bearer(name))

    return as_


@pytest.fixture
async def lead(talk) -> Talk:
    return await talk("lead")


@pytest.fixture
async def mara(talk) -> Talk:
    """A manager of the installation, who keeps the group `coders` with otto in it."""
    mara = await talk("mara")
    await mara.post("/groups", {"name": "coders", "members": ["otto"]})
    return mara


async def role_of(talk: Talk) -> str | None:
    """Return the role that somebody has by what they are told and by what they are let do."""
    entered = (await talk.ask("GET", f"{PROJECT}/members")).status_code == 200
    roles = [each["role"] for each in (await talk.get("/me"))["projects"]]
    assert entered is bool(roles)
    return roles[0] if roles else None


async def test_a_group_in_a_project_lets_its_members_in_at_once(talk, lead, mara):
    otto = await talk("otto")
    assert await role_of(otto) is None
    # when the group becomes a member, and its role changes, and it leaves
    for role in ("reader", "contributor"):
        answer = await lead.ask("PUT", f"{PROJECT}/groups/coders", {"role": role})
        assert answer.json() == {"group": "coders", "role": role}
        # then so it is for its members
        assert await role_of(otto) == role
    assert (await lead.ask("DELETE", f"{PROJECT}/groups/coders")).status_code == 204
    assert await role_of(otto) is None
    assert (await lead.ask("DELETE", f"{PROJECT}/groups/coders")).status_code == 404


async def test_who_joins_or_leaves_a_group_enters_or_leaves_its_projects_at_once(talk, lead, mara):
    await lead.ask("PUT", f"{PROJECT}/groups/coders", {"role": "annotator"})
    nora = await talk("root")
    await nora.post("/users", {"username": "nora", "password": "a long password"})
    new = await talk("nora")
    assert await role_of(new) is None
    await mara.ask("PUT", "/groups/coders/members/nora")
    assert await role_of(new) == "annotator"
    await mara.ask("DELETE", "/groups/coders/members/nora")
    assert await role_of(new) is None
    # when the whole group is deleted
    otto = await talk("otto")
    assert await role_of(otto) == "annotator"
    await mara.ask("DELETE", "/groups/coders")
    assert await role_of(otto) is None


async def test_the_highest_role_counts_and_the_list_says_why(talk, lead, mara):
    await mara.ask("PUT", "/groups/coders/members/anna")
    await lead.ask("PUT", f"{PROJECT}/groups/coders", {"role": "contributor"})
    assert await role_of(await talk("anna")) == "contributor"
    members = {each["username"]: each for each in (await lead.get(f"{PROJECT}/members"))["items"]}
    by = [{"group": "coders", "role": "contributor"}]
    assert members["anna"] == {
        "username": "anna",
        "role": "contributor",
        "own": "annotator",
        "groups": by,
    }
    assert members["otto"]["own"] is None
    assert members["rita"] == {"username": "rita", "role": "reader", "own": "reader", "groups": []}
    # when the group is a reader, then the own role is the higher one
    await lead.ask("PUT", f"{PROJECT}/groups/coders", {"role": "reader"})
    assert await role_of(await talk("anna")) == "annotator"


async def test_who_belongs_by_a_group_hears_events(services, lead, mara):
    await lead.ask("PUT", f"{PROJECT}/groups/coders", {"role": "reader"})
    async with services.database.read() as connection:
        project, otto = await find_project(connection, SLUG), await find_user(connection, "otto")
        assert otto.id in (await members_of(connection, [project.id]))[project.id]


async def test_me_says_roles_groups_and_projects(talk, lead, mara):
    await lead.ask("PUT", f"{PROJECT}/groups/coders", {"role": "contributor"})
    me = await (await talk("otto")).get("/me")
    assert me["role"] == "annotator"
    assert me["groups"] == ["coders"]
    assert me["projects"] == [{"slug": SLUG, "name": "Letters", "role": "contributor"}]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", f"{PROJECT}/members/lead", None),
        ("DELETE", f"{PROJECT}/membership", None),
        ("PUT", f"{PROJECT}/members/lead", {"role": "contributor"}),
    ],
)
async def test_the_last_manager_stays_one(talk, lead, method, path, body):
    problem = problem_of(await lead.ask(method, path, body), 409)
    assert SLUG in problem["detail"]
    assert await role_of(lead) == "manager"
    # when there is another one, then the first may go
    await lead.ask("PUT", f"{PROJECT}/members/anna", {"role": "manager"})
    assert (await lead.ask(method, path, body)).status_code in (200, 204)


async def test_a_group_that_is_the_last_manager_stays_one(talk, lead, mara):
    await lead.ask("PUT", f"{PROJECT}/groups/coders", {"role": "manager"})
    assert (await lead.ask("DELETE", f"{PROJECT}/membership")).status_code == 204
    otto = await talk("otto")
    for each, method, path, body in (
        (mara, "DELETE", "/groups/coders", None),
        (mara, "DELETE", "/groups/coders/members/otto", None),
        (otto, "DELETE", f"{PROJECT}/groups/coders", None),
        (otto, "PUT", f"{PROJECT}/groups/coders", {"role": "reader"}),
    ):
        problem_of(await each.ask(method, path, body), 409)
    assert await role_of(otto) == "manager"


async def test_members_leave_by_themselves(talk):
    anna = await talk("anna")
    assert (await anna.ask("DELETE", f"{PROJECT}/membership")).status_code == 204
    assert await role_of(anna) is None


async def test_who_belongs_by_a_group_alone_is_told_so(talk, lead, mara):
    await lead.ask("PUT", f"{PROJECT}/groups/coders", {"role": "reader"})
    problem = problem_of(await (await talk("otto")).ask("DELETE", f"{PROJECT}/membership"), 404)
    assert "group" in problem["detail"]


async def test_only_its_keeper_and_root_change_a_group(talk, mara):
    root = await talk("root")
    await root.ask("PATCH", "/users/lead", {"role": "manager"})
    other = await talk("lead")
    for method, path, body in (
        ("PATCH", "/groups/coders", {"name": "mine"}),
        ("DELETE", "/groups/coders", None),
        ("PUT", "/groups/coders/members/lead", None),
        ("DELETE", "/groups/coders/members/otto", None),
    ):
        problem_of(await other.ask(method, path, body), 403)
    renamed = await root.ask("PATCH", "/groups/coders", {"name": "readers"})
    assert renamed.json()["members"] == ["otto"]
    assert renamed.json()["keeper"] == "mara"


async def test_annotators_see_their_own_groups_alone(talk, mara):
    otto, anna = await talk("otto"), await talk("anna")
    assert [each["name"] for each in (await otto.get("/groups"))["items"]] == ["coders"]
    assert (await anna.get("/groups"))["items"] == []
    hidden = problem_of(await anna.ask("GET", "/groups/coders"), 404)["detail"]
    absent = problem_of(await anna.ask("GET", "/groups/absent"), 404)["detail"]
    assert hidden.replace("coders", "absent") == absent


async def test_a_group_has_one_name_and_known_members(mara):
    problem_of(await mara.ask("POST", "/groups", {"name": "coders"}), 409)
    unknown = {"name": "others", "members": ["absent"]}
    problem_of(await mara.ask("POST", "/groups", unknown), 404)
    # then nothing of it was made
    problem_of(await mara.ask("GET", "/groups/others"), 404)


async def test_a_job_is_stopped_by_who_started_it_or_a_manager(talk, services, lead):
    from datetime import UTC, datetime

    from kodkod.jobs.records import queue
    from kodkod.store.jobs import JobRow

    async with services.database.write() as connection:
        project, cora = await find_project(connection, SLUG), await find_user(connection, "cora")
        job = JobRow(
            id="j",
            kind="train",
            queue="cpu",
            project_id=project.id,
            user_id=cora.id,
            params={},
            lock_key="j",
            created_at=datetime.now(UTC),
        )
        await queue(connection, job)
    for name in ("rita", "anna"):
        assert (await (await talk(name)).ask("DELETE", "/jobs/j")).status_code == 403
    assert (await (await talk("cora")).ask("DELETE", "/jobs/j")).status_code == 200
