"""Decisions: probabilities against those reckoned naively, one whole sequence at a time."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers.normalizers import Lowercase
from transformers import AutoModelForCausalLM, AutoTokenizer

from kodkod.api import InvalidInputError, answer_rules
from kodkod_local_llm.candidates import decision_of
from kodkod_local_llm.prompting import answer_tokens, prompt_tokens, with_rule

from .asking import LABELS, TEXTS, ask, labeller, make_task, odds, questions
from .tiny import TINY

pytestmark = pytest.mark.usefixtures("local_models")


class Naive:
    """A model that is asked for one whole sequence at a time, without cache or padding."""

    def __init__(self, folder: Path) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()

    def shares(self, messages, rule: str, answers: list[str]) -> np.ndarray:
        prompt = prompt_tokens(self.tokenizer, with_rule(messages, rule))
        scores = [self._score(prompt, answer_tokens(self.tokenizer, each)) for each in answers]
        return torch.tensor(scores, dtype=torch.float64).softmax(0).numpy()

    def _score(self, prompt: list[int], answer: list[int]) -> float:
        whole = torch.tensor([prompt + answer])
        with torch.inference_mode():
            said = self.model(input_ids=whole, use_cache=False).logits[0].log_softmax(-1)
        places = range(len(prompt) - 1, whole.shape[1] - 1)
        return sum(float(said[i, whole[0, i + 1]]) for i in places)


@pytest.mark.parametrize("name", TINY)
def test_labels_have_the_probabilities_of_their_whole_answers(name, tiny_models, ctx):
    naive, task = Naive(tiny_models / name), make_task("multiclass")
    replies = ask(labeller(model=name, batch_tokens=2_000), TEXTS, task, ctx)
    answers = [json.dumps({"label": label}, ensure_ascii=False) for label in LABELS]

    for reply, asked in zip(replies, questions(TEXTS), strict=True):
        expected = naive.shares(asked.messages, answer_rules(task), answers)
        np.testing.assert_allclose(odds(reply), expected, rtol=1e-3, atol=1e-6)
        assert sum(odds(reply)) == pytest.approx(1)
        assert reply.value == LABELS[int(expected.argmax())]
        assert reply.confidence == max(odds(reply))


@pytest.mark.parametrize("name", TINY)
def test_each_of_several_labels_is_decided_by_itself(name, tiny_models, ctx):
    naive, task = Naive(tiny_models / name), make_task("multilabel")
    replies = ask(labeller(model=name), TEXTS[:4], task, ctx)
    rules = [
        f"Does the label {json.dumps(label)}{meant} apply to the text? "
        "Answer with yes or no, nothing else."
        for label, meant in zip(LABELS, (" (of money)", "", "", ""), strict=True)
    ]

    for reply, asked in zip(replies, questions(TEXTS), strict=False):
        expected = [naive.shares(asked.messages, rule, ["yes", "no"])[0] for rule in rules]
        np.testing.assert_allclose(odds(reply), expected, rtol=1e-3, atol=1e-6)
        chosen = [name for name, share in zip(LABELS, expected, strict=True) if share > 0.5]
        assert reply.value == chosen
        product = np.prod([max(share, 1 - share) for share in expected])
        assert reply.confidence == pytest.approx(product, rel=1e-3)


@pytest.mark.parametrize("scheme_type", ["multiclass", "multilabel"])
@pytest.mark.parametrize("name", TINY)
def test_batches_change_nothing(name, scheme_type, ctx):
    task = make_task(scheme_type)
    together = ask(labeller(model=name, batch_tokens=50_000), TEXTS, task, ctx)
    alone = ask(labeller(model=name, batch_tokens=128), TEXTS, task, ctx)

    for one, other in zip(together, alone, strict=True):
        np.testing.assert_allclose(odds(one), odds(other), rtol=1e-3, atol=1e-6)
        assert one.tokens_in == other.tokens_in


def test_one_label_alone_is_certain(ctx):
    (reply,) = ask(labeller(), ["a"], make_task("multiclass", ["only"]), ctx)
    assert (reply.value, reply.probabilities) == ("only", (1.0,))


def test_what_all_answers_begin_with_is_read_once(tiny_models):
    tokenizer = AutoTokenizer.from_pretrained(tiny_models / "tiny-phi3")
    (question,) = questions(["goal " * 50])
    for scheme_type in ("multiclass", "multilabel"):
        found = decision_of(tokenizer, question.messages, make_task(scheme_type))
        assert len({tail[0] for tail in found.tails}) > 1
        assert found.tokens < len(found.tails) * found.longest / 2


def test_labels_that_a_tokenizer_does_not_tell_apart_are_refused(tiny_models):
    tokenizer = AutoTokenizer.from_pretrained(tiny_models / "tiny-phi3")
    tokenizer.backend_tokenizer.normalizer = Lowercase()
    (question,) = questions(["goal"])
    with pytest.raises(InvalidInputError, match="'a' and 'A' apart"):
        decision_of(tokenizer, question.messages, make_task("multiclass", ["a", "A"]))
