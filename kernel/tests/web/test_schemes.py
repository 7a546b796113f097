"""Schemes over HTTP: what values they take, and what becomes of them when labels change."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from .talking import Talk, at_once, problem_of

ROWS = [{"id": f"t{i}", "text": f"text {i} of ten"} for i in range(10)]


@pytest.fixture
async def slug(mara) -> str:
    return await mara.project(ROWS)


async def labels_of(talk: Talk, path: str) -> list[tuple[int, str]]:
    return [(each["id"], each["name"]) for each in (await talk.get(path))["labels"]]


async def names_of(talk: Talk, path: str) -> list[str]:
    return [name for _, name in await labels_of(talk, path)]


async def counts_of(talk: Talk, path: str) -> dict[str, int]:
    labels = (await talk.get(f"{path}/statistics"))["labels"]
    return {each["label"]: each["train"] for each in labels}


# -- values ---------------------------------------------------------------------------------

REFUSED = {
    "multiclass": ["other", "", ["pro"], 3, {"label": "pro"}, "Pro", " pro"],
    "multilabel": ["pro", ["other"], ["pro", 3], {"pro": 1}, [["pro"]]],
    "span": [
        "pro",
        ["pro"],
        [{"start": 0, "end": 99, "label": "pro"}],
        [{"start": 2, "end": 2, "label": "pro"}],
        [{"start": -1, "end": 2, "label": "pro"}],
        [{"start": 0, "end": 2, "label": "other"}],
        [{"start": 0, "end": 2}],
        [{"start": "0", "end": 2, "label": "pro"}],
        [{"start": 0, "end": True, "label": "pro"}],
    ],
}
FITTING: dict[str, Any] = {
    "multiclass": "pro",
    "multilabel": ["pro", "con"],
    "span": [{"start": 0, "end": 4, "label": "pro"}],
}


@pytest.mark.parametrize("type_", REFUSED)
async def test_a_value_that_does_not_fit_is_refused_with_its_place(type_, mara, slug):
    path = await mara.scheme(slug, type=type_)
    for value in REFUSED[type_]:
        # When the second of two annotations does not fit
        given = [{"id": "t1", "value": FITTING[type_]}, {"id": "t7", "value": value}]
        answer = await mara.ask("POST", f"{path}/annotations", {"annotations": given})

        # Then the problem names it, by place and by id
        problem = problem_of(answer, 422)
        assert problem["type"] == "/problems/invalid-value"
        assert "annotations[1]" in problem["detail"]
        assert "'t7'" in problem["detail"]
        assert problem["field"] == "annotations[1]"
    # And nothing of the two is stored
    assert await mara.log(path) == []

    # But what fits is
    await mara.say(path, t1=FITTING[type_])
    assert await mara.values(path) == {"t1": FITTING[type_]}


async def test_an_unknown_id_is_refused(mara, slug):
    path = await mara.scheme(slug)
    given = {"annotations": [{"id": "t1", "value": "pro"}, {"id": "gone", "value": "pro"}]}
    answer = await mara.ask("POST", f"{path}/annotations", given)
    assert "'gone'" in problem_of(answer, answer.status_code)["detail"]
    assert 400 <= answer.status_code < 500
    assert await mara.log(path) == []


async def test_unknown_types_and_params_are_refused(mara, slug):
    schemes = f"/projects/{slug}/schemes"
    for status, body in (
        (404, {"name": "a", "type": "nope"}),
        (422, {"name": "a", "params": {"x": 1}}),
        (422, {"name": "a", "labels": ["x", "x"]}),
        (422, {"name": "a", "labels": ["  "]}),
        (400, {"name": "Not a slug"}),
        (400, {"name": "a", "overlap": 0}),
    ):
        problem_of(await mara.ask("POST", schemes, body), status)
    assert (await mara.get(schemes))["items"] == []
    await mara.scheme(slug)
    problem = problem_of(await mara.ask("POST", schemes, {"name": "stance"}), 409)
    assert "stance" in problem["detail"]


# -- labels ---------------------------------------------------------------------------------


async def test_labels_are_added_at_the_end_and_put_in_order(mara, slug):
    path = await mara.scheme(slug, labels=["a", "b", "c", "d"])

    # When labels in the middle go and another comes
    for name in ("b", "c"):
        await mara.post(f"{path}/labels", {"op": "delete", "label": name})
    await mara.post(f"{path}/labels", {"op": "add", "name": "e", "color": "#ff0000"})

    # Then it is last
    assert await names_of(mara, path) == ["a", "d", "e"]
    assert (await mara.get(path))["labels"][-1]["color"] == "#ff0000"

    # And an order is kept
    await mara.post(f"{path}/labels", {"op": "reorder", "labels": ["e", "a", "d"]})
    assert await names_of(mara, path) == ["e", "a", "d"]
    await mara.post(f"{path}/labels", {"op": "add", "name": "f"})
    assert await names_of(mara, path) == ["e", "a", "d", "f"]
    for order in (["e"], ["e", "a", "d", "d"], ["e", "a", "d", "x"]):
        operation = {"op": "reorder", "labels": order}
        problem_of(await mara.ask("POST", f"{path}/labels", operation), 422)
    assert await names_of(mara, path) == ["e", "a", "d", "f"]


async def test_operations_that_cannot_be_are_refused(mara, slug):
    path = await mara.scheme(slug)
    for status, operation in (
        (409, {"op": "add", "name": "pro"}),
        (422, {"op": "add", "name": " "}),
        (409, {"op": "rename", "label": "pro", "name": "con"}),
        (422, {"op": "rename", "label": "x", "name": "y"}),
        (422, {"op": "merge", "labels": ["x"], "into": "pro"}),
        (422, {"op": "merge", "labels": ["pro"], "into": "pro"}),
        (422, {"op": "merge", "labels": ["pro"], "into": "x"}),
        (422, {"op": "delete", "label": "x"}),
        (400, {"op": "paint", "label": "pro"}),
        (400, {"op": "restyle", "label": "pro", "color": "red"}),
    ):
        problem_of(await mara.ask("POST", f"{path}/labels", operation), status)
    assert await names_of(mara, path) == ["pro", "con", "none"]
    assert await mara.log(path) == []


@pytest.mark.parametrize(
    ("type_", "before", "after"),
    [
        ("multiclass", "pro", "yes"),
        ("multilabel", ["pro", "con"], ["yes", "con"]),
        (
            "span",
            [{"start": 0, "end": 4, "label": "pro"}],
            [{"start": 0, "end": 4, "label": "yes"}],
        ),
    ],
)
async def test_a_rename_changes_no_row_of_the_log(type_, before, after, mara, slug):
    path = await mara.scheme(slug, type=type_)
    await mara.say(path, t1=before)
    ids, log = await labels_of(mara, path), await mara.log(path)

    await mara.post(f"{path}/labels", {"op": "rename", "label": "pro", "name": "yes"})

    assert await mara.values(path) == {"t1": after}
    assert [id_ for id_, _ in await labels_of(mara, path)] == [id_ for id_, _ in ids]
    assert [each["seq"] for each in await mara.log(path)] == [each["seq"] for each in log]
    assert (await counts_of(mara, path))["yes"] == 1


MERGED = {
    "multiclass": ({"t1": "pro", "t2": "con", "t3": "none"}, {"t1": "con", "t2": "con"}),
    "multilabel": (
        {"t1": ["pro", "con"], "t2": ["pro"], "t3": ["none"]},
        {"t1": ["con"], "t2": ["con"]},
    ),
    "span": (
        {
            "t1": [{"start": 0, "end": 4, "label": "pro"}, {"start": 5, "end": 6, "label": "con"}],
            "t3": [{"start": 0, "end": 1, "label": "none"}],
        },
        {
            "t1": [{"start": 0, "end": 4, "label": "con"}, {"start": 5, "end": 6, "label": "con"}],
        },
    ),
}


@pytest.mark.parametrize("type_", MERGED)
async def test_merge_and_delete_are_undone_without_loss(type_, mara, slug):
    # Given annotations
    said, merged = MERGED[type_]
    path = await mara.scheme(slug, type=type_)
    await mara.say(path, **said)
    labels, counts = await labels_of(mara, path), await counts_of(mara, path)
    log = await mara.log(path)

    # When labels are merged, one of them named twice
    operation = {"op": "merge", "labels": ["pro", "pro", "con"], "into": "con"}
    await mara.post(f"{path}/labels", operation)
    # Then values read as the label that is left
    assert await mara.values(path) == {**merged, "t3": said["t3"]}
    assert await names_of(mara, path) == ["con", "none"]

    # When another is deleted
    await mara.post(f"{path}/labels", {"op": "delete", "label": "none"})
    # Then what said nothing else says nothing, and can be handed out again
    gone = (await mara.values(path)).get("t3")
    assert gone in (None, [])
    assert (await mara.get(path))["annotated"]["train"] == len(merged)
    assert await counts_of(mara, path) == {"con": len(merged)}

    # When both are taken back
    undone = [await mara.post(f"{path}/undo") for _ in range(2)]
    # Then all is as it was, under the same ids, in a log that only grew
    assert await labels_of(mara, path) == labels
    assert await mara.values(path) == said
    assert await counts_of(mara, path) == counts
    after = await mara.log(path)
    assert after[: len(log)] == log
    assert [each["op"] for each in after[len(log) :]] == ["merge", "delete", "undo", "undo"]
    assert [each["undoes"] for each in undone] == [after[-3]["seq"], after[-4]["seq"]]
    assert [each["id"] for each in undone] == [None, None]

    # And the labels can be used
    await mara.say(path, t9=said["t3"])
    assert (await mara.values(path))["t9"] == said["t3"]


async def test_what_is_undone_stays_so_for_who_starts_later(mara, slug, services):
    path = await mara.scheme(slug)
    await mara.say(path, t1="pro")
    await mara.post(f"{path}/labels", {"op": "merge", "labels": ["pro"], "into": "con"})
    await mara.post(f"{path}/labels", {"op": "delete", "label": "none"})
    await mara.post(f"{path}/undo")
    names, values = await names_of(mara, path), await mara.values(path)

    # When the project is loaded again from the database
    for live in services.residency.projects:
        services.residency.drop(live.row.id)

    assert (await names_of(mara, path), await mara.values(path)) == (names, values)
    assert values == {"t1": "con"}


async def test_a_name_taken_meanwhile_stands_in_the_way_of_undo(mara, slug):
    path = await mara.scheme(slug)
    await mara.say(path, t1="pro")
    await mara.post(f"{path}/labels", {"op": "delete", "label": "pro"})
    await mara.post(f"{path}/labels", {"op": "add", "name": "pro"})
    problem = problem_of(await mara.ask("POST", f"{path}/undo"), 409)
    assert "rename" in problem["detail"]
    assert await mara.values(path) == {"t1": None}

    await mara.post(f"{path}/labels", {"op": "rename", "label": "pro", "name": "new"})
    await mara.post(f"{path}/undo")
    assert await mara.values(path) == {"t1": "pro"}


async def test_changes_at_the_same_moment_follow_one_another(app, bearer):
    async with at_once(app, await bearer("mara")) as mara:
        path = await mara.scheme(await mara.project(ROWS))

        # When one label is added four times at once
        adding = {"op": "add", "name": "new"}
        answers = await asyncio.gather(
            *(mara.ask("POST", f"{path}/labels", adding) for _ in range(4))
        )
        # Then it is there once
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
        assert await names_of(mara, path) == ["pro", "con", "none", "new"]

        # And when undo is sent three times at once, after two deletions
        for name in ("pro", "con"):
            await mara.post(f"{path}/labels", {"op": "delete", "label": name})
        answers = await asyncio.gather(*(mara.ask("POST", f"{path}/undo") for _ in range(3)))
        assert sorted(answer.status_code for answer in answers) == [200, 200, 409]
        assert await names_of(mara, path) == ["pro", "con", "none", "new"]


# -- the column of a corpus -----------------------------------------------------------------


async def test_a_column_of_labels_becomes_annotations(mara):
    rows = [
        {"id": f"t{i}", "text": "x", "gold": gold} for i, gold in enumerate(["b", "a", "", "b"])
    ]
    slug = await mara.project(
        rows, label_columns=["gold"], split={"valid": 1, "test": 0, "column": None}
    )
    path = await mara.scheme(slug, labels=[], from_column="gold")
    assert await names_of(mara, path) == ["a", "b"]
    assert await mara.values(path) == {"t0": "b", "t1": "a", "t3": "b"}
    assert {each["source"] for each in await mara.log(path)} == {"import"}

    # Only the splits that are asked for
    path = await mara.scheme(
        slug, name="valid-only", labels=[], from_column="gold", import_splits=["valid"]
    )
    annotated = (await mara.get(path))["annotated"]
    assert (annotated["train"], annotated["test"]) == (0, 0)


async def test_a_column_of_lists_becomes_several_labels(mara):
    cells = ['["b","a"]', "a", "[]", "", '["c"]', "[1]"]
    rows = [{"id": f"t{i}", "text": "x", "gold": cell} for i, cell in enumerate(cells)]
    slug = await mara.project(rows[:2] + rows[4:], label_columns=["gold"])
    path = await mara.scheme(slug, type="multilabel", labels=[], from_column="gold")
    names = await names_of(mara, path)
    assert names == ["1", "a", "b", "c"]
    assert await mara.values(path) == {"t0": ["a", "b"], "t1": ["a"], "t4": ["c"], "t5": ["1"]}


async def test_a_column_of_spans_becomes_spans(mara):
    spans = [{"start": 0, "end": 3, "label": "who"}]
    rows = [{"id": "t0", "text": "Ada writes", "gold": json.dumps(spans)}]
    slug = await mara.project(rows, label_columns=["gold"])
    path = await mara.scheme(slug, type="span", labels=[], from_column="gold")
    assert await mara.values(path) == {"t0": spans}


@pytest.mark.parametrize(
    ("type_", "cell", "labels"),
    [
        ("multiclass", "other", ["pro"]),
        ("multiclass", '["pro","con"]', []),
        ("multilabel", "other", ["pro"]),
        ("multilabel", '["other"]', ["pro"]),
        ("multilabel", '[["pro"]]', []),
        ("multilabel", '[{"a": 1}]', []),
        ("multilabel", "[null]", []),
        ("span", "pro", []),
        ("span", '[{"start": 0, "end": 99, "label": "pro"}]', []),
        ("span", '[{"start": 0}]', []),
        ("span", '[{"start": 0, "end": 1, "label": {"x": 1}}]', []),
    ],
)
async def test_a_column_that_does_not_fit_leaves_no_scheme(type_, cell, labels, mara):
    rows = [{"id": f"t{i}", "text": "text", "gold": ""} for i in range(3)]
    rows[2]["gold"] = cell
    slug = await mara.project(rows, label_columns=["gold"])
    body = {"name": "s", "type": type_, "labels": labels, "from_column": "gold"}
    answer = await mara.ask("POST", f"/projects/{slug}/schemes", body)
    problem = problem_of(answer, 422)
    assert problem["field"] == "from_column"
    assert "'t2'" in problem["detail"]
    assert (await mara.get(f"/projects/{slug}/schemes"))["items"] == []


async def test_a_column_that_is_none_is_refused(mara):
    rows = [{"id": f"t{i}", "text": "x", "gold": f"value {i}"} for i in range(1002)]
    slug = await mara.project(rows, label_columns=["gold"])
    for column, word in (("nope", "'nope'"), ("text", "gold"), ("gold", "1000")):
        body = {"name": "s", "from_column": column}
        problem = problem_of(await mara.ask("POST", f"/projects/{slug}/schemes", body), 422)
        assert word in problem["detail"]
    assert (await mara.get(f"/projects/{slug}/schemes"))["items"] == []


# -- the scheme itself ----------------------------------------------------------------------


async def test_a_codebook_comes_back_as_it_was_written(mara, slug):
    text = "# Stance\r\n\n*pro*: `for` it — ünïcode 🐘\n\n| a | b |\n|---|---|\n\ttab  \n"
    path = await mara.scheme(slug, codebook=text)
    assert (await mara.get(path))["codebook"] == text
    other = text + "\n## More\n"
    await mara.ask("PATCH", path, {"codebook": other})
    assert (await mara.get(path))["codebook"] == other
    export = await mara.ask("GET", f"/projects/{slug}/export/codebook", scheme="stance")
    assert export.content.decode() == other
    assert export.headers["content-type"].startswith("text/markdown")


async def test_a_renamed_scheme_keeps_what_it_has(mara, slug):
    path = await mara.scheme(slug)
    await mara.say(path, t1="pro")
    await mara.scheme(slug, name="other")
    problem_of(await mara.ask("PATCH", path, {"name": "other"}), 409)

    renamed = (await mara.ask("PATCH", path, {"name": "position"})).json()

    assert renamed["name"] == "position"
    problem_of(await mara.ask("GET", path), 404)
    path = path.replace("stance", "position")
    assert await mara.values(path) == {"t1": "pro"}
    assert (await mara.get(path))["id"] == renamed["id"]


async def test_a_deleted_scheme_takes_its_own_and_nothing_else(mara, slug):
    path, other = await mara.scheme(slug), await mara.scheme(slug, name="other")
    await mara.say(path, t1="pro")
    await mara.say(other, t1="con")

    assert (await mara.ask("DELETE", path)).status_code == 204

    problem_of(await mara.ask("GET", path), 404)
    problem_of(await mara.ask("POST", f"{path}/next", {}), 404)
    assert await mara.values(other) == {"t1": "con"}
    # And one of its name starts empty
    assert await mara.values(await mara.scheme(slug)) == {}
