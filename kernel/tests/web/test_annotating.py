"""Sample, filter, order, lease, answer, skip: what annotators do, over HTTP."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from .talking import Talk, problem_of

ROWS = [
    {
        "id": f"t{i}",
        "text": f"text {i} about {'cats' if i % 2 else 'dogs'}",
        "year": 2000 + i,
        "place": "north" if i < 6 else "",
        "gold": "pro",
    }
    for i in range(12)
]
CONTEXT = ["year", "place"]


@pytest.fixture
async def slug(mara) -> str:
    return await mara.project(ROWS, context_columns=CONTEXT)


@pytest.fixture
async def path(mara, slug) -> str:
    return await mara.scheme(slug)


@pytest.fixture
async def anna(mara, client, bearer, slug) -> Talk:
    """Another annotator of the project."""
    answer = await mara.ask("PUT", f"/projects/{slug}/members/anna", {"role": "annotator"})
    assert answer.status_code == 200
    return Talk(client, await bearer("anna"))


def wrapped(times: int) -> dict:
    """Return params of a mix around a mix, and so on."""
    inner = wrapped(times - 1) if times else {}
    return {"base": "mixed" if times else "random", "base_params": inner}


def ids(elements: list[dict]) -> list[str]:
    return [each["id"] for each in elements]


# -- what is handed out ---------------------------------------------------------------------


async def test_texts_are_handed_out_once_with_all_there_is_to_know(mara, path):
    # When the first texts in order are asked for
    answer = await mara.post(f"{path}/next", {"strategy": "deterministic", "n": 3})

    # Then they come with their lease and what is left is counted
    assert ids(answer["elements"]) == ["t0", "t1", "t2"]
    assert answer["remaining"] == 9
    first = answer["elements"][0]
    assert first["context"] == {"year": 2000, "place": "north"}
    assert (first["split"], first["strategy"], first["annotations"]) == (
        "train",
        "deterministic",
        [],
    )
    assert first["prediction"] is None
    assert first["selection_probability"] is None
    assert datetime.fromisoformat(first["lease_expires_at"]) > datetime.now(UTC)
    # And the next request goes on behind them
    assert ids(await mara.next(path, strategy="deterministic", n=2)) == ["t3", "t4"]


async def test_random_is_the_default_and_says_its_probability(mara, path):
    drawn = await mara.next(path, n=12)
    assert sorted(ids(drawn)) == sorted(row["id"] for row in ROWS)
    assert [round(1 / each["selection_probability"]) for each in drawn] == list(range(12, 0, -1))
    assert await mara.next(path) == []


async def test_what_a_draw_says_goes_to_the_log(mara, path):
    (text,) = await mara.next(path)
    given = {"id": text["id"], "value": "pro", "lease": text["lease"], "seconds": 2.5}
    await mara.post(f"{path}/annotations", {"annotations": [given]})
    await mara.say(path, **{next(i for i in ("t0", "t1") if i != text["id"]): "con"})
    drawn, own = await mara.log(path)
    assert (drawn["strategy"], drawn["selection_probability"]) == ("random", pytest.approx(1 / 12))
    assert (drawn["seconds"], drawn["user"], drawn["source"]) == (2.5, "mara", "human")
    assert (own["strategy"], own["selection_probability"]) == (None, None)


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        ({"regex": "cats"}, ["t1", "t3", "t5", "t7", "t9", "t11"]),
        ({"regex": "(?i)CATS$"}, ["t1", "t3", "t5", "t7", "t9", "t11"]),
        ({"regex": "no such"}, []),
        ({"where": [{"column": "year", "op": "ge", "value": 2010}]}, ["t10", "t11"]),
        ({"where": [{"column": "year", "op": "in", "value": [2001, 2003]}]}, ["t1", "t3"]),
        (
            {
                "regex": "dogs",
                "where": [
                    {"column": "place", "op": "eq", "value": "north"},
                    {"column": "year", "op": "ne", "value": 2002},
                ],
            },
            ["t0", "t4"],
        ),
        (
            {"where": [{"column": "place", "op": "contains", "value": "ort"}], "regex": "text 5"},
            ["t5"],
        ),
    ],
)
async def test_a_filter_lets_through_what_fits_it(filter_, expected, mara, path):
    answer = await mara.post(
        f"{path}/next", {"strategy": "deterministic", "filter": filter_, "n": 100}
    )
    assert ids(answer["elements"]) == expected
    assert answer["remaining"] == 0


async def test_splits_are_kept_apart(mara):
    slug = await mara.project(ROWS, split={"valid": 3, "test": 4, "seed": 1})
    path = await mara.scheme(slug)
    sizes = {"train": 5, "valid": 3, "test": 4}
    for split, size in sizes.items():
        drawn = await mara.next(path, split=split, n=100)
        assert (len(drawn), {each["split"] for each in drawn}) == (size, {split})
    assert await mara.next(path, split="all") == []


@pytest.mark.parametrize(
    ("status", "query", "word"),
    [
        (422, {"filter": {"regex": "("}}, "unclosed group"),
        (422, {"filter": {"regex": "(?<=a)b"}}, "look-around"),
        (422, {"filter": {"regex": "(a{1000}){1000}"}}, "size limit"),
        (422, {"filter": {"where": [{"column": "nope", "op": "eq", "value": 1}]}}, "nope"),
        (422, {"filter": {"where": [{"column": "year", "op": "eq", "value": "x"}]}}, "year"),
        (400, {"filter": {"where": [{"column": "year", "op": "like"}]}}, "op"),
        (400, {"filter": {"region": [0, 1]}}, "region"),
        (400, {"sample": {"kind": "some"}}, "kind"),
        (422, {"sample": {"kind": "tagged", "by": "nobody"}}, "nobody"),
        (422, {"sample": {"kind": "predicted_as"}}, "label"),
        (404, {"strategy": "nope"}, "nope"),
        (422, {"strategy": "deterministic", "params": {"x": 1}}, "x"),
        (422, {"strategy": "max-probability"}, "label"),
        (422, {"strategy": "max-probability", "params": {"label": 3}}, "label"),
        (409, {"strategy": "max-probability", "params": {"label": "pro"}}, "guide"),
        (409, {"strategy": "max-entropy"}, "guide"),
        (409, {"strategy": "core-set"}, "not sparse"),
        (409, {"strategy": "similar", "params": {"text": "cats"}}, "not sparse"),
        (409, {"strategy": "balanced"}, "guide"),
        (409, {"strategy": "mixed", "params": {"base": "least-confidence"}}, "guide"),
        (404, {"strategy": "mixed", "params": {"base": "nope"}}, "nope"),
        (422, {"strategy": "mixed", "params": {"base": "similar", "base_params": {"x": 1}}}, "x"),
        (422, {"strategy": "cvirs"}, "multilabel"),
        (422, {"strategy": "mixed", "params": wrapped(5)}, "wrapped 5 deep"),
        (404, {"also": ["nope"]}, "nope"),
        (400, {"also": ["a"] * 9}, "also"),
        (400, {"n": 0}, "n"),
        (400, {"n": 101}, "n"),
        (400, {"split": "dev"}, "split"),
        (400, {"offset": 3}, "offset"),
    ],
)
async def test_a_request_that_cannot_be_met_says_why(status, query, word, mara, path):
    problem = problem_of(await mara.ask("POST", f"{path}/next", query), status)
    assert word in problem["detail"]
    # And took nothing
    assert (await mara.post(f"{path}/next", {}))["remaining"] == 11


async def test_texts_that_were_picked_come_alone_and_in_their_order(mara, anna, path):
    picked = {"filter": {"rows": [7, 2, 5, 2]}, "n": 2}
    first = await mara.post(f"{path}/next", picked)
    assert [each["row"] for each in first["elements"]] == [7, 2]
    assert {each["strategy"] for each in first["elements"]} == {"picked"}
    # nobody knows how likely it was that somebody picked them
    assert {each["selection_probability"] for each in first["elements"]} == {None}
    assert first["remaining"] == 1
    # and what is reserved for one is not given to another
    second = await anna.post(f"{path}/next", picked)
    assert [each["row"] for each in second["elements"]] == [5]
    # an order that is asked for is kept
    order = {**picked, "sample": {"kind": "all"}, "strategy": "deterministic", "n": 5}
    assert [e["row"] for e in (await mara.post(f"{path}/next", order))["elements"]] == [2, 5, 7]
    far = await mara.ask("POST", f"{path}/next", {"filter": {"rows": [3, 4_000]}})
    assert "number 4000" in problem_of(far, 422)["detail"]
    # a table has them in its own order
    table = await mara.post(f"{path}/table", {"filter": {"rows": [7, 2, 5]}})
    assert [each["row"] for each in table["elements"]] == [2, 5, 7]


async def test_texts_for_two_schemes_are_reserved_in_both(mara, anna, slug):
    # Given two schemes, in the second of which a text has its answer and another is reserved
    topic, tone = await mara.scheme(slug), await mara.scheme(slug, name="tone")
    await mara.say(tone, t0="pro")
    (held,) = await anna.next(tone, strategy="deterministic")
    assert held["id"] == "t1"

    # When texts are asked for both
    asked = {"strategy": "deterministic", "also": ["tone", "stance"]}
    drawn = await mara.next(topic, n=3, **asked)

    # Then they come with a lease in each where they are open, and what was said there
    assert ids(drawn) == ["t0", "t1", "t2"]
    also = [each["also"] for each in drawn]
    assert [[other["scheme"] for other in each] for each in also] == [["tone"]] * 3
    assert [each[0]["lease"] is None for each in also] == [True, True, False]
    assert [given["value"] for given in also[0][0]["annotations"]] == ["pro"]
    # And nobody else gets them in the second scheme either
    assert ids(await anna.next(tone, strategy="deterministic", n=2)) == ["t3", "t4"]
    # And the lease is as good as any
    answer = {"id": "t2", "value": "con", "lease": also[2][0]["lease"]}
    await mara.post(f"{tone}/annotations", {"annotations": [answer]})
    await mara.post(f"{topic}/skip", {"leases": [each["lease"] for each in drawn]})
    assert ids(await mara.next(topic, n=1, **asked)) == ["t3"]


async def test_a_scheme_that_changes_while_texts_are_put_in_order_is_counted_right(mara, path):
    # Each pattern is new, so that a walk must be made while the scheme is changed under it.
    for turn in range(1, 9):
        query = {"filter": {"regex": f"text|{turn}"}, "strategy": "deterministic"}
        answer, *_ = await asyncio.gather(
            mara.post(f"{path}/next", query),
            *(mara.ask("PATCH", path, {"codebook": f"{turn}, {i}"}) for i in range(8)),
        )
        assert (ids(answer["elements"]), answer["remaining"]) == ([f"t{turn - 1}"], 12 - turn)


async def test_a_draw_for_two_schemes_at_random_is_as_likely_as_any(mara, slug):
    topic = await mara.scheme(slug)
    await mara.scheme(slug, name="tone")
    drawn = await mara.next(topic, n=12, strategy="random", also=["tone"])
    assert [each["selection_probability"] for each in drawn] == pytest.approx(
        [1 / left for left in range(12, 0, -1)]
    )


async def test_samples_are_what_was_said_of_texts(mara, anna, slug):
    # Given two annotators' answers, a comment without a value, and a cleared answer
    path = await mara.scheme(slug, overlap=2)
    await mara.say(path, t0="pro", t1="pro", t2="con", t5="pro")
    await anna.say(path, t0="con", t1="pro", t3="con")
    comment = {"id": "t4", "value": None, "comment": "unclear"}
    await mara.post(f"{path}/annotations", {"annotations": [comment]})
    await mara.say(path, t5=None)

    async def sample(talk: Talk, **kind) -> list[str]:
        drawn = await talk.next(path, sample=kind, strategy="deterministic", n=100)
        listed = {
            "sample": kind["kind"],
            "by": kind.get("by"),
            "label": kind.get("labels", kind.get("label")),
        }
        query = {name: value for name, value in listed.items() if value}
        assert ids((await talk.get(f"{path}/elements", **query))["items"]) == ids(drawn)
        return ids(drawn)

    # Then each sample has its texts, drawn and listed alike
    assert await sample(mara, kind="tagged") == ["t0", "t1", "t2", "t3"]
    assert await sample(mara, kind="tagged", by="anna") == ["t0", "t1", "t3"]
    assert await sample(mara, kind="tagged", labels=["con"]) == ["t0", "t2", "t3"]
    assert await sample(mara, kind="tagged", by="mara", labels=["con"]) == ["t2"]
    assert await sample(mara, kind="disagreed") == ["t0"]
    assert await sample(mara, kind="commented") == ["t4"]
    assert await sample(mara, kind="all") == [row["id"] for row in ROWS]
    assert await sample(anna, kind="not_by_me") == [
        row["id"] for row in ROWS if row["id"] not in {"t0", "t1", "t3"}
    ]
    assert await sample(mara, kind="prediction_differs") == []
    assert await sample(mara, kind="predicted_as", label="pro") == []


# -- leases ---------------------------------------------------------------------------------


async def test_what_is_skipped_goes_to_others_and_comes_back_last(mara, anna, path):
    # Given two texts that mara holds
    first, second = await mara.next(path, strategy="deterministic", n=2)
    # When she skips the first
    await mara.post(f"{path}/skip", {"leases": [first["lease"]]})
    # Then she is given others, and anna the skipped one
    assert ids(await mara.next(path, strategy="deterministic")) == ["t2"]
    assert ids(await anna.next(path, strategy="deterministic")) == ["t0"]

    # When anna skips it as well and mara has seen all others
    (held,) = [lease["lease"] for lease in await anna.next(path, strategy="deterministic")]
    await anna.post(f"{path}/skip", {"leases": [held, "no such lease", first["lease"]]})
    rest = await mara.next(path, strategy="deterministic", n=100)
    # Then her skipped one comes back at the very end, if nobody has it
    assert set(ids(rest)) >= {"t3", "t4"}
    assert second["id"] not in ids(rest)


async def test_a_skipped_text_is_offered_again_when_nothing_else_is_left(mara, path):
    drawn = await mara.next(path, strategy="deterministic", n=12)
    await mara.post(f"{path}/skip", {"leases": [drawn[4]["lease"], drawn[2]["lease"]]})
    again = await mara.post(f"{path}/next", {"strategy": "deterministic", "n": 12})
    assert sorted(ids(again["elements"])) == ["t2", "t4"]
    assert again["remaining"] == 0


async def test_skips_need_leases(mara, path):
    problem_of(await mara.ask("POST", f"{path}/skip", {"leases": []}), 400)
    problem_of(await mara.ask("POST", f"{path}/skip", {}), 400)


async def test_an_answer_under_somebody_elses_lease_takes_nothing_over(mara, anna, path):
    # Given a text that mara drew
    (text,) = await mara.next(path)
    # When anna answers with mara's lease, and mara then too
    given = {"id": text["id"], "value": "pro", "lease": text["lease"]}
    await anna.post(f"{path}/annotations", {"annotations": [given]})
    await mara.post(f"{path}/annotations", {"annotations": [given]})
    # Then both are stored, and only mara's has the draw's probability
    by_user = {each["user"]: each for each in await mara.log(path)}
    assert by_user["anna"]["selection_probability"] is None
    assert by_user["anna"]["strategy"] is None
    assert by_user["mara"]["selection_probability"] == pytest.approx(1 / 12)


async def test_a_lease_is_good_for_its_own_text_only(mara, path):
    (text,) = await mara.next(path)
    other = "t1" if text["id"] != "t1" else "t2"
    given = {"id": other, "value": "pro", "lease": text["lease"]}
    await mara.post(f"{path}/annotations", {"annotations": [given]})
    (entry,) = await mara.log(path)
    assert (entry["id"], entry["selection_probability"]) == (other, None)


async def test_two_annotators_share_no_text_where_one_answer_is_enough(mara, anna, path):
    drawn = [*await mara.next(path, n=6), *await anna.next(path, n=6)]
    assert len(set(ids(drawn))) == 12
    assert await anna.next(path) == []


async def test_with_an_overlap_of_two_each_text_goes_to_two(mara, anna, slug):
    path = await mara.scheme(slug, overlap=2)
    everything = sorted(row["id"] for row in ROWS)
    assert sorted(ids(await mara.next(path, n=100))) == everything
    assert sorted(ids(await anna.next(path, n=100))) == everything
    assert await mara.next(path) == []

    await mara.say(path, t0="pro", t1="pro")
    await anna.say(path, t0="con", t1="pro")
    counts = await mara.get(f"{path}/statistics")
    assert counts["disagreed"] == 1
    assert counts["annotated"]["train"] == 2
    assert {each["username"]: each["annotated"] for each in counts["annotators"]} == {
        "mara": 2,
        "anna": 2,
    }
    # A quota that falls closes what has enough; one that rises opens it
    await mara.ask("PATCH", path, {"overlap": 3})
    assert (await mara.get(path))["overlap"] == 3


# -- what is said ---------------------------------------------------------------------------


async def test_a_comment_without_a_value_leaves_the_text_to_code(mara, anna, path):
    (text,) = await mara.next(path, strategy="deterministic")
    given = {"id": text["id"], "value": None, "comment": "hm", "lease": text["lease"]}
    await mara.post(f"{path}/annotations", {"annotations": [given]})
    info = await mara.get(path)
    assert info["annotated"]["train"] == 0
    # It goes to anna next, with the comment, and not to mara
    assert ids(await mara.next(path, strategy="deterministic")) == ["t1"]
    (again,) = await anna.next(path, strategy="deterministic")
    assert again["id"] == "t0"
    assert [(a["user"], a["value"], a["comment"]) for a in again["annotations"]] == [
        ("mara", None, "hm")
    ]


async def test_a_flag_asks_others_to_look_and_stands_until_it_is_taken_away(mara, anna, path):
    # Given a text that mara codes and flags, and one that she flags without a value
    sure = {"id": "t0", "value": "pro", "flagged": True}
    unsure = {"id": "t1", "value": None, "flagged": True}
    await mara.post(f"{path}/annotations", {"annotations": [sure, unsure]})

    async def flagged() -> list[str]:
        return ids((await anna.get(f"{path}/elements", sample="flagged"))["items"])

    # Then others find both, as flagged by her, and the second is still to be coded
    assert await flagged() == ["t0", "t1"]
    listed = (await anna.get(f"{path}/elements", sample="flagged"))["items"]
    assert [(a["user"], a["value"], a["flagged"]) for e in listed for a in e["annotations"]] == [
        ("mara", "pro", True),
        ("mara", None, True),
    ]
    assert ids(await anna.next(path, strategy="deterministic")) == ["t1"]
    assert [each["flagged"] for each in await mara.log(path)] == [True, True]
    # An answer without a flag takes it away, and an undo brings it back
    await mara.say(path, t0="con")
    assert await flagged() == ["t1"]
    await mara.post(f"{path}/undo")
    assert await flagged() == ["t0", "t1"]
    await mara.say(path, t1=None)
    assert await flagged() == ["t0"]


async def test_annotations_of_one_request_are_stored_together(mara, path):
    given = [{"id": f"t{i}", "value": "pro", "seconds": i} for i in range(12)]
    seq = (await mara.post(f"{path}/annotations", {"annotations": given}))["seq"]
    assert seq == sorted(set(seq))
    assert [each["seq"] for each in await mara.log(path)] == seq
    assert (await mara.get(f"{path}/statistics"))["annotators"] == [
        {"username": "mara", "annotated": 12, "seconds_median": 5.5}
    ]
    for bad in ([], [{"id": "t0"}], [{"id": "t0", "value": "pro", "seconds": -1}]):
        problem_of(await mara.ask("POST", f"{path}/annotations", {"annotations": bad}), 400)


async def test_an_answer_brings_the_next_text_with_it(mara, path):
    (first,) = await mara.next(path, strategy="deterministic")

    said = {"annotations": [{"id": first["id"], "value": "pro", "lease": first["lease"]}]}
    saved = await mara.post(
        f"{path}/annotations", said | {"next": {"strategy": "deterministic", "n": 2}}
    )

    log = await mara.log(path)
    assert [(entry["seq"], entry["id"]) for entry in log] == [(saved["seq"][0], "t0")]
    assert ids(saved["next"]["elements"]) == ["t1", "t2"]
    assert saved["next"]["remaining"] == len(ROWS) - 3
    plain = await mara.post(f"{path}/annotations", {"annotations": said["annotations"]})
    assert plain["next"] is None


async def test_a_text_answered_without_a_lease_is_not_the_next_one(mara, path):
    said = {"annotations": [{"id": "t0", "value": "pro"}], "next": {"strategy": "deterministic"}}

    saved = await mara.post(f"{path}/annotations", said)

    assert ids(saved["next"]["elements"]) == ["t1"]


@pytest.mark.parametrize(
    ("query", "status"),
    [({"strategy": "nope"}, 404), ({"also": ["nope"]}, 404), ({"strategy": "max-entropy"}, 409)],
)
async def test_an_answer_whose_next_cannot_be_meant_is_not_stored(query, status, mara, path):
    said = {"annotations": [{"id": "t0", "value": "pro"}], "next": query}

    answer = await mara.ask("POST", f"{path}/annotations", said)

    assert answer.status_code == status
    assert await mara.log(path) == []


async def test_the_same_text_twice_in_one_request_counts_the_later(mara, path):
    given = [{"id": "t0", "value": "pro"}, {"id": "t0", "value": "con"}]
    await mara.post(f"{path}/annotations", {"annotations": given})
    assert await mara.values(path) == {"t0": "con"}
    assert (await mara.post(f"{path}/undo"))["value"] == "pro"


# -- lists ----------------------------------------------------------------------------------


async def test_the_table_is_paged_without_gap_or_repeat(mara, path):
    await mara.say(path, t3="pro", t9="con")

    async def walk(**query) -> list[str]:
        found, cursor = [], None
        while True:
            page = await mara.get(
                f"{path}/elements", limit=5, **query, **({"cursor": cursor} if cursor else {})
            )
            found += ids(page["items"])
            cursor = page["cursor"]
            if cursor is None:
                return found

    assert await walk() == [row["id"] for row in ROWS]
    assert await walk(regex="cats") == ["t1", "t3", "t5", "t7", "t9", "t11"]
    assert await walk(sample="untagged", split="train") == [
        row["id"] for row in ROWS if row["id"] not in {"t3", "t9"}
    ]
    assert await walk(sample="tagged", label="con") == ["t9"]
    assert await walk(split="test") == []
    for cursor in ("99", "-1", "x", "9" * 30):
        problem_of(await mara.ask("GET", f"{path}/elements", cursor=cursor), 422)
    problem_of(await mara.ask("GET", f"{path}/elements", regex="("), 422)
    problem_of(await mara.ask("GET", f"{path}/elements", sample="predicted_as"), 422)
    problem_of(await mara.ask("GET", f"{path}/elements", limit=0), 400)


async def test_the_log_is_paged_without_gap_or_repeat(mara, slug, path):
    other = await mara.scheme(slug, name="other")
    for i in range(5):
        await mara.say(path, **{f"t{i}": "pro"})
        await mara.say(other, **{f"t{i}": "con"})
    found, cursor = [], {}
    while True:
        page = await mara.get(f"{path}/annotations", limit=2, **cursor)
        found += page["items"]
        if page["cursor"] is None:
            break
        cursor = {"cursor": page["cursor"]}
    assert [(each["id"], each["value"]) for each in found] == [(f"t{i}", "pro") for i in range(5)]
    # A log that has grown goes on from the old cursor
    assert (await mara.get(f"{path}/annotations", cursor=str(found[-1]["seq"])))["items"] == []
