"""Disagreements, decisions and suggestions, over HTTP."""

from __future__ import annotations

import io

import polars as pl
import pytest

from .talking import Talk, problem_of

ROWS = [{"id": f"t{i}", "text": f"text {i}"} for i in range(8)]
HOSTILE = '<script>alert("1")</script> {{7*7}} =cmd|"/c calc"!A1 \u202e'


@pytest.fixture
async def slug(mara) -> str:
    made = await mara.project(ROWS)
    for name in ("anna", "otto", "lead"):
        answer = await mara.ask("PUT", f"/projects/{made}/members/{name}", {"role": "annotator"})
        assert answer.status_code == 200
    return made


@pytest.fixture
async def path(mara, slug) -> str:
    return await mara.scheme(slug, overlap=3)


@pytest.fixture
async def anna(client, bearer, slug) -> Talk:
    return Talk(client, await bearer("anna"))


@pytest.fixture
async def otto(client, bearer, slug) -> Talk:
    return Talk(client, await bearer("otto"))


@pytest.fixture
async def lead(client, bearer, slug) -> Talk:
    return Talk(client, await bearer("lead"))


@pytest.fixture
async def split(path, anna, otto, lead, mara) -> str:
    """t0: two against one. t1: one against one. t2: all agree."""
    await anna.say(path, t0="pro", t1="pro", t2="pro")
    await otto.say(path, t0="con", t1="con", t2="pro")
    await lead.say(path, t0="pro")
    return path


async def queue(talk: Talk, path: str, **query) -> list[dict]:
    return (await talk.get(f"{path}/disagreements", **query))["items"]


async def decide(talk: Talk, path: str, id_: str, value, **more):
    [found] = [e for e in await queue(talk, path, decided="all") if e["id"] == id_]
    decision = {"id": id_, "value": value, "seen": found["seen"], **more}
    return await talk.ask("POST", f"{path}/adjudications", {"decisions": [decision]})


async def test_disagreements_come_by_severity_side_by_side(mara, split):
    found = await queue(mara, split)
    assert [each["id"] for each in found] == ["t1", "t0"]
    assert found[0]["severity"] == pytest.approx(1)
    assert 0 < found[1]["severity"] < 1
    assert {v["user"]: v["value"] for v in found[1]["votes"]} == {
        "anna": "pro", "otto": "con", "lead": "pro",
    }  # fmt: skip
    assert found[1]["suggestion"]["value"] == "pro"
    assert found[1]["suggestion"]["confidence"] == pytest.approx(2 / 3)
    # A tie is said to be one.
    assert found[0]["suggestion"]["tied"]
    assert found[0]["suggestion"]["value"] is None


async def test_pages_and_filters_and_what_is_said_later(mara, split, anna, otto):
    first = await mara.get(f"{split}/disagreements", limit=1)
    rest = await mara.get(f"{split}/disagreements", limit=1, cursor=first["cursor"])
    assert [each["id"] for each in first["items"] + rest["items"]] == ["t1", "t0"]
    between = await queue(mara, split, between=["anna", "lead"])
    assert between == []
    assert [each["id"] for each in await queue(mara, split, between=["otto", "lead"])] == ["t0"]
    assert await queue(mara, split, label="none") == []
    # when one of two changes their mind and another disagreement comes up
    await otto.say(split, t1="pro", t2="none")
    assert {each["id"] for each in await queue(mara, split)} == {"t0", "t2"}
    assert [each["id"] for each in await queue(mara, split, label="none")] == ["t2"]
    problem_of(await mara.ask("GET", f"{split}/disagreements", between="anna"), 422)


async def test_a_decision_counts_and_touches_nobodys_vote(mara, split, otto):
    before = await mara.log(split)
    await mara.ask("PUT", f"{split}/adjudicators", {"usernames": ["otto"]})
    # when one of those who voted decides against their own vote
    assert (await decide(otto, split, "t0", "none", comment=HOSTILE)).status_code == 201
    after = await mara.log(split)
    assert after[: len(before)] == before
    assert [(e["source"], e["user"], e["value"]) for e in after[len(before) :]] == [
        ("adjudication", "otto", "none")
    ]
    [found] = await queue(mara, split, decided="yes")
    assert {v["user"]: v["value"] for v in found["votes"]}["otto"] == "con"
    assert found["adjudications"][0]["comment"] == HOSTILE
    # it is exported, told of once, and nobody is asked for the text any more
    exported = await mara.ask(
        "GET", f"{split.split('/schemes')[0]}/export/annotations", format="parquet", scheme="stance"
    )
    line = pl.read_parquet(io.BytesIO(exported.content)).filter(pl.col("id") == "t0").to_dicts()[0]
    assert (line["stance"], line["source"], line["n_annotators"]) == ("none", "adjudication", 3)
    counts = await mara.get(f"{split}/statistics")
    assert {a["username"]: a["annotated"] for a in counts["annotators"]} == {
        "anna": 3, "otto": 3, "lead": 1,
    }  # fmt: skip
    assert counts["disagreed"] == 2


async def test_a_decided_text_is_handed_out_no_more(mara, split, lead):
    assert (await decide(mara, split, "t1", "pro")).status_code == 201
    drawn = await lead.next(split, n=8)
    assert "t1" not in {each["id"] for each in drawn}


async def test_votes_that_changed_meanwhile_are_said(mara, split, anna):
    [_, found] = await queue(mara, split)
    await anna.say(split, t0="none")
    body = {"decisions": [{"id": "t0", "value": "pro", "seen": found["seen"]}]}
    problem = problem_of(await mara.ask("POST", f"{split}/adjudications", body), 409)
    assert "anna now says 'none'" in problem["detail"]
    assert await queue(mara, split, decided="yes") == []


async def test_two_adjudicators_do_not_overwrite_one_another_unseen(mara, split, lead):
    await mara.ask("PUT", f"{split}/adjudicators", {"usernames": ["lead"]})
    [_, found] = await queue(mara, split)
    body = {"decisions": [{"id": "t0", "value": "pro", "seen": found["seen"]}]}
    assert (await lead.ask("POST", f"{split}/adjudications", body)).status_code == 201
    problem = problem_of(await mara.ask("POST", f"{split}/adjudications", body), 409)
    assert "lead now says 'pro' by adjudication" in problem["detail"]


async def test_the_newest_of_several_counts_and_each_can_be_taken_back(mara, split, lead):
    await mara.ask("PUT", f"{split}/adjudicators", {"usernames": ["lead"]})
    await decide(lead, split, "t0", "con")
    await decide(mara, split, "t0", "none")
    assert (await mara.values(split))["t0"][-2:] == ["con", "none"]
    # when the newest is taken back by undo, and the other by a manager
    undone = await mara.post(f"{split}/undo")
    assert undone["id"] == "t0"
    [found] = await queue(mara, split, decided="yes")
    assert [each["value"] for each in found["adjudications"]] == ["con"]
    answer = await mara.ask("DELETE", f"{split}/adjudications", id="t0")
    assert answer.status_code == 200
    assert await queue(mara, split, decided="yes") == []
    problem_of(await mara.ask("DELETE", f"{split}/adjudications", id="t0"), 409)
    assert len([e for e in await mara.log(split) if e["source"] == "adjudication"]) == 4


async def test_suggestions_are_accepted_by_an_act_and_taken_back_as_a_whole(
    mara, split, anna, otto
):
    await anna.say(split, t3="pro")
    await otto.say(split, t3="con")
    wish = {"consensus": "majority", "min_confidence": 0.6}
    preview = await mara.post(f"{split}/adjudications/accept", wish)
    assert preview == {"count": 1, "act": None}
    assert await queue(mara, split, decided="yes") == []
    problem_of(
        await mara.ask("POST", f"{split}/adjudications/accept", {**wish, "expected": 2}), 409
    )
    done = await mara.post(f"{split}/adjudications/accept", {**wish, "expected": 1})
    [found] = await queue(mara, split, decided="yes")
    assert found["adjudications"][0]["value"] == "pro"
    assert [e["op"] for e in await mara.log(split)][-2:] == ["accept", "set"]
    # when it is taken back by the act, everything is as before
    answer = await mara.ask("DELETE", f"{split}/adjudications", act=done["act"])
    assert answer.status_code == 200
    assert await queue(mara, split, decided="yes") == []
    # and undo does the same
    await mara.post(f"{split}/adjudications/accept", {**wish, "expected": 1})
    await mara.post(f"{split}/undo")
    assert await queue(mara, split, decided="yes") == []


async def test_an_act_that_somebody_else_took_back_stands_in_nobodys_way(mara, split, anna, otto):
    await mara.ask("PUT", f"{split}/adjudicators", {"usernames": ["anna"]})
    await anna.say(split, t3="pro")
    await otto.say(split, t3="con")
    wish = {"consensus": "majority", "min_confidence": 0.6, "expected": 1}
    done = await anna.post(f"{split}/adjudications/accept", wish)
    await mara.ask("DELETE", f"{split}/adjudications", act=done["act"])
    # when she takes back her act, of which nothing counts, and then what she did before it
    await anna.post(f"{split}/undo")
    undone = await anna.post(f"{split}/undo")
    # then that is her vote
    assert undone["id"] == "t3"


async def test_who_may_decide(mara, split, anna):
    problem_of(await anna.ask("GET", f"{split}/disagreements"), 403)
    problem_of(await anna.ask("PUT", f"{split}/adjudicators", {"usernames": ["anna"]}), 403)
    refused = await mara.ask("PUT", f"{split}/adjudicators", {"usernames": ["root"]})
    assert "no member" in problem_of(refused, 422)["detail"]
    named = await mara.ask("PUT", f"{split}/adjudicators", {"usernames": ["anna"]})
    assert named.json() == {"usernames": ["anna"]}
    assert (await queue(anna, split))[0]["id"] == "t1"
    # and texts can be theirs to decide
    assignment = {"ids": ["t0"], "adjudicator": "anna"}
    assert (
        await mara.ask("PUT", f"{split}/disagreements/assignments", assignment)
    ).status_code == 204
    [mine] = await queue(anna, split, assigned="anna")
    assert (mine["id"], mine["assigned_to"]) == ("t0", "anna")


@pytest.mark.parametrize("consensus", ["majority", "dawid-skene", "mace"])
@pytest.mark.parametrize(
    ("type_", "values", "expected"),
    [
        ("multilabel", [["pro", "con"], ["pro"], ["pro"]], ["pro"]),
        (
            "span",
            [
                [{"start": 0, "end": 4, "label": "pro"}],
                [{"start": 0, "end": 4, "label": "pro"}],
                [{"start": 0, "end": 6, "label": "pro"}],
            ],
            [{"start": 0, "end": 4, "label": "pro"}],
        ),
    ],
)
async def test_several_labels_and_passages_get_suggestions(
    mara, slug, anna, otto, lead, type_, values, expected, consensus
):
    path = await mara.scheme(slug, name="many", type=type_, overlap=3)
    for talk, value in zip((anna, otto, lead), values, strict=True):
        await talk.say(path, t0=value, t1=values[0], t2=values[0])
    [found] = await queue(mara, path, consensus=consensus)
    assert found["suggestion"]["value"] == expected
    assert found["severity"] > 0


async def test_a_decision_without_a_value_is_refused(mara, split):
    problem_of(await decide(mara, split, "t0", None), 422)
    problem_of(await decide(mara, split, "t0", "no label"), 422)
