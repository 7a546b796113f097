"""Gold texts: slipped in, hidden, told of or not, and counted."""

from __future__ import annotations

import pytest

from .talking import Talk, problem_of

ROWS = [{"id": f"t{i}", "text": f"text {i} of forty"} for i in range(40)]
GOLD = ["t3", "t5", "t8"]


@pytest.fixture
async def team(client, bearer):
    """mara manages; anna and otto annotate; three texts are gold, one an attention check."""
    mara = Talk(client, await bearer("mara"))
    slug = await mara.project(ROWS)
    await mara.admit(slug, "anna", "otto")
    path = await mara.scheme(slug)
    texts = [
        {"id": "t3", "value": "pro", "note": "It says so."},
        {"id": "t5", "value": "con"},
        {"id": "t8", "value": "none", "attention": True},
    ]
    answer = await mara.ask("PUT", f"{path}/gold", {"texts": texts})
    assert answer.status_code == 200, answer.text
    return mara, Talk(client, await bearer("anna")), Talk(client, await bearer("otto")), path


async def check(mara: Talk, path: str, **checks) -> None:
    assert (await mara.ask("PATCH", path, {"checks": checks})).status_code == 200


async def code_all(talk: Talk, path: str, value: str) -> list[str]:
    """Code everything that comes, one text at a time, and return the ids in order."""
    ids: list[str] = []
    while elements := await talk.next(path):
        (element,) = elements
        assert element["annotations"] == []
        assert element["strategy"] is None
        assert element["selection_probability"] is None
        ids.append(element["id"])
        await talk.post(
            f"{path}/annotations",
            {"annotations": [{"id": element["id"], "value": value, "lease": element["lease"]}]},
        )
        assert len(ids) < 100
    return ids


async def test_gold_is_slipped_in_for_each_person_once(team):
    mara, anna, otto, path = team
    # given that nothing is checked yet: gold is decided and comes to nobody
    assert not set(GOLD) & {each["id"] for each in await otto.next(path, n=20)}
    await check(mara, path, every=2)
    hers = await code_all(anna, path, "pro")
    # then she had each of them, among others, and no text twice
    assert set(GOLD) <= set(hers)
    assert len(hers) == len(set(hers))
    assert len(hers) > len(GOLD)


async def test_nothing_tells_an_annotator_what_is_right(team):
    mara, anna, otto, path = team
    await check(mara, path, every=2)
    await otto.say(path, t3="con")
    slug = path.split("/")[2]

    async def traces(talk: Talk) -> list[str]:
        """Return where the answer to t3, or that it is known, can be read."""
        found = []
        for element in (await talk.get(f"{path}/elements", limit=500))["items"]:
            if element["id"] in GOLD and element["annotations"]:
                found.append(f"element {element['id']}")
        found += [f"log {each['id']}" for each in await talk.log(path) if each["id"] in GOLD]
        tagged = (await talk.get(f"{path}/elements", sample="tagged"))["items"]
        found += [f"tagged {each['id']}" for each in tagged if each["id"] in GOLD]
        file = await talk.ask("GET", f"/projects/{slug}/export/annotations", scheme="stance")
        found += [f"export {id_}" for id_ in GOLD if f"{id_}," in file.text]
        for what in ("gold", "annotators"):
            if (await talk.ask("GET", f"{path}/{what}")).status_code == 200:
                found.append(what)
        history = await talk.ask("GET", f"{path}/history", everybody="true")
        if history.status_code == 200:
            found.append("history")
        threads = await talk.ask("GET", f"/projects/{slug}/threads")
        found += ["threads"] if "hush" in threads.text else []
        return found

    await mara.post(f"/projects/{slug}/threads", {"id": "t3", "scheme": "stance", "text": "hush"})
    assert await traces(anna) == []
    assert len(await traces(mara)) > 10
    # when she has answered, without feedback, she sees her own answer and nothing more
    await anna.say(path, t3="pro")
    assert set(await traces(anna)) == {"element t3", "log t3"}
    (mine,) = [e for e in await anna.log(path) if e["id"] == "t3"]
    assert (mine["user"], mine["strategy"]) == ("anna", None)


async def test_feedback_says_what_was_right_and_why(team):
    mara, anna, _, path = team
    await check(mara, path, every=2, feedback=True)

    async def told(id_: str, value: str) -> list[dict]:
        body = {"annotations": [{"id": id_, "value": value}]}
        return (await anna.post(f"{path}/annotations", body))["feedback"]

    assert await told("t3", "con") == [
        {"id": "t3", "correct": False, "right": "pro", "note": "It says so."}
    ]
    assert [each["correct"] for each in await told("t5", "con")] == [True]
    assert await told("t8", "con") == []  # Attention checks are silent.
    assert await told("t1", "con") == []
    # when she has answered, what was said of it is open to her
    elements = (await anna.get(f"{path}/elements", limit=500))["items"]
    assert {each["id"]: len(each["annotations"]) for each in elements if each["id"] in GOLD} == {
        "t3": 2,
        "t5": 2,
        "t8": 1,
    }


async def test_managers_see_how_it_goes(team):
    mara, anna, otto, path = team
    await check(mara, path, every=3)
    await anna.say(path, t3="pro", t5="con", t8="none", t1="pro")
    await otto.say(path, t3="con", t8="pro")
    gold = {each["id"]: each for each in (await mara.get(f"{path}/gold"))["items"]}
    assert {id_: (g["right"], g["answered"], g["correct"]) for id_, g in gold.items()} == {
        "t3": ("pro", 2, 1),
        "t5": ("con", 1, 1),
        "t8": ("none", 2, 1),
    }
    people = {p["username"]: p for p in (await mara.get(f"{path}/annotators"))["items"]}
    assert {
        name: [(p[what]["count"], p[what]["of"]) for what in ("gold", "attention", "others")]
        for name, p in people.items()
    } == {"anna": [(2, 2), (1, 1), (0, 2)], "otto": [(0, 1), (0, 1), (0, 2)]}
    for talk in (anna, otto):
        for what in ("gold", "annotators"):
            problem_of(await talk.ask("GET", f"{path}/{what}"), 403)


async def test_right_answers_are_decisions_of_the_log(team):
    mara, anna, _, path = team
    log = await mara.log(path)
    assert [(e["id"], e["value"], e["source"]) for e in log] == [
        ("t3", "pro", "adjudication"),
        ("t5", "con", "adjudication"),
        ("t8", "none", "adjudication"),
    ]
    # when gold is put again as it is, nothing is decided anew; another value is
    await mara.ask("PUT", f"{path}/gold", {"texts": [{"id": "t3"}, {"id": "t5", "value": "pro"}]})
    assert len(await mara.log(path)) == 4
    # when what people said is to be right, it is decided by that
    await anna.say(path, t9="con")
    await mara.ask("PUT", f"{path}/gold", {"texts": [{"id": "t9"}]})
    assert (await mara.log(path))[-1]["value"] == "con"
    # and what nobody has said anything of needs a value
    answer = await mara.ask("PUT", f"{path}/gold", {"texts": [{"id": "t10"}]})
    assert "t10" in problem_of(answer, 409)["detail"]
    answer = await mara.ask("PUT", f"{path}/gold", {"texts": [{"id": "t10", "value": "maybe"}]})
    assert "texts[0]" in problem_of(answer, 422)["detail"]
    # when a text is gold no longer, what was decided stays
    before = await mara.log(path)
    assert (await mara.ask("POST", f"{path}/gold/remove", {"ids": ["t3"]})).status_code == 204
    assert await mara.log(path) == before
    assert "t3" not in [each["id"] for each in (await mara.get(f"{path}/gold"))["items"]]


async def test_what_is_decided_no_more_is_slipped_in_no_more(team):
    mara, anna, _, path = team
    await check(mara, path, every=2)
    for id_ in GOLD:
        await mara.ask("DELETE", f"{path}/adjudications", id=id_)
    gold = (await mara.get(f"{path}/gold"))["items"]
    assert [each["right"] for each in gold] == [None, None, None]
    hers = await code_all(anna, path, "pro")
    assert len(hers) == len(ROWS)  # They are ordinary texts again.


async def test_checks_come_in_tasks_too(team):
    mara, anna, _, path = team
    await check(mara, path, every=2)
    task = {"name": "t", "assignees": ["anna"], "texts": {"ids": ["t20", "t21"]}, "only": True}
    await mara.post(f"{path}/tasks", task)
    seen: set[str] = set()
    for _ in range(60):
        for element in await anna.next(path):
            seen.add(element["id"])
    assert seen == {"t20", "t21", *GOLD}
