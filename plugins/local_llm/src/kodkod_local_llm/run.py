"""A run: questions pulled some at a time, computed in batches that fit, the model given back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Generic, TypeVar

import numpy as np
from msgspec import Struct

from kodkod.api import (
    BatchFit,
    JobContext,
    LabelTask,
    Question,
    Reply,
    answer_rules,
    free_gpu_cache,
    in_halves,
    token_batches,
)
from kodkod_local_llm.candidates import Decision, decision_of
from kodkod_local_llm.deciding import decide
from kodkod_local_llm.grammar import answer_grammar
from kodkod_local_llm.heartbeat import Heartbeat
from kodkod_local_llm.hub import find_pretrained
from kodkod_local_llm.loading import LanguageModel, load_language_model
from kodkod_local_llm.params import ChosenMethod, LocalLlmParams
from kodkod_local_llm.prompting import prompt_tokens, with_rule
from kodkod_local_llm.replying import reply_of_decision, reply_of_writing
from kodkod_local_llm.writing import Ask, Writer

__all__ = ["answer_all"]

_FIRST_PULLED, _MOST_PULLED = 8, 128
"""Questions among which those of similar length are computed together: few at first, so that
replies come soon, then twice as many each time."""

_REMEDY = "choose a smaller model, or lower max_length"

T = TypeVar("T")


class _Prepared(Struct, Generic[T], frozen=True, kw_only=True):
    """A question as tokens. `room` is what it takes of `batch_tokens`, `longest` of the model."""

    question: Question
    asked: T
    room: int
    longest: int


class _Method(Struct, Generic[T], frozen=True):
    """How one question is prepared, and a batch of prepared ones is answered."""

    prepare: Callable[[Question], _Prepared[T]]
    answer: Callable[[Sequence[_Prepared[T]]], list[Reply]]


def answer_all(
    params: LocalLlmParams,
    method: ChosenMethod,
    questions: Iterator[Question],
    task: LabelTask,
    ctx: JobContext,
) -> Iterator[Reply]:
    """Yield a reply to each question; see `LocalLlm.label`."""
    heart = Heartbeat(ctx)
    heart.tell()
    found = find_pretrained(params.model, params.revision)
    ctx.progress(None, f"loading {found.name}")
    llm = load_language_model(found, params.precision)
    ctx.log(f"{found.name} on {llm.device}, method {method}, reads {llm.longest} tokens")
    by: Callable[..., _Method[Any]] = _by_decision if method == "decision" else _by_writing
    try:
        yield from _answer(by(llm, params, task, heart), llm, params, questions, heart, ctx)
    finally:
        del llm
        free_gpu_cache()
    heart.tell()


def _answer(
    method: _Method[T],
    llm: LanguageModel,
    params: LocalLlmParams,
    questions: Iterator[Question],
    heart: Heartbeat,
    ctx: JobContext,
) -> Iterator[Reply]:
    fits = BatchFit()
    most = min(llm.longest, params.max_length or llm.longest)
    pulled = _FIRST_PULLED
    while some := list(islice(questions, pulled)):
        pulled = min(2 * pulled, _MOST_PULLED)
        fitting: list[_Prepared[T]] = []
        for each in map(method.prepare, some):
            heart.beat()
            if each.longest > most:
                yield _too_long(each, most)
            else:
                fitting.append(each)
        rooms = np.array([each.room for each in fitting], dtype=np.int64)
        batches = (
            [fitting[i] for i in places] for places in token_batches(rooms, params.batch_tokens)
        )
        for _, replies in in_halves(batches, method.answer, ctx, fits=fits, remedy=_REMEDY):
            yield from replies


def _by_decision(
    llm: LanguageModel, params: LocalLlmParams, task: LabelTask, heart: Heartbeat
) -> _Method[Decision]:
    def prepare(question: Question) -> _Prepared[Decision]:
        asked = decision_of(llm.tokenizer, question.messages, task)
        return _Prepared(question=question, asked=asked, room=asked.tokens, longest=asked.longest)

    def answer(batch: Sequence[_Prepared[Decision]]) -> list[Reply]:
        began = time.perf_counter()
        odds = decide(llm, [each.asked for each in batch], params.batch_tokens, heart)
        seconds = (time.perf_counter() - began) / len(batch)
        heart.count(texts=len(batch))
        return [
            reply_of_decision(each.question, task, each.asked, found, seconds)
            for each, found in zip(batch, odds, strict=True)
        ]

    return _Method(prepare, answer)


def _by_writing(
    llm: LanguageModel, params: LocalLlmParams, task: LabelTask, heart: Heartbeat
) -> _Method[Ask]:
    writer = Writer(llm, params, heart)
    rules = answer_rules(task)

    def prepare(question: Question) -> _Prepared[Ask]:
        prompt = prompt_tokens(llm.tokenizer, with_rule(question.messages, rules))
        asked = Ask(key=question.key, prompt=prompt, grammar=answer_grammar(task, question.text))
        longest = len(prompt) + params.max_tokens
        return _Prepared(
            question=question, asked=asked, room=longest * params.samples, longest=longest
        )

    def answer(batch: Sequence[_Prepared[Ask]]) -> list[Reply]:
        began = time.perf_counter()
        written = writer.write([each.asked for each in batch])
        seconds = (time.perf_counter() - began) / len(batch)
        heart.count(texts=len(batch))
        return [
            reply_of_writing(each.question, task, len(each.asked.prompt), some, seconds)
            for each, some in zip(batch, written, strict=True)
        ]

    return _Method(prepare, answer)


def _too_long(prepared: _Prepared[T], most: int) -> Reply:
    return Reply(
        key=prepared.question.key,
        state="failed",
        problem=(
            f"The prompt with its answer may have {prepared.longest} tokens, and {most} are read "
            "at most: shorten the prompt or its examples, lower max_tokens, raise max_length if "
            "it is set, or choose a model that reads more."
        ),
        calls=0,
    )
