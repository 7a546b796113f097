"""Versions of a codebook: what changed, what was annotated under which, what that questions."""

from __future__ import annotations

import csv

import pytest

from .talking import Talk, problem_of

ROWS = [{"id": f"t{i}", "text": f"text {i} of eight"} for i in range(8)]


@pytest.fixture
async def team(client, bearer):
    """mara manages; anna annotates."""
    mara = Talk(client, await bearer("mara"))
    slug = await mara.project(ROWS)
    await mara.admit(slug, "anna")
    path = await mara.scheme(slug)
    return mara, Talk(client, await bearer("anna")), path


async def versions_of(talk: Talk, path: str) -> list[dict]:
    return (await talk.get(f"{path}/codebook"))["items"]


async def outdated(talk: Talk, path: str, **more: str) -> list[str]:
    items = (await talk.get(f"{path}/elements", sample="outdated", **more))["items"]
    return [each["id"] for each in items]


async def test_each_change_after_annotating_is_a_version(team):
    mara, anna, path = team
    # given changes before anybody has annotated
    await mara.ask("PATCH", path, {"codebook": "Say pro.\n"})
    await mara.post(f"{path}/labels", {"op": "add", "name": "mixed"})
    assert [each["number"] for each in await versions_of(mara, path)] == [1]
    # when the codebook changes between annotations
    await anna.say(path, t0="pro", t1="con")
    answer = await mara.ask("PATCH", path, {"codebook": "Say pro if sure.\n", "note": "stricter"})
    assert answer.json()["codebook_version"] == 2
    await anna.say(path, t2="pro")
    # then each answer is of the version that it was given under
    newest, first = await versions_of(anna, path)
    assert (newest["number"], newest["note"], newest["annotations"]) == (2, "stricter", 1)
    assert (first["number"], first["created_by"], first["annotations"]) == (1, "mara", 2)
    log = await mara.log(path)
    assert [each["codebook"] for each in log] == [1, 1, 2]
    (said,) = (await mara.get(f"{path}/elements", sample="tagged", limit=1))["items"]
    assert said["annotations"][0]["codebook"] == 1


async def test_what_is_the_same_or_only_looks_different_is_no_version(team):
    mara, anna, path = team
    await anna.say(path, t0="pro")
    await mara.ask("PATCH", path, {"codebook": "", "name": "other"})
    path = path.rsplit("/", 1)[0] + "/other"
    await mara.post(f"{path}/labels", {"op": "restyle", "label": "pro", "color": "#112233"})
    names = [each["name"] for each in (await mara.get(path))["labels"]]
    await mara.post(f"{path}/labels", {"op": "reorder", "labels": names[::-1]})
    assert [each["number"] for each in await versions_of(mara, path)] == [1]
    # when a label's description changes, that is one
    await mara.post(f"{path}/labels", {"op": "restyle", "label": "pro", "description": "for it"})
    assert [each["number"] for each in await versions_of(mara, path)] == [2, 1]


async def test_a_difference_names_lines_and_labels(team):
    mara, anna, path = team
    await mara.ask("PATCH", path, {"codebook": "# Stance\nSay pro.\nSay con.\n"})
    await anna.say(path, t0="pro")
    await mara.ask("PATCH", path, {"codebook": "# Stance\nSay pro if sure.\nSay con.\n"})
    await mara.post(f"{path}/labels", {"op": "rename", "label": "pro", "name": "for"})
    await mara.post(f"{path}/labels", {"op": "merge", "labels": ["none"], "into": "con"})
    newest = (await versions_of(mara, path))[0]["number"]
    view = await mara.get(f"{path}/codebook/{newest}", against=1)
    assert [(each["op"], each["text"]) for each in view["difference"]["lines"]] == [
        ("same", "# Stance"),
        ("removed", "Say pro."),
        ("added", "Say pro if sure."),
        ("same", "Say con."),
    ]
    changes = {
        each["change"]: (each["before"]["name"], each["after"] and each["after"]["name"])
        for each in view["difference"]["labels"]
    }
    assert changes == {"renamed": ("pro", "for"), "removed": ("none", None)}
    # when the merge is taken back, the labels of before are in force again
    await mara.post(f"{path}/undo")
    labels = (await mara.get(f"{path}/codebook/{(await versions_of(mara, path))[0]['number']}"))[
        "labels"
    ]
    assert {each["name"] for each in labels} == {"for", "con", "none"}


async def test_answers_that_a_version_affects_are_flagged_until_said_again(team):
    mara, anna, path = team
    await anna.say(path, t0="pro", t1="con", t2="pro")
    await mara.say(path, t3="pro")
    # when "pro" means something else from now on
    answer = await mara.ask("PATCH", path, {"codebook": "New pro.", "affects": ["pro"]})
    assert answer.status_code == 200
    # then its answers are in question, hers and another's
    assert await outdated(mara, path) == ["t0", "t2", "t3"]
    assert await outdated(anna, path, by="anna") == ["t0", "t2"]
    (newest, _) = await versions_of(mara, path)
    assert (newest["affects"], newest["outdated"]) == (["pro"], 3)
    export = await mara.ask(
        "GET", f"{path.split('/schemes')[0]}/export/annotations", scheme="stance"
    )
    rows = csv.DictReader(export.text.splitlines())
    in_question = [row["id"] for row in rows if row["outdated"] == "true"]
    assert sorted(in_question) == ["t0", "t2", "t3"]
    # and come to her as the next texts to look at, with what she said
    next_ = {"sample": {"kind": "outdated", "by": "anna"}, "n": 5, "split": "all"}
    got = (await anna.post(f"{path}/next", next_))["elements"]
    assert {each["id"] for each in got} == {"t0", "t2"}
    assert all(each["annotations"][0]["outdated"] for each in got)
    # when she says the same, or something else, it is said under the new codebook
    await anna.say(path, t0="pro", t2="con")
    assert await outdated(mara, path) == ["t3"]
    # and when a label is merged, the flag goes with what was said
    await mara.post(f"{path}/labels", {"op": "merge", "labels": ["pro"], "into": "con"})
    assert await outdated(mara, path) == ["t1", "t3"]


async def test_what_a_version_affects_can_be_said_later(team):
    mara, anna, path = team
    await anna.say(path, t0="pro", t1="con")
    await mara.ask("PATCH", path, {"codebook": "Anew."})
    assert await outdated(mara, path) == []
    answer = await mara.ask("PATCH", f"{path}/codebook/2", {"affects": "all", "note": "all anew"})
    assert (answer.json()["affects"], answer.json()["outdated"]) == ("all", 2)
    assert await outdated(mara, path) == ["t0", "t1"]
    await mara.ask("PATCH", f"{path}/codebook/2", {"affects": None})
    assert await outdated(mara, path) == []
    wrong = await mara.ask("PATCH", f"{path}/codebook/2", {"affects": ["maybe"]})
    assert "'maybe'" in problem_of(wrong, 422)["detail"]
    problem_of(await mara.ask("PATCH", f"{path}/codebook/9", {"note": "x"}), 404)


async def test_two_who_edit_at_once_are_told(team):
    mara, anna, path = team
    await anna.say(path, t0="pro")
    await mara.ask("PATCH", path, {"codebook": "Mine.", "base": 1})
    answer = await mara.ask("PATCH", path, {"codebook": "Yours.", "base": 1})
    assert "version 2 is there" in problem_of(answer, 409)["detail"]
    assert (await mara.get(path))["codebook"] == "Mine."


async def test_annotators_read_versions_and_do_not_write_them(team):
    _, anna, path = team
    assert len(await versions_of(anna, path)) == 1
    problem_of(await anna.ask("PATCH", f"{path}/codebook/1", {"note": "x"}), 403)
