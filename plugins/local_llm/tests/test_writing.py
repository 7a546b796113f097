"""Written answers: even a random model's fit the schema, whatever the labels are called."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema_rs import validator_for

from kodkod.api import answer_schema
from kodkod_local_llm.grammar import label_places

from .asking import LABELS, TEXTS, ask, labeller, make_task, sure
from .tiny import TINY

pytestmark = pytest.mark.usefixtures("local_models")

names = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
    st.sampled_from(['"', "\\", '\\"', "a" * 500, "}", "né", "\u2028", "\x00", "</s>", " a", "a "]),
)
schemes = st.lists(names, min_size=1, max_size=6, unique=True).map(
    # Names that others begin with are the hard ones.
    lambda some: list(dict.fromkeys([*some, *(name[:1] for name in some)]))
)
examples = settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@examples
@given(labels=schemes, name=st.sampled_from(list(TINY)), justify=st.booleans())
def test_a_label_is_always_of_the_scheme(labels, name, justify, ctx):
    task = make_task("multiclass", labels, justify=justify)
    given_ = labeller(model=name, method="constrained", max_tokens=3_000)
    (reply,) = ask(given_, ["goal"], task, ctx)

    assert reply.state == "answered", reply.problem
    assert reply.value in labels
    assert 0 < sure(reply) <= 1
    validator_for(answer_schema(task)).validate(json.loads(reply.raw))


@examples
@given(labels=schemes, name=st.sampled_from(list(TINY)))
def test_several_labels_are_too(labels, name, ctx):
    task = make_task("multilabel", labels)
    given_ = labeller(model=name, method="constrained", max_tokens=3_000, temperature=1.5)
    (reply,) = ask(given_, ["goal"], task, ctx)

    assert reply.state == "answered", reply.problem
    validator_for(answer_schema(task)).validate(json.loads(reply.raw))


@examples
@given(labels=schemes, name=st.sampled_from(list(TINY)), text=st.text(max_size=10))
def test_quotes_are_always_of_the_text(labels, name, text, ctx):
    task = make_task("span", labels)
    given_ = labeller(model=name, max_tokens=2_000, temperature=2.0)
    (reply,) = ask(given_, [text], task, ctx)

    said = json.loads(reply.raw)
    validator_for(answer_schema(task)).validate(said)
    assert all(each["quote"] and each["quote"] in text for each in said["spans"])
    # The same words may be quoted more often than they are there, and blanks are nowhere.
    assert reply.state == "answered" or "is not in the text" in reply.problem


@pytest.mark.parametrize("scheme_type", ["multiclass", "multilabel", "span"])
@pytest.mark.parametrize("name", TINY)
def test_batches_change_nothing(name, scheme_type, ctx):
    task = make_task(scheme_type, justify=scheme_type != "span")
    usual = {"model": name, "method": "constrained", "max_tokens": 90, "temperature": 0.7}
    together = ask(labeller(**usual, batch_tokens=50_000), TEXTS, task, ctx)
    alone = ask(labeller(**usual, batch_tokens=128), TEXTS, task, ctx)

    for one, other in zip(together, alone, strict=True):
        assert (one.raw, one.state, one.value) == (other.raw, other.state, other.value)
        if one.state == "answered":
            assert one.confidence == pytest.approx(other.confidence, rel=1e-3)


def test_an_answer_without_end_is_told_and_not_guessed(ctx):
    given_ = labeller(max_tokens=16)
    (reply,) = ask(given_, ["goal"], make_task("multiclass", justify=True), ctx)

    assert reply.state == "unparsed"
    assert reply.value is None
    assert "16 tokens; raise max_tokens" in reply.problem
    assert reply.raw.startswith('{"justification": "')


def test_most_of_several_samples_decide(ctx):
    usual = {"samples": 5, "temperature": 1.0}
    task = make_task("multiclass")
    replies = ask(labeller(**usual), TEXTS, task, ctx)
    again = ask(labeller(**usual), TEXTS, task, ctx)
    others = ask(labeller(**usual, seed=1), TEXTS, task, ctx)

    for reply in replies:
        said = [json.loads(line)["label"] for line in reply.raw.splitlines()]
        assert len(said) == reply.calls == 5
        assert reply.confidence == said.count(reply.value) / 5
        assert said.count(reply.value) == max(map(said.count, said))
    assert [each.raw for each in replies] == [each.raw for each in again]
    assert [each.raw for each in replies] != [each.raw for each in others]


def test_a_nearly_certain_draw_is_the_most_probable(ctx):
    task = make_task("multiclass")
    greedy = ask(labeller(method="constrained"), TEXTS, task, ctx)
    for drawn in ({"temperature": 0.001}, {"temperature": 1.0, "top_p": 1e-6}):
        replies = ask(labeller(method="constrained", **drawn), TEXTS, task, ctx)
        assert [each.raw for each in replies] == [each.raw for each in greedy]


def test_a_label_that_another_begins_with_can_be_said(ctx):
    task = make_task("multiclass", ["econ", "economy"])
    given_ = labeller(method="constrained", samples=40, temperature=2.0)
    (reply,) = ask(given_, ["goal"], task, ctx)
    assert {json.loads(line)["label"] for line in reply.raw.splitlines()} == {"econ", "economy"}


def test_what_may_be_written_alone_is_certain(ctx):
    given_ = labeller(method="constrained")
    (reply,) = ask(given_, ["goal"], make_task("multiclass", ["only"]), ctx)
    assert (reply.value, reply.confidence) == ("only", pytest.approx(1.0))


@pytest.mark.parametrize(
    ("scheme_type", "answer", "expected"),
    [
        ("multiclass", {"justification": '"label": "b"', "label": "a"}, ['"a"']),
        ("multilabel", {"labels": ["a", "b"]}, ['["a", "b"]}']),
        ("span", {"spans": [{"label": 'q"', "quote": '"label": "x"'}]}, ['"q\\""']),
        ("span", {"spans": []}, ["[]}"]),
    ],
)
def test_labels_are_found_where_they_are_said(scheme_type, answer, expected):
    written = json.dumps(answer).encode()
    places = label_places(make_task(scheme_type, LABELS), written)
    assert [written[start:end].decode() for start, end in places] == expected
