"""History: one's own, everybody's for managers, and how things stood at a moment."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from .talking import Talk, csv_of, problem_of

ROWS = [{"id": f"t{i}", "text": f"text {i} of eight"} for i in range(8)]


@pytest.fixture
async def team(client, bearer):
    """mara manages; anna and otto annotate."""
    mara = Talk(client, await bearer("mara"))
    slug = await mara.project(ROWS)
    await mara.admit(slug, "anna", "otto")
    path = await mara.scheme(slug)
    return mara, Talk(client, await bearer("anna")), Talk(client, await bearer("otto")), path


async def test_ones_own_history_says_what_was_before(team):
    _, anna, otto, path = team
    await anna.say(path, t0="pro")
    await otto.say(path, t0="none")
    await anna.say(path, t0="con")
    await anna.say(path, t1="pro")
    await anna.post(f"{path}/undo")
    items = (await anna.get(f"{path}/history"))["items"]
    assert [(e["id"], e["before"], e["value"], e["user"]) for e in items] == [
        ("t1", "pro", None, "anna"),
        ("t1", None, "pro", "anna"),
        ("t0", "pro", "con", "anna"),
        ("t0", None, "pro", "anna"),
    ]
    assert items[0]["undoes"] == items[1]["seq"]
    assert items[0]["text"] == "text 1 of eight"
    # by pages, and of one text
    first = await anna.get(f"{path}/history", limit=3)
    rest = await anna.get(f"{path}/history", limit=3, cursor=first["cursor"])
    assert first["items"] + rest["items"] == items
    assert [e["seq"] for e in (await anna.get(f"{path}/history", id="t0"))["items"]] == [
        items[2]["seq"],
        items[3]["seq"],
    ]


async def test_managers_alone_read_others_history(team):
    mara, anna, otto, path = team
    await anna.say(path, t0="pro")
    await otto.say(path, t0="none")
    users = [e["user"] for e in (await mara.get(f"{path}/history", everybody="true"))["items"]]
    assert users == ["otto", "anna"]
    assert [e["user"] for e in (await mara.get(f"{path}/history", by="anna"))["items"]] == ["anna"]
    assert (await mara.get(f"{path}/history"))["items"] == []
    problem_of(await anna.ask("GET", f"{path}/history", everybody="true"), 403)
    problem_of(await anna.ask("GET", f"{path}/history", by="otto"), 403)
    problem_of(await mara.ask("GET", f"{path}/history", by="nobody"), 422)
    problem_of(await mara.ask("GET", f"{path}/history", id="gone"), 404)


async def standing(talk: Talk, path: str, **more) -> dict:
    """Return all that tells how a scheme stands: values, counts and the file."""
    elements = (await talk.get(f"{path}/elements", limit=500, **more))["items"]
    said = {
        each["id"]: sorted((a["user"], str(a["value"]), a["source"]) for a in each["annotations"])
        for each in elements
    }
    statistics = await talk.get(f"{path}/statistics", **more)
    slug = path.split("/")[2]
    file = await talk.ask("GET", f"/projects/{slug}/export/annotations", scheme="stance", **more)
    assert file.status_code == 200, file.text
    kept = [line.split(",")[:4] for line in file.text.splitlines()]
    return {"said": said, "statistics": statistics, "file": kept}


async def test_as_of_any_position_things_are_as_they_were_then(team):
    """Whatever is done, in whatever order, each moment can be read again as it was."""
    mara, anna, otto, path = team
    chance = random.Random(7)
    labels = ["pro", "con", "none"]
    moments: list[tuple[int, dict]] = []
    newest = 0
    for step in range(40):
        who = chance.choice([mara, anna, otto])
        act = chance.choice(["say", "say", "say", "clear", "undo", "rename", "merge", "decide"])
        id_ = f"t{chance.randrange(8)}"
        if act == "say":
            await who.say(path, **{id_: chance.choice(labels)})
        elif act == "clear":
            await who.say(path, **{id_: None})
        elif act == "undo":
            await who.ask("POST", f"{path}/undo")
        elif act == "rename":
            old, new = chance.choice(labels), f"label{step}"
            await mara.post(f"{path}/labels", {"op": "rename", "label": old, "name": new})
        elif act == "merge" and len(labels) > 2:
            await mara.post(
                f"{path}/labels", {"op": "merge", "labels": [labels[0]], "into": labels[1]}
            )
        elif act == "decide":
            value = chance.choice(labels)
            await mara.ask("PUT", f"{path}/gold", {"texts": [{"id": id_, "value": value}]})
            await mara.ask("POST", f"{path}/gold/remove", {"ids": [id_]})
        labels = [each["name"] for each in (await mara.get(path))["labels"]]
        seq = max([each["seq"] for each in await mara.log(path)], default=0)
        if seq > newest:  # A rename leaves no entry: it comes after the newest.
            newest = seq
            moments.append((seq, await standing(mara, path)))
    assert len(moments) > 15
    chance.shuffle(moments)
    for seq, stood in moments:
        assert await standing(mara, path, as_of=seq) == stood, seq


async def test_a_date_or_a_time_is_a_moment_too(team):
    mara, anna, _, path = team
    await anna.say(path, t0="pro")
    between = datetime.now(UTC)
    await anna.say(path, t0="con", t1="con")

    async def values(moment: str | int) -> dict:
        said = (await standing(mara, path, as_of=moment))["said"]
        return {id_: each[0][1] for id_, each in said.items() if each}

    assert await values(between.isoformat()) == {"t0": "pro"}
    assert await values(between.isoformat().replace("+00:00", "Z")) == {"t0": "pro"}
    assert await values(between.date().isoformat()) == {"t0": "con", "t1": "con"}
    yesterday = (between - timedelta(days=1)).date().isoformat()
    assert await values(yesterday) == {}
    assert await values(0) == {}
    for wrong in ("soon", "2026-02-31", "-1", "9" * 40, "2026-13-01T00:00:00Z"):
        answer = await mara.ask("GET", f"{path}/elements", as_of=wrong)
        assert problem_of(answer, 422)["field"] == "as_of"


async def test_rows_that_were_added_since_are_there_and_not_coded(team):
    mara, anna, _, path = team
    await anna.say(path, t0="pro")
    seq = (await mara.log(path))[-1]["seq"]
    before = (await standing(mara, path, as_of=seq))["said"]
    slug = path.split("/")[2]
    more = csv_of([{"id": "new", "text": "a text that came later"}])
    assert (await mara.upload(f"/projects/{slug}/rows", more, "more.csv")).status_code < 300
    assert (await standing(mara, path, as_of=seq))["said"] == {**before, "new": []}


async def test_time_travel_hides_what_is_hidden_now(team):
    mara, anna, otto, path = team
    await otto.say(path, t0="pro")
    seq = (await mara.log(path))[-1]["seq"]
    task = {"name": "b", "assignees": ["anna"], "texts": {"ids": ["t0"]}, "blind": True}
    await mara.post(f"{path}/tasks", task)
    assert (await standing(anna, path, as_of=seq))["said"]["t0"] == []
    assert (await standing(mara, path, as_of=seq))["said"]["t0"] != []
