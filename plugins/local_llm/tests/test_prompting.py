"""Messages to tokens, by templates of every kind."""

from __future__ import annotations

import pytest
from transformers import AutoTokenizer

from kodkod.api import InvalidInputError, Message
from kodkod_local_llm.prompting import answer_tokens, prompt_tokens, with_rule

from .tiny import TINY

TALK = [
    Message("system", "Be brief."),
    Message("user", "One?"),
    Message("assistant", "1"),
    Message("user", "Two?"),
]


@pytest.fixture
def tokenizers(tiny_models):
    return {name: AutoTokenizer.from_pretrained(tiny_models / name) for name in TINY}


def said(tokenizer, messages) -> str:
    return tokenizer.decode(prompt_tokens(tokenizer, messages))


def test_a_template_is_used_as_it_is(tokenizers):
    assert said(tokenizers["tiny-phi3"], TALK) == (
        "<|system|>\nBe brief.<|end|>\n<|user|>\nOne?<|end|>\n<|assistant|>\n1<|end|>\n"
        "<|user|>\nTwo?<|end|>\n<|assistant|>\n"
    )


def test_where_the_role_system_is_refused_the_user_says_it(tokenizers):
    assert said(tokenizers["tiny-qwen3"], TALK) == (
        "<bos><turn>user\nBe brief.\n\nOne?</turn>\n<turn>assistant\n1</turn>\n"
        "<turn>user\nTwo?</turn>\n<turn>model\n"
    )


def test_where_it_is_dropped_too(tokenizers):
    tokenizer = tokenizers["tiny-phi3"]
    tokenizer.chat_template = (
        "{% for message in messages if message['role'] != 'system' %}"
        "{{ message['content'] + '|' }}{% endfor %}"
    )
    assert said(tokenizer, TALK) == "Be brief.\n\nOne?|1|Two?|"


def test_a_template_that_refuses_the_turns_says_so(tokenizers):
    tokenizer = tokenizers["tiny-phi3"]
    tokenizer.chat_template = "{{ raise_exception('Roles must alternate') }}"
    with pytest.raises(InvalidInputError, match="Roles must alternate"):
        said(tokenizer, TALK)


def test_without_a_template_turns_are_under_headings(tokenizers):
    found = said(tokenizers["tiny-llama"], TALK)
    said_ = "<s> Instructions: Be brief. Question: One? Answer: 1 Question: Two? Answer:"
    assert " ".join(found.split()) == said_
    assert found.endswith("Answer:\n")


def test_a_rule_is_the_last_that_the_user_says():
    assert with_rule(TALK, "Now.")[-1] == Message("user", "Two?\n\nNow.")
    assert with_rule(TALK[:3], "Now.")[-1] == Message("user", "Now.")
    assert with_rule([], "Now.") == [Message("user", "Now.")]


@pytest.mark.parametrize("answer", ['{"label": "économie"}', "yes", " x", '{"label": "\\ud800"}'])
def test_an_answer_has_no_space_in_front_that_is_not_its_own(answer, tokenizers):
    for tokenizer in tokenizers.values():
        line = tokenizer("\n", add_special_tokens=False)["input_ids"]
        whole = tokenizer.decode([*line, *answer_tokens(tokenizer, answer)])
        assert whole == "\n" + answer


def test_lone_surrogates_do_not_stop_it(tokenizers):
    for tokenizer in tokenizers.values():
        assert prompt_tokens(tokenizer, [Message("user", "a \ud800 b")])
