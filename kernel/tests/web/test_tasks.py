"""Tasks over HTTP: whose texts come next, what is hidden, what becomes of what is left."""

from __future__ import annotations

import pytest

from .talking import Talk, problem_of

ROWS = [{"id": f"t{i}", "text": f"text {i} of twelve"} for i in range(12)]


@pytest.fixture
async def team(client, bearer):
    """mara manages; anna and otto annotate."""
    mara = Talk(client, await bearer("mara"))
    slug = await mara.project(ROWS)
    await mara.admit(slug, "anna", "otto")
    path = await mara.scheme(slug)
    return mara, Talk(client, await bearer("anna")), Talk(client, await bearer("otto")), path


async def test_a_persons_tasks_come_first_and_are_kept_from_others(team):
    mara, anna, otto, path = team
    task = {"name": "first", "assignees": ["anna"], "texts": {"ids": ["t7", "t3"]}, "only": True}
    await mara.post(f"{path}/tasks", task)
    # When both ask for all that they can get
    hers = [each["id"] for each in await anna.next(path, n=12)]
    his = {each["id"] for each in await otto.next(path, n=12)}
    # Then she has her two, in their order, and nothing else, and he has the ten others
    assert hers == ["t7", "t3"]
    assert his == {row["id"] for row in ROWS} - {"t3", "t7"}


async def test_what_others_said_is_hidden_until_coded(team):
    mara, anna, otto, path = team
    task = {"name": "b", "assignees": ["anna", "otto"], "texts": {"ids": ["t1"]}, "blind": True}
    await mara.post(f"{path}/tasks", task)
    await otto.say(path, t1="pro")
    export = f"{path.split('/schemes')[0]}/export/annotations"

    async def seen(talk):
        elements = (await talk.get(f"{path}/elements"))["items"]
        said = next(each["annotations"] for each in elements if each["id"] == "t1")
        tagged = (await talk.get(f"{path}/elements", sample="tagged"))["items"]
        counts = (await talk.get(f"{path}/statistics"))["labels"]
        file = await talk.ask("GET", export, scheme="stance")
        log = await talk.log(path)
        return (
            len(said),
            len(tagged),
            sum(c["train"] for c in counts),
            len(log),
            b"pro" in file.content,
        )

    assert await seen(mara) == (1, 1, 1, 1, True)
    assert await seen(anna) == (0, 0, 0, 0, False)
    assert (await anna.next(path))[0]["annotations"] == []
    await anna.say(path, t1="con")
    assert (await seen(anna))[0] == 2


async def test_what_is_left_goes_to_another(team):
    mara, anna, otto, path = team
    ids = [f"t{i}" for i in range(4)]
    task = {"name": "s", "assignees": ["anna"], "texts": {"ids": ids}, "deal": {"how": "split"}}
    await mara.post(f"{path}/tasks", task)
    await anna.say(path, t0="pro")
    moved = await mara.post(f"{path}/tasks/s/reassign", {"username": "anna", "to": ["otto"]})
    assert (moved["moved"], moved["given"]) == (3, {"otto": 3})
    people = (await mara.get(f"{path}/tasks/s/progress"))["people"]
    assert {p["username"]: (p["coded"], p["left"]) for p in people} == {
        "anna": (1, 0),
        "otto": (0, 3),
    }
    assert [each["left"] for each in (await otto.get("/me/tasks"))["items"]] == [3]


async def test_unknown_ids_and_strangers_are_named(team):
    mara, _, _, path = team
    task = {"name": "x", "assignees": ["anna"], "texts": {"ids": ["t1", "gone"]}}
    assert "'gone'" in problem_of(await mara.ask("POST", f"{path}/tasks", task), 422)["detail"]
    task = {"name": "x", "assignees": ["lead"]}
    assert "'lead'" in problem_of(await mara.ask("POST", f"{path}/tasks", task), 422)["detail"]


async def test_a_number_a_share_or_a_filter_of_texts_is_dealt(team):
    mara, _, _, path = team

    async def made(name: str, **texts):
        task = {"name": name, "assignees": ["anna", "otto"], "deal": {"how": "split"}}
        return await mara.post(f"{path}/tasks", task | {"texts": texts})

    assert (await made("n", n=5, seed=3))["n_texts"] == 5
    assert (await made("share", share=0.5))["n_texts"] == 6
    assert (await made("filter", filter={"regex": "text 1[01]? "}))["n_texts"] == 3
    for texts in ({"n": 13}, {"n": 2, "share": 0.5}, {"filter": {"regex": "nowhere"}}):
        task = {"name": "x", "assignees": ["anna"], "texts": texts}
        problem_of(await mara.ask("POST", f"{path}/tasks", task), 422)


async def test_what_is_due_first_comes_first_and_then_the_pool(team):
    mara, anna, _, path = team
    for name, id_, deadline in (
        ("later", "t9", "2100-01-02T00:00:00Z"),
        ("never", "t8", None),
        ("soon", "t7", "2100-01-01T00:00:00Z"),
    ):
        task = {"name": name, "assignees": ["anna"], "texts": {"ids": [id_]}, "deadline": deadline}
        await mara.post(f"{path}/tasks", task)
    assert [each["name"] for each in (await anna.get("/me/tasks"))["items"]] == [
        *("soon", "later", "never"),
    ]
    got = [(await anna.next(path))[0]["id"] for _ in range(4)]
    assert got[:3] == ["t7", "t9", "t8"]
    assert got[3] not in {"t7", "t8", "t9"}
    assert await anna.next(path, sample={"kind": "assigned"}) == []


async def test_what_was_skipped_comes_back_when_nothing_else_is_left(team):
    mara, anna, _, path = team
    task = {"name": "a", "assignees": ["anna"], "texts": {"ids": ["t1", "t2"]}, "only": True}
    await mara.post(f"{path}/tasks", task)
    [first] = await anna.next(path)
    await anna.ask("POST", f"{path}/skip", {"leases": [first["lease"]]})
    [second] = await anna.next(path)
    assert [first["id"], second["id"]] == ["t1", "t2"]
    await anna.say(path, t2="pro")
    assert [each["id"] for each in await anna.next(path)] == ["t1"]
    await anna.say(path, t1="pro")
    assert await anna.next(path) == []
    assert (await anna.get("/me/tasks"))["items"][0]["left"] == 0


async def test_a_closed_task_gives_its_texts_back_and_opens_again(team):
    mara, anna, otto, path = team
    task = {"name": "a", "assignees": ["anna"], "texts": {"ids": ["t1"]}, "blind": True}
    await mara.post(f"{path}/tasks", task)
    await mara.ask("PATCH", f"{path}/tasks/a", {"closed": True})
    assert (await anna.get("/me/tasks"))["items"] == []
    assert "t1" in {each["id"] for each in await otto.next(path, n=12)}
    again = await mara.ask("PATCH", f"{path}/tasks/a", {"closed": False})
    assert again.json()["closed_at"] is None
    assert [each["name"] for each in (await anna.get("/me/tasks"))["items"]] == ["a"]


async def test_a_task_grows_and_is_forgotten(team):
    mara, anna, _, path = team
    await mara.post(f"{path}/tasks", {"name": "a", "assignees": ["anna"], "texts": {"ids": ["t1"]}})
    patch = {"add_texts": {"ids": ["t1", "t2"]}, "add_people": ["otto"], "name": "b"}
    grown = (await mara.ask("PATCH", f"{path}/tasks/a", patch)).json()
    assert (grown["name"], grown["n_texts"], grown["people"]) == ("b", 2, ["anna", "otto"])
    problem_of(await mara.ask("PATCH", f"{path}/tasks/b", {"add_texts": {"ids": ["t1"]}}), 422)
    assert (await mara.ask("DELETE", f"{path}/tasks/b")).status_code == 204
    assert (await mara.get(f"{path}/tasks"))["items"] == []
    assert (await anna.get("/me/tasks"))["items"] == []


async def test_groups_have_tasks(team):
    mara, _, _, path = team
    await mara.post("/groups", {"name": "students"})
    await mara.ask("PUT", "/groups/students/members/anna")
    await mara.ask("PUT", "/groups/students/members/lead")  # no member of the project
    task = {"name": "g", "assignees": ["group:students", "anna"], "texts": {"ids": ["t1"]}}
    assert (await mara.post(f"{path}/tasks", task))["people"] == ["anna"]
    unknown = {**task, "name": "h", "assignees": ["group:nobody"]}
    problem_of(await mara.ask("POST", f"{path}/tasks", unknown), 404)


async def test_only_managers_make_tasks_and_see_progress(team):
    _, anna, _, path = team
    task = {"name": "a", "assignees": ["anna"], "texts": {"ids": ["t1"]}}
    problem_of(await anna.ask("POST", f"{path}/tasks", task), 403)
    problem_of(await anna.ask("GET", f"{path}/tasks"), 403)


async def test_pages_about_many_texts_are_refused_to_whoever_codes_blind(team):
    mara, anna, otto, path = team
    project = path.split("/schemes")[0]
    pages = (f"{project}/export/predictions", f"{path}/label-errors")
    before = [(await anna.ask("GET", page)).status_code for page in pages]
    assert 403 not in before
    task = {"name": "b", "assignees": ["anna"], "texts": {"ids": ["t1"]}, "blind": True}
    await mara.post(f"{path}/tasks", task)
    for page in pages:
        assert "blind" in problem_of(await anna.ask("GET", page), 403)["detail"]
        assert (await otto.ask("GET", page)).status_code != 403
    await anna.say(path, t1="pro")
    assert [(await anna.ask("GET", page)).status_code for page in pages] == before


async def test_tasks_outlive_the_server_and_end_with_their_scheme(team, services):
    mara, anna, _, path = team
    await mara.post(f"{path}/tasks", {"name": "a", "assignees": ["anna"], "texts": {"ids": ["t5"]}})
    # when the project is read from its files anew, as by another server
    for live in services.residency.projects:
        services.residency.drop(live.row.id)
    assert [each["id"] for each in await anna.next(path)] == ["t5"]
    assert (await mara.ask("DELETE", path)).status_code < 300
    assert (await anna.get("/me/tasks"))["items"] == []
