"""Which texts are asked about, what a question is known by, what a run may take, what it gives."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kodkod.api import InvalidInputError, LabelTask, Message, Rates, Span
from kodkod.project.labelling import (
    Ceiling,
    LabelRows,
    Spent,
    chosen_rows,
    plan_of,
    published,
    question_key,
)
from kodkod.store.database import now
from kodkod.store.replies import AnswerRow, ReplyRow, ReplyTotals

SPLITS = np.array([0, 0, 0, 1, 2, 2], dtype=np.uint8)
TASK = LabelTask(
    scheme_type="multiclass",
    labels=("cat", "dog"),
    descriptions=("purrs", "barks"),
    check=lambda value, text: str(value),
)
MESSAGES = (Message("system", "Code it."), Message("user", "a cat"))


def reply(value: object, **given: object) -> ReplyRow:
    facts = {
        "key": "k",
        "state": "answered",
        "value": msgspec.json.encode(value).decode(),
        "confidence": None,
        "probabilities": None,
        "justification": "",
        "raw": "",
        "problem": "",
        "tokens_in": 10,
        "tokens_out": 2,
        "calls": 1,
        "seconds": 0.5,
        "cost": None,
        "wh": None,
        "created_at": now(),
    }
    return ReplyRow(**(facts | given))


def answer(row: int, value: object, **given: object) -> AnswerRow:
    facts = {"confidence": None, "probabilities": None} | given
    return AnswerRow(row=row, value=msgspec.json.encode(value).decode(), **facts)


def chosen(**wish: object) -> list[int]:
    ids = {"a": 0, "e": 4}
    return chosen_rows(LabelRows(**wish), SPLITS, np.array([0, 4]), ids).tolist()


def test_texts_are_chosen_by_part_by_annotation_and_by_id() -> None:
    assert chosen() == [0, 1, 2, 3, 4, 5]
    assert chosen(on="test") == [4, 5]
    assert chosen(on="test", only="annotated") == [4]
    assert chosen(only="unannotated") == [1, 2, 3, 5]
    assert chosen(ids=("e", "a")) == [0, 4]


def test_who_asks_for_more_texts_gets_those_that_were_drawn_before_too() -> None:
    for n in range(1, 6):
        assert set(chosen(n=n)) < set(chosen(n=n + 1))
    assert chosen(n=3, seed=1) != chosen(n=3, seed=2)


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({"ids": ("x",)}, "no text 'x'"),
        ({"on": "valid", "only": "annotated"}, "No text is left"),
    ],
)
def test_a_wish_that_leaves_nothing_is_refused(wish: dict[str, object], told: str) -> None:
    with pytest.raises(InvalidInputError, match=told):
        chosen(**wish)


def key(**changed: object) -> str:
    asked = {
        "labeller": "reader",
        "identity": {"model": "m", "temperature": 0.0},
        "task": TASK,
        "label_ids": (1, 2),
        "messages": MESSAGES,
        "text": "a cat",
    }
    return question_key(**(asked | changed))


def test_a_question_is_known_by_all_that_its_reply_depends_on() -> None:
    again = key(identity={"temperature": 0.0, "model": "m"})
    assert again == key()
    others = [
        key(labeller="other"),
        key(identity={"model": "m", "temperature": 1.0}),
        key(task=msgspec.structs.replace(TASK, labels=("cat", "hound"))),
        key(task=msgspec.structs.replace(TASK, descriptions=("purrs", "howls"))),
        key(task=msgspec.structs.replace(TASK, justify=True)),
        key(label_ids=(1, 3)),
        key(messages=MESSAGES[1:]),
        key(text="a cat "),
    ]
    assert len({key(), *others}) == len(others) + 1


@given(
    st.lists(st.floats(0.001, 1.0), min_size=1, max_size=40),
    st.floats(0.01, 5.0),
    st.integers(1, 8),
)
def test_a_ceiling_is_kept_where_replies_cost_alike(
    costs: list[float], most: float, at_once: int
) -> None:
    cost = costs[0]
    spent, under_way, asked = Spent(Ceiling(cost=most)), 0, 0
    while asked < 200:
        if under_way < at_once and not spent.reached(under_way):
            under_way, asked = under_way + 1, asked + 1
        elif under_way:
            under_way -= 1
            spent.add(reply("1", cost=cost))
        else:
            break
    # Those that were under way before the first reply told what one costs are paid in any case
    assert (spent.cost or 0.0) + under_way * cost <= max(most, at_once * cost) * (1 + 1e-9)


def test_tokens_have_a_ceiling_too_and_without_one_all_is_asked() -> None:
    spent = Spent(Ceiling(tokens=30))
    assert not spent.reached(0)
    spent.add(reply("1"))
    assert not spent.reached(0)
    assert spent.reached(1)
    free = Spent(Ceiling())
    free.add(reply("1", cost=1e9))
    assert not free.reached(1_000)


def test_an_answer_is_the_likeliest_label_whatever_its_confidence() -> None:
    said = published(
        [
            answer(3, "7", confidence=0.8),
            answer(5, "8"),
            answer(6, "9", confidence=0.1),
            answer(7, "9", probabilities={"7": 0.2, "8": 0.2, "9": 0.6}),
        ],
        [7, 8, 9],
        kind="multiclass",
    )
    assert said.rows.tolist() == [3, 5, 6, 7]
    np.testing.assert_allclose(said.probabilities.sum(axis=1), 1.0, rtol=1e-6)
    assert said.probabilities.argmax(axis=1).tolist() == [0, 1, 2, 2]
    np.testing.assert_allclose(said.probabilities[0], [0.8, 0.1, 0.1], rtol=1e-6)
    assert said.spans is None


def test_several_labels_and_spans_are_what_was_said() -> None:
    many = published([answer(0, ["7", "9"]), answer(1, [])], [7, 8, 9], kind="multilabel")
    assert many.probabilities.tolist() == [[1, 0, 1], [0, 0, 0]]
    spans = [{"start": 0, "end": 3, "label": "8"}]
    found = published([answer(4, spans, confidence=0.7), answer(5, [])], [7, 8], kind="span")
    assert found.probabilities.tolist() == [[0, 1], [0, 0]]
    assert (found.spans, found.scores) == ([[Span(0, 3, "8")], []], [[0.7], []])


def planned(**changed: object):
    facts = {
        "rows": 100,
        "keys": ["a", "b", "c", "c"],
        "kept": {"a"},
        "characters": {"b": 400, "c": 800},
        "totals": ReplyTotals(),
        "rates": Rates(price_in=2.0, price_out=4.0, seconds_per_call=1.0, concurrency=5),
        "justify": False,
        "remote": True,
        "samples": [],
    }
    return plan_of(**(facts | changed))


def test_a_plan_is_guessed_from_lengths_and_scaled_to_all_texts() -> None:
    plan = planned()
    assert (plan.rows, plan.kept, plan.alike, plan.to_ask) == (100, 25, 25, 50)
    assert (plan.tokens_in, plan.tokens_out) == (1200 // 4 * 25, 12 * 2 * 25)
    assert plan.cost == pytest.approx((7500 * 2 + 600 * 4) / 1e6)
    assert plan.seconds == 10.0
    assert (plan.based_on, plan.wh) == (0, None)


def test_a_plan_goes_by_what_was_replied_before() -> None:
    totals = ReplyTotals(questions=10, tokens_in=5_000, tokens_out=100, seconds=20.0, wh=1.0)
    plan = planned(totals=totals)
    assert (plan.tokens_in, plan.tokens_out, plan.based_on) == (25_000, 500, 10)
    assert plan.seconds == pytest.approx(2.0 * 50 / 5)
    assert plan.wh == pytest.approx(5.0)


def test_what_has_no_price_has_no_cost() -> None:
    plan = planned(rates=Rates())
    assert (plan.cost, plan.seconds) == (None, None)


@given(st.data())
def test_the_parts_of_a_plan_add_up_however_they_are_scaled(data: st.DataObject) -> None:
    there = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=8)
    keys = data.draw(there)
    kept = data.draw(st.sets(st.sampled_from(keys)))
    rows = data.draw(st.integers(len(keys), 100))
    plan = planned(rows=rows, keys=keys, kept=kept, characters=dict.fromkeys(set(keys) - kept, 9))
    assert plan.kept + plan.alike + plan.to_ask == rows
    assert min(plan.kept, plan.alike, plan.to_ask) >= 0
