"""Questions and tasks for tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from kodkod.api import (
    InvalidValueError,
    JobContext,
    LabelTask,
    Message,
    Question,
    Reply,
    Span,
    Value,
    decode_params,
)
from kodkod_local_llm.labeller import LocalLlm
from kodkod_local_llm.params import LocalLlmParams

__all__ = ["LABELS", "TEXTS", "ask", "labeller", "make_task", "odds", "questions", "sure"]

LABELS = ("econ", "economy", "sports and leisure", "none")
TEXTS = [
    "the bank raised its rates",
    "goal",
    "",
    "a long match " * 30,
    "Élodie \U0001f469\u200d\U0001f469\u200d\U0001f467 said “so” \\ and \x07 left",
    "<|end|> </s> {{ x }}",
    "ok " * 7,
]


def labeller(**params: Any) -> LocalLlm:
    """Return a labeller with a tiny model, unless another is named."""
    return LocalLlm(decode_params(LocalLlmParams, {"model": "tiny-phi3", **params}))


def make_task(
    scheme_type: str, labels: Sequence[str] = LABELS, *, justify: bool = False
) -> LabelTask:
    """Return a task whose check takes what is of the scheme and nothing else."""

    def check(value: object, text: str) -> Value:
        given: Any = value
        if scheme_type == "multiclass" and given in labels:
            return given
        if scheme_type == "multilabel" and set(given) <= set(labels):
            return [label for label in labels if label in given]
        if scheme_type == "span" and all(_fits(each, labels, text) for each in given):
            return sorted(set(given))
        raise InvalidValueError(f"{value!r} is no value")

    return LabelTask(
        scheme_type=scheme_type,
        labels=tuple(labels),
        descriptions=("of money", *[""] * (len(labels) - 1)),
        check=check,
        justify=justify,
    )


def questions(texts: Iterable[str]) -> Iterator[Question]:
    """Yield a question about each text; its key is the text's number."""
    for key, text in enumerate(texts):
        messages = (Message("system", "You label texts."), Message("user", f"Text: {text}"))
        yield Question(key=str(key), text=text, messages=messages)


def ask(given: LocalLlm, texts: Sequence[str], task: LabelTask, ctx: JobContext) -> list[Reply]:
    """Return the reply to each text, in the texts' order."""
    replies = {each.key: each for each in given.label(questions(texts), task, ctx)}
    return [replies[str(key)] for key in range(len(texts))]


def odds(reply: Reply) -> tuple[float, ...]:
    """Return the probabilities, which must be there."""
    assert reply.probabilities is not None
    return reply.probabilities


def sure(reply: Reply) -> float:
    """Return the confidence, which must be there."""
    assert reply.confidence is not None
    return reply.confidence


def _fits(span: Span, labels: Sequence[str], text: str) -> bool:
    return span.label in labels and 0 <= span.start < span.end <= len(text)
