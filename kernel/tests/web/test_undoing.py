"""Undo and redo: what annotators take back, and what of it they bring back."""

from __future__ import annotations

import pytest

from .talking import Talk, problem_of

ROWS = [{"id": f"t{i}", "text": f"text {i} of eight"} for i in range(8)]


@pytest.fixture
async def slug(mara) -> str:
    return await mara.project(ROWS)


@pytest.fixture
async def path(mara, slug) -> str:
    return await mara.scheme(slug)


@pytest.fixture
async def anna(mara, client, bearer, slug) -> Talk:
    """Another annotator of the project."""
    await mara.admit(slug, "anna")
    return Talk(client, await bearer("anna"))


async def test_undo_goes_back_step_by_step(mara, anna, path):
    # Given answers of two people, one corrected, one cleared, one only a comment
    await mara.say(path, t0="pro")
    await anna.say(path, t0="none")
    await mara.say(path, t0="con")
    await mara.say(path, t1="pro")
    await mara.say(path, t1=None)
    comment = {"id": "t2", "value": None, "comment": "come back"}
    await mara.post(f"{path}/annotations", {"annotations": [comment]})

    async def mine() -> dict:
        items = (await mara.get(f"{path}/elements", limit=500))["items"]
        return {
            each["id"]: (a["value"], a["comment"])
            for each in items
            for a in each["annotations"]
            if a["user"] == "mara"
        }

    assert await mine() == {"t0": ("con", ""), "t2": (None, "come back")}
    steps = [
        (("t2", None), {"t0": ("con", "")}),
        (("t1", "pro"), {"t0": ("con", ""), "t1": ("pro", "")}),
        (("t1", None), {"t0": ("con", "")}),
        (("t0", "pro"), {"t0": ("pro", "")}),
        (("t0", None), {}),
    ]
    for expected, left in steps:
        # When mara takes back one step
        undone = await mara.post(f"{path}/undo")
        # Then what stood before stands again
        assert (undone["id"], undone["value"]) == expected
        assert await mine() == left
    problem = problem_of(await mara.ask("POST", f"{path}/undo"), 409)
    assert "nothing" in problem["detail"]
    # And anna's answer was not touched, nor any entry of the log
    assert await mara.values(path) == {"t0": "none"}
    log = await mara.log(path)
    assert [each["undoes"] for each in log[6:]] == [
        each["seq"] for each in log[5::-1] if each["user"] == "mara"
    ]


async def test_redo_brings_back_what_was_taken_back_until_something_else_is_said(mara, anna, path):
    # Given three steps of one person, taken back, and an answer of another's
    await mara.say(path, t0="pro")
    await mara.say(path, t0="con")
    comment = {"id": "t2", "value": "pro", "comment": "irony?"}
    await mara.post(f"{path}/annotations", {"annotations": [comment]})
    for _ in range(3):
        await mara.post(f"{path}/undo")
    await anna.say(path, t0="none")

    # When they are said again, one by one
    redone = [await mara.post(f"{path}/redo") for _ in range(3)]

    # Then each counts again, with its comment, and there is nothing more
    assert [(each["id"], each["value"]) for each in redone] == [
        ("t0", "pro"),
        ("t0", "con"),
        ("t2", "pro"),
    ]
    assert (await mara.log(path))[-1]["comment"] == "irony?"
    assert "nothing" in problem_of(await mara.ask("POST", f"{path}/redo"), 409)["detail"]
    problem_of(await anna.ask("POST", f"{path}/redo"), 409)

    # And a redo can be undone and redone, until something else is said
    assert (await mara.post(f"{path}/undo"))["value"] is None
    assert (await mara.post(f"{path}/redo"))["value"] == "pro"
    await mara.post(f"{path}/undo")
    await mara.say(path, t3="pro")
    problem_of(await mara.ask("POST", f"{path}/redo"), 409)
    # And whoever takes back and says the same goes on from there
    await mara.post(f"{path}/undo")
    await mara.say(path, t3="pro")
    problem_of(await mara.ask("POST", f"{path}/redo"), 409)


async def test_what_has_no_label_any_more_is_not_brought_back(mara, anna, path):
    await anna.say(path, t0="pro")
    await anna.post(f"{path}/undo")

    await mara.post(f"{path}/labels", {"op": "delete", "label": "pro"})

    problem = problem_of(await anna.ask("POST", f"{path}/redo"), 409)
    assert "no longer in the scheme" in problem["detail"]
    assert await mara.values(path) == {}


async def test_a_decision_that_was_taken_back_is_decided_anew_and_not_redone(mara, anna, path):
    # Given a decision after an annotation that was taken back
    await mara.ask("PATCH", path, {"overlap": 2})
    await mara.say(path, t0="pro")
    await anna.say(path, t0="con")
    await mara.say(path, t1="pro")
    await mara.post(f"{path}/undo")
    (found,) = (await mara.get(f"{path}/disagreements"))["items"]
    decision = {"id": "t0", "value": "con", "seen": found["seen"]}
    await mara.post(f"{path}/adjudications", {"decisions": [decision]})

    # When the decision is taken back
    await mara.post(f"{path}/undo")

    # Then neither it nor what was taken back before comes back by itself
    problem_of(await mara.ask("POST", f"{path}/redo"), 409)
