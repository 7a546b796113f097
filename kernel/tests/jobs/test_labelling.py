"""Labellings: asked once, kept as they come, gone on with, published, scored and learnt from."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest

from kodkod.jobs.supervisor import Supervisor
from kodkod.project.labelling import Labelling
from kodkod.project.teaching import Taught
from kodkod.store.artefacts import ModelRow, add_model, change_model, delete_model, new_id
from kodkod.store.corpus import write_corpus
from kodkod.store.database import now
from kodkod.store.log import LogWriter
from kodkod.store.predictions import open_full, open_predicted
from kodkod.store.prompts import ExamplePlan, PromptRow, PromptVersion, add_prompt
from kodkod.store.replies import list_replies, reply_totals

from .classroom import LABELS, TEXTS, Classroom, corpus_of, texts_of

N = 60


class Asking:
    """A classroom with a prompt, and labellings that ask by it."""

    def __init__(self, desk, room: Classroom, folder: Path) -> None:
        self.desk, self.room, self._folder = desk, room, folder

    async def open(self, type_: str = "multiclass", labels=LABELS) -> None:
        await self.room.open(N, type_, labels)
        self.prompt = await self.write("code", "{{ text }}")

    async def write(self, name: str, user: str, examples: ExamplePlan | None = None) -> str:
        room = self.room
        row = PromptRow(
            id=new_id(),
            project_id=room.project.id,
            scheme_id=room.scheme.id,
            name=name,
            created_at=now(),
        )
        first = PromptVersion(
            prompt_id=row.id,
            number=1,
            system="",
            user=user,
            examples=examples or ExamplePlan(),
            note="",
            created_by=1,
            created_at=now(),
        )
        async with room.database.write() as connection:
            await add_prompt(connection, row, first)
        return row.id

    async def make(
        self, name: str = "llm", prompt: str = "", justify=False, labeller="reader", **params
    ):
        room = self.room
        ask = Labelling(prompt_id=prompt or self.prompt, prompt="code", version=1, justify=justify)
        row = ModelRow(
            id=new_id(),
            project_id=room.project.id,
            scheme_id=room.scheme.id,
            name=name,
            component=labeller,
            params={"ledger": str(self.ledger), **params},
            features=[],
            label_ids=[label.id for label in room.scheme.labels],
            n_train=0,
            trained_at_seq=0,
            corpus_fingerprint="",
            seed=0,
            scores={},
            predicted_rows=None,
            created_at=now(),
            training=msgspec.to_builtins(Taught(labels=[x.name for x in room.scheme.labels])),
            labelling=msgspec.to_builtins(ask),
        )
        async with room.database.write() as connection:
            await add_model(connection, row)
        return row.id

    @property
    def ledger(self) -> Path:
        return self._folder / "ledger"

    def paid(self) -> list[str]:
        return self.ledger.read_text().splitlines() if self.ledger.exists() else []

    async def run(self, model: str, **options):
        job = await self.desk.run("label", self.room.project, model_id=model, **options)
        assert job.state == "done", job.error
        return job.result

    async def replies(self, model: str):
        async with self.room.database.read() as connection:
            return await list_replies(connection, self.room.project.id, model)

    async def totals(self, model: str):
        async with self.room.database.read() as connection:
            return await reply_totals(connection, self.room.project.id, model)


@pytest.fixture
async def asking(settings, database, desk, tmp_path) -> AsyncIterator[Asking]:
    writer = LogWriter(database, lambda _: None)
    await writer.start()
    yield Asking(desk, Classroom(settings, database, writer), tmp_path)
    await writer.stop()


async def test_all_is_asked_once_and_answers_are_what_a_model_would_predict(asking):
    await asking.open()
    room = asking.room
    await room.truth([4, 9, 14, 19])  # of the test split
    model = await asking.make(justify=True)

    first = await asking.run(model)
    again = await asking.run(model)

    assert (first["asked"], first["answered"], first["kept"]) == (N, N, 0)
    assert (again["asked"], again["kept"], again["cost"]) == (0, N, None)
    assert sorted(asking.paid()) == sorted(texts_of(N))
    row = await room.model(model)
    assert row.predicted_rows == N
    stored = open_predicted(room.root, model)
    by_id = [row.label_ids[each] for each in stored.probabilities.argmax(axis=1)]
    assert by_id == [room.label(room.right(each)) for each in range(N)]
    assert row.scores["test"]["overall"]["accuracy"]["value"] == 1.0
    replies = await asking.replies(model)
    assert {reply.justification for _, reply in replies} == {"I saw it."}
    totals = await asking.totals(model)
    assert (totals.answered, totals.questions, totals.tokens_in) == (N, N, 10 * N)
    assert totals.cost == pytest.approx(0.012 * N)


async def test_another_labelling_that_asks_the_same_pays_nothing(asking):
    await asking.open()
    await asking.run(await asking.make("one"))
    twin = await asking.make("two")
    assert (await asking.run(twin))["kept"] == N
    assert (await asking.totals(twin)).answered == N

    # But one that asks anything else does, in its prompt or by its params
    other = await asking.write("other", "What is it? {{ text }}")
    assert (await asking.run(await asking.make("three", other)))["asked"] == N
    assert (await asking.run(await asking.make("four", wrong="rain")))["asked"] == N


async def test_texts_that_the_prompt_cuts_alike_are_asked_about_each(asking):
    await asking.open()
    prompt = await asking.write("same", "{{ text | truncate(5, True, '') }}")
    model = await asking.make(prompt=prompt)
    run = await asking.run(model)
    # The text itself is part of the question, and no two are alike
    assert (run["asked"], run["answered"]) == (N, N)


@pytest.mark.parametrize("type_", ["multilabel", "span"])
async def test_several_labels_and_spans_are_published(asking, type_):
    await asking.open(type_, ("cat", "dog"))
    room = asking.room
    await room.truth([4, 9, 14, 19])
    model = await asking.make()
    run = await asking.run(model)
    assert run["answered"] == N
    stored = open_predicted(room.root, model)
    assert stored.probabilities[3].tolist() == [1.0, 1.0]
    assert stored.probabilities[2].tolist() == [0.0, 0.0]
    if type_ == "span":
        ids = {room.label("cat"): "cat", room.label("dog"): "dog"}
        found = stored.spans.scored(np.array([3]), ids)
        assert [(span.start, span.label, score) for span, score in found[0]] == [
            (4, "cat", pytest.approx(0.9)),
            (16, "dog", pytest.approx(0.9)),
        ]
    assert "test" in (await room.model(model)).scores


async def test_what_failed_is_asked_again_and_what_is_no_value_only_if_wished(asking):
    await asking.open()
    model = await asking.make(fails="dog", wrong="rain")
    first = await asking.run(model)
    counts = Counter(
        "dog" if i % 4 in {1, 3} else "rain" if i % 4 == 2 else "cat" for i in range(N)
    )
    assert (first["answered"], first["unparsed"], first["failed"]) == (
        counts["cat"],
        counts["rain"],
        counts["dog"],
    )
    assert (await asking.room.model(model)).predicted_rows == counts["cat"]
    full = open_full(asking.room.root / "predictions" / model)
    assert np.isnan(full[2]).all()
    said = {reply.state: reply for _, reply in await asking.replies(model)}
    assert said["unparsed"].raw == "unicorn"
    assert "unicorn" in said["unparsed"].problem
    assert said["failed"].problem == "nobody was there"

    again = await asking.run(model)
    assert (again["asked"], again["kept"]) == (counts["dog"], counts["cat"] + counts["rain"])
    wished = await asking.run(model, unparsed_again=True)
    assert wished["asked"] == counts["dog"] + counts["rain"]


async def test_a_part_is_labelled_and_more_of_it_later(asking):
    await asking.open()
    model = await asking.make()
    few = await asking.run(model, rows={"on": "train", "n": 5})
    more = await asking.run(model, rows={"on": "train", "n": 12})
    named = await asking.run(model, rows={"ids": ["t1", "t4"]})
    assert (few["asked"], more["asked"], more["kept"]) == (5, 7, 5)
    assert named["rows"] == 2
    assert len(asking.paid()) == len(set(asking.paid()))


async def test_a_ceiling_stops_a_run_and_the_next_goes_on(asking):
    await asking.open()
    model = await asking.make()
    run = await asking.run(model, ceiling={"cost": 0.1})
    assert (run["stopped"], run["asked"], run["left"]) == ("ceiling", 8, N - 8)
    assert run["cost"] <= 0.1
    assert (await asking.room.model(model)).predicted_rows == 8
    rest = await asking.run(model)
    assert (rest["kept"], rest["asked"], rest["left"]) == (8, N - 8, 0)


async def test_a_plan_asks_nobody_and_knows_what_is_kept(asking):
    await asking.open()
    model = await asking.make()
    await asking.run(model, rows={"n": 10})
    paid = asking.paid()
    job = await asking.desk.run("plan-labelling", asking.room.project, model_id=model)
    plan = job.result
    assert (plan["rows"], plan["kept"], plan["to_ask"], plan["based_on"]) == (N, 10, N - 10, 10)
    assert plan["cost"] == pytest.approx(0.012 * (N - 10))
    assert plan["wh"] == pytest.approx(0.001 * (N - 10))
    assert plan["seconds"] == pytest.approx(0.5 * (N - 10) / 2)
    assert plan["samples"][0] == [{"role": "user", "content": texts_of(1)[0]}]
    assert asking.paid() == paid


async def test_a_cancelled_run_keeps_and_publishes_what_was_answered(asking, waiting):
    await asking.open()
    model = await asking.make(gate=str(waiting.gate), before_gate=7)
    row = await asking.desk.submit("label", asking.room.project, model_id=model)
    running = asyncio.create_task(asyncio.to_thread(asking.desk.runner.run, row.id))

    async def seven():
        return (await asking.totals(model)).answered == 7

    await asking.desk.until(seven)
    await asking.desk.dispatcher.cancel(row.id)
    await running
    assert (await asking.desk.job(row.id)).state == "cancelled"
    assert (await asking.room.model(model)).predicted_rows == 7
    waiting.open()
    run = await asking.run(model)
    assert (run["kept"], run["asked"]) == (7, N - 7)


async def test_a_killed_run_goes_on_where_it_was(asking, settings, waiting):
    # Given a run that has some replies
    await asking.open()
    model = await asking.make(gate=str(waiting.gate), before_gate=20)
    supervisor = Supervisor(settings, asking.desk.dispatcher.worker_died)
    await supervisor.start()
    try:
        row = await asking.desk.submit("label", asking.room.project, model_id=model)

        async def twenty():
            return (await asking.totals(model)).answered == 20

        await asking.desk.until(twenty)
        # When its worker is killed, and another takes its place
        (worker,) = supervisor.status()
        os.kill(worker.pid, signal.SIGKILL)
        waiting.open()
        done = await asking.desk.reaches(row.id, "done", "failed")
    finally:
        await supervisor.stop()
    # Then nothing that was stored is asked again, and nothing is missing
    assert done.state == "done", done.error
    assert (done.result["kept"], done.result["answered"]) == (20, N - 20)
    times = Counter(asking.paid())
    assert set(times) == set(texts_of(N))
    # The one question that was under way is asked again: nobody knows whether it was answered
    assert sorted(times.values())[-2:] == [1, 2]


async def test_examples_stay_those_that_a_labelling_began_with(asking):
    await asking.open()
    room = asking.room
    await room.truth(room.train_rows(6))
    plan = ExamplePlan(how="balanced", n=3)
    prompt = await asking.write(
        "few", "{% for e in examples %}{{ e.text }}={{ e.answer }};{% endfor %}{{ text }}", plan
    )
    model = await asking.make(prompt=prompt)
    await asking.run(model, rows={"n": 10})
    # When people annotate more
    await room.truth(room.train_rows(20))
    # Then what was asked is not asked again
    run = await asking.run(model)
    assert (run["kept"], run["asked"]) == (10, N - 10)
    job = await asking.desk.run("plan-labelling", room.project, model_id=model, rows={"n": 1})
    content = job.result["samples"][0][0]["content"]
    assert content.count('={"label":') == 3
    # And a new labelling begins with what there is by now
    other = await asking.make("other", prompt)
    assert (await asking.run(other, rows={"n": 10}))["asked"] > 0


async def test_answers_are_silver_labels_that_count_less(asking, tmp_path):
    await asking.open()
    room = asking.room
    await room.truth(room.train_rows(12))
    await asking.run(await asking.make("llm"))
    job = await asking.desk.run(
        "train",
        room.project,
        name="taught",
        scheme_id=room.scheme.id,
        component="weighed-words",
        params={"trace": str(tmp_path / "weights")},
        silver={"labelling": "llm", "weight": 0.25},
        folds=3,
    )
    assert job.state == "done", job.error
    row = await room.model("taught")
    train = [i for i in range(N) if i % 5 != 4 and i % 7 != 6]
    people = set(room.train_rows(12))
    assert (row.n_train, row.training["n_silver"]) == (len(train), len(train) - 12)
    weights = json.loads((tmp_path / "weights").read_text())
    assert weights == {str(i): 1.0 if i in people else 0.25 for i in train}
    # And the folds have judged it by what people say alone
    assert row.validation["folds"]["report"]["n"] == 12


async def test_silver_labels_need_answers_and_a_model_that_weighs(asking):
    await asking.open()
    room = asking.room
    await room.truth(room.train_rows(12))
    await asking.make("llm")
    given = {"name": "m", "scheme_id": room.scheme.id, "component": "words"}
    heavy = await asking.desk.run(
        "train", room.project, **given, silver={"labelling": "llm", "weight": 0.5}
    )
    assert "cannot let some texts count less" in heavy.error
    unasked = await asking.desk.run(
        "train", room.project, **given, silver={"labelling": "llm", "weight": 1.0}
    )
    assert "no answer to learn from" in unasked.error
    unknown = await asking.desk.run(
        "train", room.project, **given, silver={"labelling": "x", "weight": 1.0}
    )
    assert "no labelling 'x'; choose among llm" in unknown.error


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        ("", "does not fit the scheme"),
        ("silent", "gave no reply to 60 of 60"),
        ("unsure", "gave 1 probabilities for 3 labels"),
    ],
)
async def test_a_labeller_that_breaks_its_contract_is_named(asking, lie, told):
    await asking.open()
    model = await asking.make(labeller="liar", lie=lie)
    job = await asking.desk.run("label", asking.room.project, model_id=model)
    assert job.state == "failed"
    assert told in job.error
    assert "'liar'" in job.error


async def test_a_labelling_is_refused_where_what_it_needs_has_changed(asking):
    await asking.open()
    room = asking.room
    model = await asking.make()
    async with room.database.write() as connection:
        await change_model(connection, model, label_ids=[1])
    job = await asking.desk.run("label", room.project, model_id=model)
    assert "other labels than when the labelling was made" in job.error


async def test_a_run_tells_what_ended_it_though_nothing_can_be_published(asking):
    await asking.open()
    # A file where the folder of predictions would be
    (asking.room.root / "predictions").write_text("")
    model = await asking.make(labeller="liar")
    job = await asking.desk.run("label", asking.room.project, model_id=model)
    assert job.state == "failed"
    assert "does not fit the scheme" in job.error


async def test_replies_stay_though_their_labelling_is_deleted_while_it_runs(asking, waiting):
    await asking.open()
    model = await asking.make(gate=str(waiting.gate), before_gate=7)
    row = await asking.desk.submit("label", asking.room.project, model_id=model)
    running = asyncio.create_task(asyncio.to_thread(asking.desk.runner.run, row.id))

    async def seven():
        return (await asking.totals(model)).answered == 7

    await asking.desk.until(seven)
    async with asking.room.database.write() as connection:
        await delete_model(connection, model)
    waiting.open()
    await running
    job = await asking.desk.job(row.id)
    assert job.state == "failed"
    assert "The labelling was deleted meanwhile" in job.error
    assert not (asking.room.root / "predictions" / model).exists()
    # What was paid until it was noticed is not paid again
    paid = len(asking.paid())
    run = await asking.run(await asking.make("again"))
    assert run["kept"] >= paid - 1
    assert run["kept"] + run["asked"] == N


async def test_a_run_that_finds_all_of_it_kept_tells_how_far_it_is(asking):
    await asking.open()
    model = await asking.make()
    await asking.run(model)
    job = await asking.desk.run("label", asking.room.project, model_id=model)
    # Each of its looks for what is kept lets a cancellation be heard
    assert "texts" in job.message
    assert "kept" in job.metrics


async def test_characters_that_a_database_does_not_take_cost_no_run(asking):
    await asking.open()
    model = await asking.make(adds=r"\u0000|\ud83d|\ud83d\ude00")
    assert (await asking.run(model))["answered"] == N
    assert {reply.raw for _, reply in await asking.replies(model)} == {
        f"{said}\ufffd|?|\U0001f600" for said in LABELS
    }


async def test_a_plan_does_not_take_what_failed_for_what_an_answer_takes(asking):
    await asking.open()
    model = await asking.make(fails="dog")
    run = await asking.run(model, rows={"n": 20})
    assert run["failed"] > 0
    job = await asking.desk.run("plan-labelling", asking.room.project, model_id=model)
    plan = job.result
    assert plan["based_on"] == run["answered"]
    assert plan["cost"] == pytest.approx(0.012 * plan["to_ask"])


async def test_a_ceiling_on_cost_needs_both_prices(asking):
    await asking.open()
    model = await asking.make(price_out=None)
    job = await asking.desk.run("label", asking.room.project, model_id=model, ceiling={"cost": 1.0})
    assert "no prices to reckon it by" in job.error
    assert asking.paid() == []


async def test_alike_texts_share_a_reply_also_one_that_failed_and_is_asked_again(asking):
    await asking.open()
    alike = [TEXTS[i % len(TEXTS)] for i in range(N)]
    write_corpus(asking.room.root, corpus_of(N).with_columns(pl.Series("text", alike)))
    model = await asking.make(fails="dog")
    first = await asking.run(model)
    assert (first["asked"], first["answered"], first["failed"]) == (4, N // 2, N // 2)
    again = await asking.run(model)
    assert (again["asked"], again["kept"], again["failed"]) == (2, N // 2, N // 2)
    totals = await asking.totals(model)
    assert (totals.answered, totals.failed, totals.questions) == (N // 2, N // 2, 4)
    assert totals.cost == pytest.approx(2 * 0.012)


async def test_texts_that_were_added_are_asked_about_and_published_beside_the_others(asking):
    await asking.open()
    model = await asking.make()
    await asking.run(model)
    await asking.room.grow(N + 10)
    run = await asking.run(model)
    assert (run["kept"], run["asked"], run["left"]) == (N, 10, 0)
    assert (await asking.room.model(model)).predicted_rows == N + 10
    stored = open_predicted(asking.room.root, model)
    assert stored.rows.tolist() == list(range(N + 10))
