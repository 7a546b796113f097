"""Endpoints that others wrote, and one that holds a random model to any schema."""

from __future__ import annotations

import pytest

from kodkod.api import Span
from llm.schema_peer import SchemaModel
from llm.transformers_peer import build_checkpoint, transformers_serve

TEXTS = ("a cat sat", "the dog ran", "rain again", "")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("serve")
    checkpoint = build_checkpoint(folder / "tiny")
    with transformers_serve(checkpoint, folder / "log") as url:
        yield url, str(checkpoint)


def test_transformers_serve_ignores_the_schema_and_decides(served, asker):
    url, model = served
    replies = asker.ask(url, *TEXTS, model=model)
    assert "Answers are asked for by 'systemone'." in asker.ctx.lines
    for reply in replies:
        assert reply.state == "answered"
        assert sum(reply.probabilities) == pytest.approx(1)
        likeliest = reply.probabilities.index(max(reply.probabilities))
        assert reply.value == asker.task().labels[likeliest]
        assert reply.confidence == max(reply.probabilities)
        assert reply.tokens_in > 0
    again = asker.ask(url, *TEXTS, model=model, adapter="systemone")
    assert [reply.probabilities for reply in again] == [reply.probabilities for reply in replies]


def test_transformers_serve_decides_each_of_several_labels(served, asker):
    url, model = served
    (reply,) = asker.ask(url, "a cat", task=asker.task("multilabel"), model=model)
    pairs = zip(asker.task().labels, reply.probabilities, strict=True)
    assert reply.value == [label for label, sure in pairs if sure >= 0.5]
    assert reply.confidence == pytest.approx(min(max(p, 1 - p) for p in reply.probabilities))


def test_where_transformers_serve_must_write_its_deafness_is_noticed(served, asker):
    url, model = served
    (reply,) = asker.ask(
        url, "a cat", task=asker.task(justify=True), model=model, max_tokens=8, timeout_s=60
    )
    told = " ".join(asker.ctx.lines)
    assert "Answers are asked for in words" in told
    # A random model says nothing of use, and nothing is made of it.
    assert (reply.state, reply.value) == ("unparsed", None)
    assert reply.raw


def test_a_model_that_transformers_serve_has_not_is_named(served, asker):
    url, _ = served
    replies = asker.ask(url, "a cat", model="nobody/nothing", adapter="systemone", retries=0)
    assert replies[0].state == "failed"
    assert "nobody/nothing" in replies[0].problem


@pytest.mark.parametrize("justify", [False, True])
@pytest.mark.parametrize("adapter", ["schema", "tools"])
def test_a_random_model_that_is_held_to_the_schema_answers_in_it(endpoint, asker, adapter, justify):
    server = endpoint(SchemaModel(schema=adapter == "schema"))
    replies = asker.ask(server.url, *TEXTS, task=asker.task(justify=justify))
    assert f"Answers are asked for by {adapter!r}." in asker.ctx.lines
    assert {reply.state for reply in replies} == {"answered"}
    assert {reply.value for reply in replies} <= set(asker.task().labels)
    several = asker.ask(server.url, *TEXTS, task=asker.task("multilabel", justify=justify))
    assert {reply.state for reply in several} == {"answered"}


def test_quotes_that_a_random_model_makes_up_are_refused(endpoint, asker):
    server = endpoint(SchemaModel(tools=False))
    replies = asker.ask(server.url, *TEXTS * 3, task=asker.task("span"))
    assert {reply.state for reply in replies} <= {"answered", "unparsed"}
    for reply, text in zip(replies, TEXTS * 3, strict=True):
        for span in reply.value or []:
            assert isinstance(span, Span)
            assert 0 <= span.start < span.end <= len(text)
        if reply.state == "unparsed":
            assert "not in the text" in reply.problem


def test_log_probabilities_become_confidence(endpoint, asker):
    server = endpoint(SchemaModel())
    replies = asker.ask(server.url, *TEXTS, adapter="schema", logprobs=True)
    # Of the letters of a label only the first is free.
    assert all(0 < reply.confidence <= 1 for reply in replies)
    assert any(reply.confidence < 1 for reply in replies)
