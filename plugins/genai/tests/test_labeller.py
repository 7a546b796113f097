"""What the labeller makes of answers, good and bad, of real endpoints on the loopback interface."""

from __future__ import annotations

import json
from itertools import islice

import pytest

from kodkod.api import Cancelled, InvalidInputError, Span, UnavailableError
from kodkod.testing import RecordingContext
from llm.scripted import Served, animals, chat

TEXTS = ("a cat sat", "the dog ran", "rain again")


def told(asker) -> str:
    return "".join(asker.ctx.lines)


def test_answers_held_to_a_schema_are_asked_for_first_where_nothing_decides(endpoint, asker):
    server = endpoint()
    replies = asker.ask(server.url, *TEXTS)
    assert [reply.value for reply in replies] == ["cat", "dog", "none"]
    assert {reply.state for reply in replies} == {"answered"}
    assert "by 'schema'" in told(asker)
    schema = server.asked[0].schema
    assert schema["properties"] == {"label": {"type": "string", "enum": ["cat", "dog", "none"]}}
    assert [(reply.tokens_in, reply.tokens_out, reply.calls) for reply in replies] == [
        (10, 2, 1)
    ] * 3


@pytest.mark.parametrize("adapter", ["schema", "tools"])
def test_several_labels_and_spans(endpoint, asker, adapter):
    server = endpoint()
    text = "one cat and one dog"
    many = asker.task("multilabel", ("cat", "dog"))
    spans = asker.task("span", ("cat", "dog"), justify=True)
    (several,) = asker.ask(server.url, text, task=many, adapter=adapter)
    (found,) = asker.ask(server.url, text, task=spans, adapter=adapter)
    assert several.value == ["cat", "dog"]
    assert found.value == [Span(4, 7, "cat"), Span(16, 19, "dog")]
    assert found.justification == "I saw it."


def test_an_endpoint_that_ignores_the_schema_is_noticed(endpoint, asker):
    def deaf(call):
        if not call.path.endswith("/chat/completions"):
            return Served(status=404, body={"error": {"message": "nothing here"}})
        if "Answer with one JSON object" in call.said:
            return Served(body=chat('Sure! ```json\n{"label": "Cat"}\n```'))
        return Served(body=chat("Hello to you."))

    server = endpoint(deaf)
    (reply,) = asker.ask(server.url, "a cat")
    assert (reply.state, reply.value) == ("answered", "cat"), reply.problem
    assert "ignores the schema" in told(asker)
    assert "the endpoint holds to no schema" in told(asker)


def test_an_answer_outside_the_scheme_is_asked_for_once_more_with_the_reason(endpoint, asker):
    def stubborn(call):
        if "wolf" in json.dumps(call.body["messages"][0]):
            return Served(body=chat('{"label": "wolf"}'))
        again = len(call.body["messages"]) > 1
        return Served(body=chat('{"label": "cat"}' if again else '{"label": "tiger"}'))

    server = endpoint(stubborn)
    tiger, wolf = asker.ask(server.url, "a tiger", "a wolf", adapter="schema")
    assert (tiger.state, tiger.value, tiger.calls) == ("answered", "cat", 2)
    asked = next(call for call in server.calls if call.key == "q0-0-again")
    assert asked.body["messages"][-2] == {"role": "assistant", "content": '{"label": "tiger"}'}
    assert "no label 'tiger'" in asked.said
    assert (wolf.state, wolf.value, wolf.raw) == ("unparsed", None, '{"label": "wolf"}')
    assert "no label 'wolf'" in wolf.problem
    assert (wolf.tokens_in, wolf.calls) == (20, 2)


@pytest.mark.parametrize(
    ("body", "problem", "calls"),
    [
        # Whoever refused or was cut off would do so again, and be paid for it.
        (chat('{"label": "ca', finish="length"), "cut off", 1),
        (chat('{"label": "cat"}', finish="length"), "cut off", 1),
        (chat(None, refusal="I would rather not."), "refused: I would rather not.", 1),
        (chat("", finish="content_filter"), "content filter", 1),
        (chat(""), "empty", 2),
        (chat(None), "empty", 2),
        (chat('{"label": ["cat", "dog"]}'), "the name of one label", 2),
        (chat("cat or dog"), "no JSON object", 2),
    ],
)
def test_what_is_no_answer_is_kept_and_never_guessed(endpoint, asker, body, problem, calls):
    server = endpoint(lambda call: Served(body=body))
    (reply,) = asker.ask(server.url, "a cat", adapter="schema")
    assert (reply.state, reply.value, reply.calls) == ("unparsed", None, calls)
    assert problem in reply.problem


def test_a_rate_limit_is_heeded_and_nothing_is_lost(endpoint, asker):
    def busy(call):
        if call.number % 3 == 1:
            headers = {"retry-after": "0.05"}
            return Served(status=429, headers=headers, body={"error": {"message": "slow down"}})
        return animals(call)

    server = endpoint(busy)
    replies = asker.ask(server.url, *(TEXTS * 10), adapter="schema", concurrency=16)
    assert [reply.value for reply in replies] == ["cat", "dog", "none"] * 10
    assert asker.ctx.reports[-1].metrics["rate_limited"] > 0


@pytest.mark.parametrize(
    "fault",
    [
        Served(status=500, body={"error": {"message": "oops"}}),
        Served(status=503, body=b"<html>down</html>", content_type="text/html"),
        Served(status=408, body={}),
        Served(body=chat('{"label": "cat"}'), drop=True),
        Served(body=b'{"choices": [', content_type="application/json"),
        Served(body=b"", content_type="application/json"),
        Served(body=b"hello", content_type="text/plain"),
        Served(body={"choices": []}),
        Served(body={"object": "error"}),
        Served(body=chat('{"label": "cat"}'), delay=5),
        Served(body=chat('{"label": "cat"}'), pieces=400, pause=0.1),
    ],
    ids=[
        *("500", "503", "408", "dropped", "broken", "empty", "plain", "choiceless", "error"),
        *("late", "dribbling"),
    ],
)
def test_a_call_that_failed_by_chance_is_made_again_under_the_same_key(endpoint, asker, fault):
    server = endpoint(lambda call: fault if call.number == 0 else animals(call))
    (reply,) = asker.ask(server.url, "a cat", adapter="schema", timeout_s=1.0)
    assert (reply.state, reply.value, reply.calls) == ("answered", "cat", 2)
    assert server.times() == {"q0-0": 2}


def test_a_question_that_is_refused_fails_alone(endpoint, asker):
    def picky(call):
        if "dog" in call.said:
            return Served(status=400, body={"error": {"message": "the prompt is too long"}})
        return animals(call)

    server = endpoint(picky)
    cat, dog, none = asker.ask(server.url, *TEXTS, adapter="schema")
    assert (cat.value, none.value) == ("cat", "none")
    assert (dog.state, dog.raw) == ("failed", "")
    assert "the prompt is too long" in dog.problem


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (401, {"error": {"message": "bad key"}}, "does not accept the API key"),
        (403, {"error": {"message": "not yours"}}, "does not accept the API key"),
        (404, {"error": {"message": "no model m"}}, "no such model"),
        (402, {"error": {"message": "pay"}}, "wants to be paid"),
        (429, {"error": {"message": "empty", "code": "insufficient_quota"}}, "no credit left"),
    ],
)
def test_what_stops_all_questions_ends_the_run_with_the_remedy(endpoint, asker, status, body, told):
    server = endpoint(lambda call: Served(status=status, body=body))
    with pytest.raises(InvalidInputError, match=told) as caught:
        asker.ask(server.url, *TEXTS, adapter="schema", secret="key")
    assert "sk-very-secret" not in str(caught.value)


def test_the_key_is_sent_to_its_origin_and_shown_nowhere(endpoint, asker):
    server = endpoint(
        lambda call: (
            Served(status=500, body={"error": {"message": call.headers["authorization"]}})
            if call.number == 0
            else animals(call)
        )
    )
    replies = asker.ask(server.url, *TEXTS, adapter="schema", secret="key")
    assert server.calls[0].headers["authorization"] == "Bearer sk-very-secret"
    assert asker.project.origin == server.url
    assert "sk-very-secret" not in repr(replies) + told(asker)
    with pytest.raises(InvalidInputError, match="no secret 'other'"):
        asker.ask(server.url, "a cat", secret="other")


def test_an_endpoint_that_is_down_ends_the_run(asker, monkeypatch):
    monkeypatch.setattr("kodkod_genai.pace._FIRST_OPEN", 0.02)
    monkeypatch.setattr("kodkod_genai.pace._FIRST_PAUSE", 0.01)
    with pytest.raises(UnavailableError, match="See that it runs"):
        asker.ask("http://127.0.0.1:9/v1", *(TEXTS * 10), adapter="schema")


def test_samples_vote_and_their_agreement_is_the_confidence(endpoint, asker):
    def unsure(call):
        label = "dog" if call.body["seed"] % 3 == 0 else "cat"
        return Served(body=chat(json.dumps({"label": label})))

    server = endpoint(unsure)
    (reply,) = asker.ask(server.url, "a cat", adapter="schema", samples=6, temperature=1.0, seed=0)
    assert (reply.value, reply.confidence) == ("cat", pytest.approx(4 / 6))
    assert sorted(call.body["seed"] for call in server.calls) == [0, 1, 2, 3, 4, 5]
    assert reply.calls == 6
    with pytest.raises(InvalidInputError, match="temperature 0"):
        asker.ask(server.url, "a cat", samples=2)


def test_the_confidence_of_a_label_is_that_of_its_tokens(endpoint, asker):
    tokens = [('{"label": "', -0.5), ("c", -0.1), ("at", -0.2), ('"}', -0.9)]
    content = [
        {"token": token, "logprob": p, "bytes": None, "top_logprobs": []} for token, p in tokens
    ]
    server = endpoint(
        lambda call: Served(body=chat('{"label": "cat"}', logprobs={"content": content}))
    )
    (reply,) = asker.ask(server.url, "a cat", adapter="schema", logprobs=True)
    assert reply.confidence == pytest.approx(0.8607, abs=1e-4)  # exp((-0.1 - 0.2) / 2)


def test_typed_decisions_give_a_probability_for_each_label(endpoint, asker):
    def decides(call):
        assert call.path == "/v1/decisions"
        (question,) = call.body["questions"]
        values = [each["value"] for each in question["choices"]]
        share = {value: 0.7 if value in call.said else 0.1 for value in values}
        answer = {
            "type": "choice",
            "name": "label",
            "choice": max(share, key=share.get),
            "confidence": 0.5,
            "probabilities": [{"value": v, "probability": p} for v, p in share.items()],
        }
        usage = {"input_tokens": 9, "output_tokens": 0, "total_tokens": 9}
        details = {
            "input_tokens_details": {"cache_write_tokens": 0, "cached_tokens": 0},
            "output_tokens_details": {"reasoning_tokens": 0},
        }
        return Served(body={"answers": [answer], "model": "m", "usage": usage | details})

    server = endpoint(decides)
    (reply,) = asker.ask(server.url, "a cat")
    assert reply.value == "cat"
    assert reply.probabilities == pytest.approx((7 / 9, 1 / 9, 1 / 9))
    assert reply.confidence == pytest.approx(7 / 9)
    assert (reply.tokens_in, reply.tokens_out) == (9, 0)


def test_questions_are_pulled_only_as_fast_as_they_are_asked(endpoint, asker):
    server = endpoint()
    pulled = []

    def questions():
        for question in asker.questions(*(TEXTS * 100)):
            pulled.append(question.key)
            yield question

    labeller = asker.labeller(server.url, adapter="schema", concurrency=4)
    replies = labeller.label(questions(), asker.task(), asker.ctx)
    assert len(list(islice(replies, 10))) == 10
    # Four at once, and as many that wait for their turn.
    assert len(pulled) <= 10 + 4 + 4
    replies.close()
    assert len(server.asked) <= 10 + 4 + 4


def test_a_cancellation_is_heard_while_nothing_comes(endpoint, asker, tmp_path):
    server = endpoint(lambda call: Served(body=chat("{}"), delay=30))
    ctx = RecordingContext(tmp_path, cancel_after=3)
    labeller = asker.labeller(server.url, adapter="schema")
    with pytest.raises(Cancelled):
        list(labeller.label(asker.questions(*TEXTS), asker.task(), ctx))


def test_what_energy_is_estimated_from_is_told(endpoint, asker):
    server = endpoint()
    asker.ask(server.url, *TEXTS, adapter="schema", parameters_b=7, price_in=1.0, price_out=10.0)
    metrics = asker.ctx.reports[-1].metrics
    assert metrics["remote_input_tokens"] == 30
    assert metrics["remote_output_tokens"] == 6
    assert metrics["remote_parameters_b"] == 7


def test_costs_are_of_all_calls_together(endpoint, asker):
    server = endpoint(lambda call: Served(body=chat("nothing")))
    (reply,) = asker.ask(server.url, "a", adapter="schema", price_in=1e6, price_out=1e5)
    assert (reply.calls, reply.cost) == (2, pytest.approx(20 + 0.4))


def test_an_adapter_that_cannot_ask_for_such_answers_is_refused(endpoint, asker):
    server = endpoint()
    with pytest.raises(InvalidInputError, match="cannot ask for span answers"):
        asker.ask(server.url, "a", task=asker.task("span"), adapter="decisions")


def test_identity_has_what_replies_depend_on_and_nothing_else(asker):
    one = asker.labeller("http://h/v1").identity()
    same = asker.labeller("http://h/v1", concurrency=1, secret="key", timeout_s=1, price_in=3.0)
    assert same.identity() == one
    for other in ({"model": "n"}, {"temperature": 0.5}, {"seed": 1}, {"adapter": "parse"}):
        assert asker.labeller("http://h/v1", **other).identity() != one
