"""Replies of labellers, in the embedded database and in PostgreSQL."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import NotFoundError
from kodkod.store.artefacts import ModelRow, add_model, delete_model, new_id
from kodkod.store.database import Database, now
from kodkod.store.people import add_user
from kodkod.store.projects import Project, add_project, add_scheme, delete_project
from kodkod.store.replies import (
    ReplyRow,
    ReplyTotals,
    add_labelled,
    find_replies,
    labelled_rows,
    list_answers,
    list_replies,
    put_replies,
    reply_totals,
    totals_by_model,
)

MANY = 1_234


def reply(key: str, **given: Any) -> ReplyRow:
    facts = {
        "state": "answered",
        "value": '"1"',
        "confidence": 0.9,
        "probabilities": {"1": 0.9, "2": 0.1},
        "justification": "why",
        "raw": "raw",
        "problem": "",
        "tokens_in": 10,
        "tokens_out": 2,
        "calls": 1,
        "seconds": 0.5,
        "cost": 0.25,
        "wh": None,
        "created_at": now(),
    }
    return ReplyRow(key=key, **(facts | given))


@pytest.fixture
async def project(database: Database) -> Project:
    async with database.write() as connection:
        owner = await add_user(
            connection, username="mara", sign_in="password", secret="", role="manager"
        )
        return await add_project(
            connection,
            owner_id=owner.id,
            slug="texts",
            name="Texts",
            language="en",
            config={},
            n_rows=10,
            splits={},
            corpus_fingerprint="",
            created_by="mara",
        )


async def labelling(database: Database, project: Project, name: str) -> str:
    async with database.write() as connection:
        return await labelling_in(connection, project, name)


async def labelling_in(connection: AsyncConnection, project: Project, name: str) -> str:
    scheme = await add_scheme(
        connection,
        [("cat", None, "")],
        project_id=project.id,
        name=f"scheme-{name}",
        type="multiclass",
        params={},
        codebook="",
        overlap=1,
        guide=None,
    )
    row = ModelRow(
        id=new_id(),
        project_id=project.id,
        scheme_id=scheme.id,
        name=name,
        component="reader",
        params={},
        features=[],
        label_ids=[1, 2],
        n_train=0,
        trained_at_seq=0,
        corpus_fingerprint="",
        seed=0,
        scores={},
        predicted_rows=None,
        created_at=now(),
        labelling={"prompt_id": "p", "prompt": "code", "version": 1},
    )
    await add_model(connection, row)
    return row.id


async def test_a_later_reply_takes_the_place_of_an_earlier_and_what_both_took_adds_up(
    database, project
):
    model = await labelling(database, project, "one")
    first = reply("k", state="unparsed", value=None, cost=None, wh=0.5)
    async with database.write() as connection:
        await put_replies(connection, project.id, [first])
        await add_labelled(connection, model, [(7, "k")])
    async with database.read() as connection:
        assert await list_replies(connection, project.id, model) == [(7, first)]

    later = reply("k", tokens_in=11, calls=3)
    async with database.write() as connection:
        await put_replies(connection, project.id, [later])
        await add_labelled(connection, model, [(7, "k"), (3, "k")])
    both = structs.replace(
        later, tokens_in=21, tokens_out=4, calls=4, seconds=1.0, cost=0.25, wh=0.5
    )
    async with database.read() as connection:
        assert await find_replies(connection, project.id, ["k", "x"]) == {"k": "answered"}
        assert await list_replies(connection, project.id, model) == [(3, both), (7, both)]
        assert await labelled_rows(connection, model) == [3, 7]


async def test_a_reply_that_failed_takes_the_place_of_no_other(database, project):
    model = await labelling(database, project, "one")
    failed = reply("k", state="failed", value=None, probabilities=None, problem="late", raw="")
    async with database.write() as connection:
        await put_replies(connection, project.id, [reply("k"), reply("f", state="failed")])
        await put_replies(connection, project.id, [failed, structs.replace(failed, key="f")])
        await add_labelled(connection, model, [(0, "k"), (1, "f")])
    async with database.read() as connection:
        (_, kept), (_, replaced) = await list_replies(connection, project.id, model)
    assert (kept.state, kept.value, kept.raw, kept.problem) == ("answered", '"1"', "raw", "")
    assert kept.cost == 0.5
    assert (replaced.state, replaced.problem) == ("failed", "late")


async def test_runs_that_ask_the_same_at_once_keep_one_reply(database, project):
    replies = [reply(f"k{i}") for i in range(300)]

    async def put(these: list[ReplyRow]) -> None:
        async with database.write() as connection:
            await put_replies(connection, project.id, these)

    await asyncio.gather(put(replies), put(replies[::-1]), put(replies[100:]))
    async with database.read() as connection:
        assert len(await find_replies(connection, project.id, [r.key for r in replies])) == 300


async def test_a_labelling_that_is_gone_is_told(database, project):
    async with database.write() as connection:
        with pytest.raises(NotFoundError, match="deleted meanwhile"):
            await add_labelled(connection, "nobody", [(0, "k")])


async def test_answers_are_read_apart_from_the_rest(database, project):
    model = await labelling(database, project, "one")
    async with database.write() as connection:
        found = [reply("a"), reply("b", state="unparsed", value=None), reply("c", value='"2"')]
        await put_replies(connection, project.id, found)
        await add_labelled(connection, model, [(0, "a"), (1, "b"), (2, "c"), (3, "a")])
    async with database.read() as connection:
        first = await list_answers(connection, project.id, model, limit=2)
        rest = await list_answers(connection, project.id, model, after=first[-1].row, limit=2)
    assert [(each.row, each.value) for each in first + rest] == [(0, '"1"'), (2, '"2"'), (3, '"1"')]
    assert first[0].probabilities == {"1": 0.9, "2": 0.1}


async def test_texts_that_share_a_question_are_counted_apart_and_paid_once(database, project):
    model = await labelling(database, project, "one")
    async with database.write() as connection:
        found = [reply("a"), reply("b", state="unparsed", value=None, cost=0.5, wh=0.125)]
        await put_replies(connection, project.id, found)
        await add_labelled(connection, model, [(0, "a"), (1, "a"), (2, "b")])
        await put_replies(connection, project.id, [reply("f", state="failed", tokens_in=0)])
        other = await labelling_in(connection, project, "two")
        await add_labelled(connection, other, [(5, "a"), (6, "f")])
    async with database.read() as connection:
        totals = await reply_totals(connection, project.id, model)
        none = await reply_totals(connection, project.id, "nobody")
        each = await totals_by_model(connection, project.id, [model, other])
        heard = await reply_totals(connection, project.id, other, heard=True)
    assert each[model] == totals
    assert (each[other].answered, each[other].failed, each[other].questions) == (1, 1, 2)
    assert (heard.failed, heard.questions, heard.tokens_in) == (0, 1, 10)
    assert totals == ReplyTotals(
        answered=2,
        unparsed=1,
        questions=2,
        tokens_in=20,
        tokens_out=4,
        calls=2,
        seconds=1.0,
        cost=0.75,
        wh=0.125,
    )
    assert none == ReplyTotals()


async def test_many_are_kept_and_walked_through_in_pages(database, project):
    model = await labelling(database, project, "one")
    async with database.write() as connection:
        await put_replies(connection, project.id, [reply(f"k{i}") for i in range(MANY)])
        await add_labelled(connection, model, [(i, f"k{i}") for i in range(MANY)])
    async with database.read() as connection:
        known = await find_replies(connection, project.id, [f"k{i}" for i in range(MANY)])
        assert len(known) == MANY
        rows, after = [], -1
        while page := await list_replies(connection, project.id, model, after=after, limit=500):
            rows += [row for row, _ in page]
            after = rows[-1]
        some = await list_replies(connection, project.id, model, rows=[5, 9], state="answered")
    assert rows == list(range(MANY))
    assert [row for row, _ in some] == [5, 9]


async def test_replies_outlive_their_labelling_and_go_with_their_project(database, project):
    model = await labelling(database, project, "one")
    async with database.write() as connection:
        await put_replies(connection, project.id, [reply("k")])
        await add_labelled(connection, model, [(0, "k")])
        await delete_model(connection, model)
    async with database.read() as connection:
        assert await labelled_rows(connection, model) == []
        assert await find_replies(connection, project.id, ["k"]) == {"k": "answered"}
    async with database.write() as connection:
        await delete_project(connection, project.id)
    async with database.read() as connection:
        assert await find_replies(connection, project.id, ["k"]) == {}
