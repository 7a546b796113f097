"""The table over HTTP: sample, filter, any order, any part of it, and nothing that is hidden."""

from __future__ import annotations

import math
import random
from types import SimpleNamespace

import numpy as np
import pytest

from kodkod.project.guide import Guide, GuideConfig, Predictions
from kodkod.project.table import TableShelf, table_order
from kodkod.store.projects import find_project

from .talking import Talk, problem_of

WORDS = ["Élan", "apple", "Banana", "zebra", "ünder", ""]
ROWS = [
    {
        "id": f"t{(i * 7) % 40}",
        "text": "x" * (i * 5 % 11 + 1),
        "year": 2000 + i * 3 % 9 if i % 5 else "",
        "place": WORDS[i % 6],
        "day": f"2026-01-{i % 28 + 1:02}",
    }
    for i in range(40)
]
CONTEXT = ["year", "place", "day"]
KEYS = [
    *("row", "id", "length", "label", "annotators", "annotated_at"),
    *("prediction", "confidence", "uncertainty"),
    *(f"context:{name}" for name in CONTEXT),
]
LABELS = ["pro", "con", "none"]


class Bench(SimpleNamespace):
    """A project with three annotators, answers, and a guide's predictions."""

    async def live(self):
        async with self.services.database.read() as connection:
            project = await find_project(connection, self.slug)
        return (await self.services.residency.get(project)).scheme("stance")

    async def predict(self, seed: int = 0, *, version: int = 1) -> np.ndarray:
        live = await self.live()
        live.guide = live.guide or made_guide()
        p = np.random.default_rng(seed).dirichlet([1, 1, 1], len(ROWS)).astype(np.float32)
        live.guide.publish(
            Predictions(
                version=version,
                probabilities=p,
                label_ids=tuple(label.id for label in live.row.labels),
                trained_at_seq=1,
                n_train=1,
            )
        )
        return p

    async def table(self, talk: Talk, **query):
        return await talk.post(f"{self.path}/table", {"limit": 500, **query})

    async def ids(self, talk: Talk, **query) -> list[str]:
        page = await self.table(talk, **query)
        assert page["total"] == len(page["elements"])
        return [each["id"] for each in page["elements"]]


def made_guide():
    config = GuideConfig(
        features=("f",),
        model="m",
        params={},
        strategy="random",
        strategy_params={},
        refresh_every=0,
    )
    return Guide(config)


@pytest.fixture
async def bench(client, bearer, services) -> Bench:
    mara = Talk(client, await bearer("mara"))
    slug = await mara.project(ROWS, context_columns=CONTEXT)
    for name, role in (("anna", "annotator"), ("otto", "annotator"), ("rita", "reader")):
        await mara.ask("PUT", f"/projects/{slug}/members/{name}", {"role": role})
    path = await mara.scheme(slug)
    people = {name: Talk(client, await bearer(name)) for name in ("anna", "otto", "rita")}
    return Bench(slug=slug, path=path, services=services, mara=mara, **people)


async def say_much(bench: Bench, seed: int = 3) -> None:
    chance = random.Random(seed)
    for talk in (bench.anna, bench.otto, bench.mara):
        for row in chance.sample(ROWS, 14):
            await talk.say(bench.path, **{row["id"]: chance.choice(LABELS)})


def key_of(element: dict, by: str):
    """Return what a person would sort an element by, from what it shows; None where it lacks it."""
    said = [a for a in element["annotations"] if a["value"] is not None]
    p = list((element["prediction"] or {"probabilities": {}})["probabilities"].values())
    match by:
        case "row" | "id":
            return element[by]
        case "length":
            return len(element["text"])
        case "label":
            newest = max(
                said, key=lambda a: (a["source"] == "adjudication", a["seq"]), default=None
            )
            return newest and LABELS.index(newest["value"])
        case "annotators":
            return len([a for a in said if a["source"] == "human"])
        case "annotated_at":
            return max((a["created_at"] for a in element["annotations"]), default=None)
        case "prediction":
            return LABELS.index(element["prediction"]["value"]) if p else None
        case "confidence":
            return max(p, default=None)
        case "uncertainty":
            return round(-sum(x * math.log(max(x, 1e-30)) for x in p), 4) if p else None
        case _:
            return element["context"][by.removeprefix("context:")]


def sorted_naively(elements: list[dict], sort: list[dict]) -> list[dict]:
    """Sort as a novice would: by the last key first, as sorting is stable."""
    found = sorted(elements, key=lambda each: each["row"])
    for each in reversed(sort):
        by = each["by"]
        there = [e for e in found if key_of(e, by) is not None]
        lacks = [e for e in found if key_of(e, by) is None]
        # Reversed twice, texts that tie stay in their order.
        if each["descending"]:
            there.reverse()
        there.sort(key=lambda e: key_of(e, by))
        if each["descending"]:
            there.reverse()
        found = there + lacks
    return found


def said_keys(page: list[dict], sort: list[dict]) -> list[list]:
    return [[key_of(each, one["by"]) for one in sort] + [each["row"]] for each in page]


async def test_any_order_is_what_a_naive_sort_gives(bench):
    await say_much(bench)
    await bench.predict()
    task = {"name": "b", "assignees": ["anna"], "texts": {"n": 25, "seed": 1}, "blind": True}
    await bench.mara.post(f"{bench.path}/tasks", {**task, "hide_predictions": True})
    chance = random.Random(1)
    sorts = [[{"by": by, "descending": down}] for by in KEYS for down in (False, True)]
    sorts += [
        [{"by": by, "descending": chance.random() < 0.5} for by in chance.sample(KEYS, n)]
        for n in (2, 2, 2, 2, 3, 3, 3, 3)
    ]
    for talk in (bench.mara, bench.anna):
        plain = (await bench.table(talk))["elements"]
        for sort in sorts:
            got = (await bench.table(talk, sort=sort))["elements"]
            assert said_keys(got, sort) == said_keys(sorted_naively(plain, sort), sort), sort


async def test_parts_of_an_order_join_without_gap_or_overlap(bench):
    await say_much(bench)
    sort = [{"by": "label"}, {"by": "length", "descending": True}]
    whole = await bench.ids(bench.rita, sort=sort)
    joined = []
    for offset in range(0, 44, 7):
        page = await bench.table(bench.rita, sort=sort, offset=offset, limit=7)
        assert page["total"] == 40
        joined += [each["id"] for each in page["elements"]]
    assert joined == whole
    assert (await bench.table(bench.rita, offset=10**6))["elements"] == []


@pytest.mark.parametrize(
    "sample",
    [
        *({"kind": kind} for kind in ("untagged", "queue", "all", "not_by_me", "commented")),
        *({"kind": kind} for kind in ("tagged", "disagreed", "prediction_differs", "assigned")),
        {"kind": "tagged", "by": "otto"},
        {"kind": "tagged", "labels": ["pro", "none"]},
        {"kind": "predicted_as", "label": "con"},
        {"kind": "outdated"},
    ],
)
async def test_samples_and_filters_are_those_of_the_list(sample, bench):
    await say_much(bench)
    await bench.predict()
    given = {"id": "t4", "value": "con", "comment": "hm"}
    await bench.otto.post(f"{bench.path}/annotations", {"annotations": [given]})
    task = {"name": "b", "assignees": ["anna"], "texts": {"n": 20, "seed": 1}, "blind": True}
    await bench.mara.post(f"{bench.path}/tasks", task)
    query = {"sample": sample["kind"], "by": sample.get("by")}
    query["label"] = sample.get("labels") or sample.get("label")
    query = {name: value for name, value in query.items() if value}
    for talk in (bench.mara, bench.anna, bench.rita):
        listed = await talk.get(f"{bench.path}/elements", limit=500, regex="xxx", **query)
        page = await bench.table(talk, sample=sample, filter={"regex": "xxx"})
        assert page == {"total": len(listed["items"]), "elements": listed["items"]}
    where = [{"column": "year", "op": "ge", "value": 2004}]
    page = await bench.table(bench.mara, sample=sample, filter={"where": where})
    assert all(each["context"]["year"] >= 2004 for each in page["elements"])


async def test_a_drawn_sample_and_a_split_narrow_it(client, bearer):
    mara = Talk(client, await bearer("mara"))
    slug = await mara.project(ROWS, split={"valid": 10, "test": 5, "seed": 1})
    path = await mara.scheme(slug)
    plan = {"name": "ten", "plan": {"n": 10, "seed": 1}}
    await mara.post(f"/projects/{slug}/drawn-samples", plan)
    page = await mara.post(f"{path}/table", {"filter": {"drawn_sample": "ten"}})
    assert page["total"] == 10
    page = await mara.post(f"{path}/table", {"split": "valid"})
    assert {each["split"] for each in page["elements"]} == {"valid"}
    assert page["total"] == 10


async def test_an_order_tells_nothing_of_hidden_answers(bench):
    sort = [{"by": "label"}, {"by": "annotators"}, {"by": "annotated_at"}]
    ids = [row["id"] for row in ROWS[10:20]]
    task = {"name": "b", "assignees": ["anna"], "texts": {"ids": ids}, "blind": True}
    await bench.mara.post(f"{bench.path}/tasks", {**task, "hide_predictions": True})
    orders = []
    for labels in (LABELS, LABELS[::-1]):
        # when others say one thing or the other of texts that she codes blind
        await bench.otto.say(
            bench.path, **{id_: labels[i % 3] for i, id_ in enumerate(ids) if i % 2}
        )
        await bench.predict(len(orders), version=1 + len(orders))
        seen = [await bench.ids(bench.anna, sort=[each]) for each in sort]
        seen.append(await bench.ids(bench.anna, sample={"kind": "untagged"}))
        seen.append(await bench.ids(bench.anna, sample={"kind": "tagged"}))
        page = await bench.table(bench.anna, sort=[{"by": "confidence"}])
        veiled = [each for each in page["elements"] if each["id"] in ids]
        assert all(each["prediction"] is None and each["annotations"] == [] for each in veiled)
        # then those come last by their predictions, in the order of rows
        assert page["elements"][-10:] == sorted(veiled, key=lambda each: each["row"])
        orders.append(seen)
    assert orders[0] == orders[1]
    assert orders[0][-1] == []
    # when she has coded one, what was said of it counts at once
    await bench.anna.say(bench.path, **{ids[1]: "none"})
    assert await bench.ids(bench.anna, sample={"kind": "tagged"}) == [ids[1]]
    page = await bench.table(bench.anna, sort=[{"by": "label"}], limit=1)
    assert len(page["elements"][0]["annotations"]) == 2
    # and managers see all of it
    assert len(await bench.ids(bench.mara, sample={"kind": "tagged"})) == 5


async def test_gold_looks_like_any_other_text(bench):
    gold = {"texts": [{"id": "t3", "value": "pro"}, {"id": "t5", "value": "con"}]}
    assert (await bench.mara.ask("PUT", f"{bench.path}/gold", gold)).status_code == 200
    for sort in ({"by": "label"}, {"by": "annotated_at", "descending": True}):
        by_row = [row["id"] for row in ROWS]
        assert await bench.ids(bench.anna, sort=[sort]) == by_row
        assert (await bench.ids(bench.mara, sort=[sort]))[:2] != by_row[:2]
    # when she has answered, she is told of her own answer alone
    await bench.anna.say(bench.path, t3="none")
    page = await bench.table(bench.anna, sort=[{"by": "label"}], limit=1)
    (mine,) = page["elements"][0]["annotations"]
    assert (page["elements"][0]["id"], mine["user"], mine["value"]) == ("t3", "anna", "none")


async def test_it_is_as_it_was(bench):
    first = await bench.anna.say(bench.path, t1="con")
    await bench.anna.say(bench.path, t1="pro", t2="pro")
    page = await bench.table(bench.mara, sample={"kind": "tagged"}, as_of=str(first[0]))
    assert [each["annotations"][0]["value"] for each in page["elements"]] == ["con"]
    answer = await bench.mara.ask("POST", f"{bench.path}/table", {"as_of": "yesterday"})
    assert "2026-01-31" in problem_of(answer, 422)["detail"]


async def test_an_order_is_worked_out_once_until_what_it_reads_changes(bench, monkeypatch):
    made = []
    monkeypatch.setattr(
        "kodkod.web.table_routes.table_order", lambda *args: made.append(1) or table_order(*args)
    )
    by_label, by_id = [{"by": "label"}], [{"by": "id"}]
    for offset in range(0, 40, 10):
        await bench.table(bench.mara, sort=by_label, offset=offset)
        await bench.table(bench.mara, sort=by_id, offset=offset)
    assert len(made) == 2
    # when something is said, only what reads answers is worked out anew
    await bench.anna.say(bench.path, t1="pro")
    assert (await bench.ids(bench.mara, sort=by_label))[0] == "t1"
    await bench.table(bench.mara, sort=by_id)
    assert len(made) == 3
    # when labels are moved, their order is another
    await bench.anna.say(bench.path, t2="none")
    change = {"op": "reorder", "labels": ["none", "con", "pro"]}
    await bench.mara.post(f"{bench.path}/labels", change)
    assert (await bench.ids(bench.mara, sort=by_label))[:2] == ["t2", "t1"]
    # when a task hides texts from somebody, they are hidden at once
    task = {"name": "b", "assignees": ["otto"], "texts": {"ids": ["t2"]}, "blind": True}
    assert (await bench.ids(bench.otto, sort=by_label))[0] == "t2"
    await bench.mara.post(f"{bench.path}/tasks", task)
    assert (await bench.ids(bench.otto, sort=by_label))[0] == "t1"


async def test_a_failed_order_is_tried_again_and_few_are_kept():
    shelf = TableShelf()
    calls = iter([ValueError("once"), np.arange(3)])

    def make():
        found = next(calls)
        if isinstance(found, Exception):
            raise found
        return found

    class Key(SimpleNamespace):
        __hash__ = object.__hash__

    key = Key(n_rows=1_000_000)
    with pytest.raises(ValueError, match="once"):
        await shelf.order(key, make)
    assert len(await shelf.order(key, make)) == 3
    for i in range(10):
        await shelf.order(Key(n_rows=1_000_000, i=i), lambda: np.arange(1))
    assert len(shelf._orders) == 4


@pytest.mark.parametrize(
    ("status", "query", "field", "remedy"),
    [
        (422, {"sort": [{"by": "colour"}]}, "sort[0].by", "context:COLUMN"),
        (422, {"sort": [{"by": "id"}, {"by": "context:nope"}]}, "sort[1].by", "year, place, day"),
        (422, {"filter": {"regex": "("}}, "filter.regex", "unclosed group"),
        (
            422,
            {"filter": {"where": [{"column": "nope", "op": "is_null"}]}},
            "filter.where",
            "year, place, day",
        ),
        (422, {"filter": {"drawn_sample": "nope"}}, "filter.drawn_sample", "there are none"),
        (
            422,
            {"filter": {"region": {"projection": "nope", "polygon": [[0, 0], [0, 1], [1, 1]]}}},
            "filter.region",
            "no projection",
        ),
        (422, {"sample": {"kind": "tagged", "by": "nobody"}}, "by", "nobody"),
        (422, {"sample": {"kind": "predicted_as"}}, "label", "label"),
        (400, {"sort": [{"by": "id"}] * 4}, None, "sort"),
        (400, {"sort": [{"by": "id", "down": True}]}, None, "down"),
        (400, {"limit": 501}, None, "limit"),
        (400, {"offset": -1}, None, "offset"),
        (400, {"cursor": "1"}, None, "cursor"),
    ],
)
async def test_a_question_that_cannot_be_meant_says_where_and_what_to_do(
    status, query, field, remedy, bench
):
    problem = problem_of(await bench.mara.ask("POST", f"{bench.path}/table", query), status)
    assert remedy in problem["detail"]
    if field:
        assert problem["field"] == field


async def test_readers_and_reading_tokens_may_ask_and_nothing_is_changed(bench, client, bearer):
    await bench.anna.say(bench.path, t1="pro")
    reading = Talk(client, await bearer("rita", scopes=["read"]))
    before = await bench.mara.log(bench.path), await bench.mara.get(f"/projects/{bench.slug}/audit")
    assert (await bench.table(reading, sort=[{"by": "label"}]))["elements"][0]["id"] == "t1"
    after = await bench.mara.log(bench.path), await bench.mara.get(f"/projects/{bench.slug}/audit")
    assert after == before
    # and nothing was reserved by it
    assert len(await bench.otto.next(bench.path, n=100)) == 39
