"""Ways to ask: what each sends, what it makes of odd answers, and when another one is taken."""

from __future__ import annotations

import json
import threading
from itertools import islice

import pytest

from kodkod.api import InvalidInputError
from kodkod_genai.certainty import label_certainty
from kodkod_genai.way import keeps_to_schema
from kodkod_genai.wire import TokenLogprob
from llm.scripted import Served, animals, chat

TEXTS = ("a cat sat", "the dog ran", "rain again")
NOWHERE = Served(status=404, body={"error": {"message": "no such address"}})


def decision(*answers):
    return Served(body={"answers": list(answers), "model": "m", "usage": {"input_tokens": 5}})


def test_several_labels_are_decided_one_by_one(endpoint, asker):
    def decides(call):
        assert [each["type"] for each in call.body["questions"]] == ["predicate"] * 3
        sure = (0.9, 0.2, 0.6)
        return decision(*({"type": "predicate", "probability": each} for each in sure))

    server = endpoint(decides)
    (reply,) = asker.ask(
        server.url,
        "a cat",
        task=asker.task("multilabel"),
        adapter="decisions",
        samples=3,
        temperature=1.0,
    )
    assert (reply.value, reply.probabilities) == (["cat", "none"], (0.9, 0.2, 0.6))
    assert reply.confidence == 0.6
    # A decision is the same each time, and is asked for once.
    assert (len(server.calls), reply.tokens_in) == (1, 5)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"type": "refusal", "name": "label"}, "the model refused"),
        ({"type": "choice", "probabilities": []}, "0 probabilities for 3 labels"),
        ({"type": "predicate", "probability": 0.5}, "no choice"),
        ({"type": "choice", "probabilities": [{"value": "cat", "probability": "high"}]}, "float"),
        ({"type": "essay"}, "essay"),
        (
            {
                "type": "choice",
                "probabilities": [{"value": v, "probability": 0} for v in ("cat", "dog", "none")],
            },
            "all probabilities are 0",
        ),
    ],
)
def test_decisions_that_are_none_are_told(endpoint, asker, answer, problem):
    server = endpoint(lambda call: decision(answer))
    (reply,) = asker.ask(server.url, "a cat", adapter="decisions", retries=0)
    assert reply.state in {"unparsed", "failed"}
    assert problem in reply.problem


def test_the_way_that_decides_comes_before_all_that_write(endpoint, asker):
    def everything(call):
        if call.path.endswith("/systemone"):
            shares = dict.fromkeys(call.body["questions"]["label"]["criteria"], 0.5)
            return Served(body={"answers": {"label": {"probabilities": shares}}})
        return animals(call)

    server = endpoint(everything)
    asker.ask(server.url, "a cat")
    assert "Answers are asked for by 'systemone'." in asker.ctx.lines
    asker.ask(server.url, "a cat", task=asker.task(justify=True))
    assert asker.ctx.lines[-1] == "Answers are asked for by 'schema'."


def test_what_is_said_of_a_tool_is_read_as_well(endpoint, asker):
    server = endpoint(lambda call: Served(body=chat('{"label": "cat"}')))
    (reply,) = asker.ask(server.url, "a cat", adapter="tools")
    assert reply.value == "cat"


def test_arguments_that_are_an_object_already_are_read(endpoint, asker):
    function = {"name": "answer", "arguments": {"label": "cat"}}
    called = chat(None, finish="tool_calls", tool_calls=[{"id": "t", "function": function}])
    server = endpoint(lambda call: Served(body=called))
    (reply,) = asker.ask(server.url, "a cat", adapter="tools")
    assert reply.value == "cat"


def test_an_answer_in_parts_is_put_together(endpoint, asker):
    parts = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "dog?"}]},
        {"type": "text", "text": '{"label": '},
        {"type": "text", "text": '"cat"}'},
    ]
    server = endpoint(lambda call: Served(body=chat(parts)))
    (reply,) = asker.ask(server.url, "a cat", adapter="schema")
    assert reply.value == "cat"


def test_the_limit_of_tokens_goes_by_the_name_that_the_model_knows(endpoint, asker):
    def newer(call):
        if "max_tokens" in call.body:
            said = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
            return Served(status=400, body={"error": {"message": said}})
        assert call.body["max_completion_tokens"] == 77
        return animals(call)

    server = endpoint(newer)
    replies = asker.ask(server.url, *TEXTS, adapter="schema", max_tokens=77, concurrency=1)
    assert [reply.value for reply in replies] == ["cat", "dog", "none"]
    assert sum("max_tokens" in call.body for call in server.calls) == 1


def test_extra_fields_are_sent_and_cannot_change_what_is_asked(endpoint, asker):
    server = endpoint()
    extra = {"reasoning_effort": "low", "temperature": 0.3, "messages": [], "model": "other"}
    asker.ask(server.url, "a cat", adapter="schema", extra_body=extra)
    body = server.calls[0].body
    assert (body["reasoning_effort"], body["temperature"], body["model"]) == ("low", 0.3, "m")
    assert body["messages"][0]["content"] == "Text: a cat"


def test_an_endpoint_that_stops_holding_to_the_schema_is_noticed(endpoint, asker):
    def tires(call):
        if call.path.endswith(("/decisions", "/systemone")):
            return NOWHERE
        if "Answer with one JSON object" in json.dumps(call.body["messages"]):
            return Served(body=chat("cat"))
        return animals(call) if call.number < 6 else Served(body=chat("A cat, I would say."))

    server = endpoint(tires)
    replies = asker.ask(server.url, *["a cat"] * 60, concurrency=1)
    assert "8 answers in a row are not held to the schema; from now on" in asker.ctx.lines[-1]
    assert {reply.value for reply in replies} == {"cat"}
    # In words from then on, and answered at once.
    assert [reply.calls for reply in replies[-40:]] == [1] * 40


def test_an_adapter_that_was_chosen_is_kept_and_its_failure_told(endpoint, asker):
    server = endpoint(lambda call: Served(body=chat("A cat, I would say.")))
    replies = asker.ask(server.url, *["a cat"] * 20, adapter="schema")
    assert {reply.state for reply in replies} == {"unparsed"}
    (line,) = asker.ctx.lines
    assert "though the adapter 'schema' was chosen" in line


def test_questions_that_are_all_refused_end_the_run(endpoint, asker):
    said = "Unsupported value: 'temperature' does not support 0.0 with this model."
    server = endpoint(lambda call: Served(status=400, body={"error": {"message": said}}))
    with pytest.raises(InvalidInputError, match=r"in a row came to nothing.*temperature"):
        asker.ask(server.url, *["a cat"] * 200, adapter="schema")
    assert len(server.calls) < 60


@pytest.mark.parametrize("status", [401, 403, 500])
def test_a_key_that_an_endpoint_repeats_is_hidden(endpoint, asker, status):
    said = "Incorrect API key provided: sk-very-secret (sk-ve****cret). See your account."
    server = endpoint(lambda call: Served(status=status, body={"error": {"message": said}}))
    try:
        (reply,) = asker.ask(server.url, "a cat", adapter="schema", secret="key", retries=0)
        told = reply.problem
    except InvalidInputError as error:
        told = error.message
    assert "See your account" in told
    assert "secret (" not in told
    assert "sk-" not in told


def test_a_key_that_a_model_repeats_is_hidden(endpoint, asker):
    server = endpoint(lambda call: Served(body=chat("your key is sk-very-secret")))
    (reply,) = asker.ask(server.url, "a cat", adapter="schema", secret="key")
    assert reply.state == "unparsed"
    assert "sk-very-secret" not in repr(reply)


def test_whoever_stops_early_gives_up_what_is_under_way(endpoint, asker):
    server = endpoint(lambda call: animals(call) if call.number == 0 else Served(delay=60))
    labeller = asker.labeller(server.url, adapter="schema", concurrency=8)
    replies = labeller.label(asker.questions(*TEXTS * 10), asker.task(), asker.ctx)
    assert len(list(islice(replies, 1))) == 1
    replies.close()
    assert not [
        each for each in threading.enumerate() if each.name.startswith(("genai", "asyncio"))
    ]


def test_nothing_asked_is_nothing_called(endpoint, asker):
    server = endpoint()
    assert asker.ask(server.url) == []
    assert not server.calls


def tokens(*pairs):
    return [TokenLogprob(token, logprob) for token, logprob in pairs]


def test_certainty_is_of_the_label_and_not_of_what_is_around_it():
    content = '{"justification": "cat, not dog", "label": "cat"}'
    said = tokens(
        ('{"justification": "', -1),
        ("cat", -9),
        (', not dog", "label": "', -1),
        ("cat", 0),
        ('"}', -1),
    )
    assert label_certainty(content, said) == 1.0
    assert label_certainty(content, tokens(("something else", -1))) is None
    assert label_certainty('{"labels": []}', said) is None


def test_certainty_of_a_label_with_escapes():
    said = tokens(('{"label": "caf', -0.5), ("\\u00e9", -1.5), ('"}', 0))
    assert label_certainty('{"label": "caf\\u00e9"}', said) == pytest.approx(0.3679, abs=1e-4)


@pytest.mark.parametrize(
    ("kind", "said", "keeps"),
    [
        ("multiclass", '{"label": "cat"}', True),
        ("multiclass", '{"label": "tiger"}', False),
        ("multiclass", '{"label": ["cat"]}', False),
        ("multiclass", '{"label": "cat", "more": 1}', False),
        ("multiclass", '"cat"', False),
        ("multiclass", "cat", False),
        ("multiclass", {"label": "cat"}, True),
        ("multilabel", '{"labels": []}', True),
        ("multilabel", '{"labels": ["cat", "tiger"]}', False),
        ("multilabel", '{"labels": "cat"}', False),
        ("span", '{"spans": [{"label": "cat", "quote": "not in any text"}]}', True),
        ("span", '{"spans": [{"label": "cat", "start": 3}]}', False),
        ("span", '{"spans": ["cat"]}', False),
    ],
)
def test_what_keeps_to_a_schema(asker, kind, said, keeps):
    assert keeps_to_schema(asker.task(kind), said) is keeps
