"""Projects that are archived, deleted, restored, purged and copied."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from kodkod.store.database import now
from kodkod.store.projects import change_project, find_project
from kodkod.web.ending import purge_due

from .talking import Talk, problem_of

ROWS = [{"id": f"t{i}", "text": f"text {i}", "outlet": "ab"[i % 2]} for i in range(10)]


@pytest.fixture
async def otto(client, bearer) -> Talk:
    return Talk(client, await bearer("otto"))


@pytest.fixture
async def slug(mara) -> str:
    slug = await mara.project(ROWS, context_columns=["outlet"])
    path = await mara.scheme(slug)
    await mara.admit(slug, "otto")
    await mara.say(path, t0="pro", t1="con")
    return slug


async def mine(talk: Talk, **query: object) -> list[str]:
    return [each["slug"] for each in (await talk.get("/projects", **query))["items"]]


async def test_a_deleted_project_is_gone_for_everybody_and_comes_back_whole(mara, otto, slug):
    # Given a project with annotations, and a task of somebody's
    path = f"/projects/{slug}/schemes/stance"
    await mara.post(f"{path}/tasks", {"name": "t", "assignees": ["otto"], "texts": {"n": 2}})
    invitation = await mara.post(f"/projects/{slug}/invitations", {"role": "annotator"})
    before = await mara.get(f"{path}/annotations")

    # When it is deleted
    assert (await mara.ask("DELETE", f"/projects/{slug}")).status_code == 204

    # Then nobody finds it, by any way
    for talk in (mara, otto):
        assert slug not in await mine(talk)
        problem_of(await talk.ask("GET", f"/projects/{slug}"), 404)
        problem_of(await talk.ask("POST", f"{path}/next", {}), 404)
        assert (await talk.get("/me"))["projects"] == []
        # Nor where a project is named by something else than the path.
        problem_of(await talk.ask("GET", "/jobs", project=slug), 404)
        problem_of(await talk.ask("GET", "/events", project=slug), 404)
    problem_of(await otto.ask("POST", "/me/invitations", {"token": invitation["token"]}), 404)
    assert (await otto.get("/me/tasks"))["items"] == []
    # And whoever manages it sees until when it can be restored; whoever annotates does not
    (listed,) = (await mara.get("/projects", deleted=True))["items"]
    assert listed["slug"] == slug
    assert listed["gone_at"] > now().isoformat()
    assert await mine(otto, deleted=True) == []
    problem_of(await otto.ask("POST", f"/projects/{slug}/restore"), 403)

    # When it is restored
    answer = await mara.ask("POST", f"/projects/{slug}/restore")

    # Then all of it is there
    assert answer.status_code == 200
    assert await mara.get(f"{path}/annotations") == before
    assert await mine(otto) == [slug]
    assert len((await otto.get("/me/tasks"))["items"]) == 1
    problem_of(await mara.ask("POST", f"/projects/{slug}/restore"), 409)


async def test_a_deleted_project_is_purged_when_its_time_is_over(mara, slug, services):
    # Given a project that was deleted six days ago, of seven
    await mara.ask("DELETE", f"/projects/{slug}")
    async with services.database.write() as connection:
        project = await find_project(connection, slug)
        six = now() - timedelta(days=6)
        await change_project(connection, project.id, deleted_at=six)
    # When the server tidies up
    await purge_due(services)
    # Then it can still be restored
    assert await mine(mara, deleted=True) == [slug]
    # And two days later it cannot
    async with services.database.write() as connection:
        await change_project(connection, project.id, deleted_at=six - timedelta(days=2))
    await purge_due(services)
    assert await mine(mara, deleted=True) == []
    problem_of(await mara.ask("POST", f"/projects/{slug}/restore"), 404)
    assert not (services.settings.projects / slug).exists()


async def test_a_deleted_project_can_be_made_to_be_gone_at_once(mara, slug, services):
    await mara.ask("DELETE", f"/projects/{slug}")
    assert (await mara.ask("DELETE", f"/projects/{slug}", at_once=True)).status_code == 204
    assert await mine(mara, deleted=True) == []
    assert not (services.settings.projects / slug).exists()


async def test_where_nothing_is_kept_a_deleted_project_is_gone(mara, slug, services):
    services.settings = replace(services.settings, restore_days=0)
    await mara.ask("DELETE", f"/projects/{slug}")
    assert await mine(mara, deleted=True) == []
    assert not (services.settings.projects / slug).exists()


async def test_the_name_of_a_deleted_project_is_not_given_to_another(mara, slug):
    await mara.ask("DELETE", f"/projects/{slug}")
    assert await mara.project(ROWS) != slug


async def test_what_is_archived_can_be_read_and_does_not_change(mara, otto, slug):
    # Given an archived project
    path = f"/projects/{slug}/schemes/stance"
    answer = await mara.ask("PATCH", f"/projects/{slug}", {"archived": True})
    assert answer.json()["archived_at"] is not None

    # Then it is listed, read and exported
    assert await mine(otto) == [slug]
    assert len((await otto.get(f"{path}/elements"))["items"]) == 10
    export = await mara.ask("GET", f"/projects/{slug}/export/annotations", scheme="stance")
    assert export.status_code == 200
    table = await mara.ask("POST", f"{path}/table", {})
    assert table.status_code < 300
    # And nothing in it changes
    said = {"annotations": [{"id": "t2", "value": "pro"}]}
    for talk, method, where, body in [
        (otto, "POST", f"{path}/annotations", said),
        (otto, "POST", f"{path}/next", {}),
        (otto, "POST", f"{path}/undo", None),
        (mara, "PATCH", path, {"codebook": "other"}),
        (mara, "POST", f"/projects/{slug}/schemes", {"name": "x", "labels": ["a", "b"]}),
        (mara, "PUT", f"/projects/{slug}/members/ben", {"role": "annotator"}),
    ]:
        problem = problem_of(await talk.ask(method, where, body), 409)
        assert "archived" in problem["detail"]

    # When it is taken out again
    answer = await mara.ask("PATCH", f"/projects/{slug}", {"archived": False})

    # Then work goes on
    assert answer.json()["archived_at"] is None
    assert (await otto.ask("POST", f"{path}/annotations", said)).status_code < 300


async def test_a_copy_has_the_texts_and_schemes_and_nothing_that_was_said(mara, otto, slug, client):
    # Given a project with two schemes, one of them with a codebook
    await mara.scheme(slug, name="tone", labels=["warm", "cold"])
    await mara.ask("PATCH", f"/projects/{slug}/schemes/stance", {"codebook": "Say what it says."})

    # When it is copied with one scheme and its members
    answer = await mara.ask(
        "POST",
        f"/projects/{slug}/copies",
        {"name": "Second wave", "schemes": ["stance"], "members": True},
    )

    # Then the texts, their context and the scheme are there, and no annotation
    assert answer.status_code == 201, answer.text
    copy = answer.json()
    assert (copy["name"], copy["n_rows"]) == ("Second wave", 10)
    schemes = (await mara.get(f"/projects/{copy['slug']}/schemes"))["items"]
    (scheme,) = schemes
    assert scheme["codebook"] == "Say what it says."
    assert [label["name"] for label in scheme["labels"]] == ["pro", "con", "none"]
    path = f"/projects/{copy['slug']}/schemes/stance"
    assert await mara.values(path) == {}
    elements = (await mara.get(f"{path}/elements"))["items"]
    first = (await mara.get(f"/projects/{slug}/schemes/stance/elements"))["items"]
    assert [(e["id"], e["text"], e["context"]) for e in elements] == [
        (e["id"], e["text"], e["context"]) for e in first
    ]
    # And who belongs to the first belongs to it; the first is as it was
    assert copy["slug"] in await mine(otto)
    assert len(await mara.values(f"/projects/{slug}/schemes/stance")) == 2
    problem_of(
        await mara.ask("POST", f"/projects/{slug}/copies", {"name": "x", "schemes": ["no"]}), 404
    )
    problem_of(await otto.ask("POST", f"/projects/{slug}/copies", {"name": "x"}), 403)


async def test_a_person_finds_what_they_prefer_on_every_machine(otto, mara):
    # Given somebody who has said nothing
    assert (await otto.get("/me"))["preferences"] == {
        "mode": None,
        "language": None,
        "colors": None,
        "tours": [],
    }
    # When they say how they like to work
    said = {"mode": "pro", "language": "fr", "tours": ["first"]}
    answer = await otto.ask("PUT", "/me/preferences", said)
    # Then it is remembered of them, and of nobody else
    assert answer.status_code == 200
    assert (await otto.get("/me"))["preferences"] == {**said, "colors": None}
    assert (await mara.get("/me"))["preferences"]["mode"] is None
    problem_of(await otto.ask("PUT", "/me/preferences", {"mode": "expert"}), 400)
