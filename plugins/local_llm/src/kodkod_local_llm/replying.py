"""Probabilities and written answers to replies."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Answer, InvalidValueError, LabelTask, Question, Reply, read_answer, vote
from kodkod_local_llm.candidates import Decision
from kodkod_local_llm.grammar import label_places
from kodkod_local_llm.writing import Written

__all__ = ["reply_of_decision", "reply_of_writing"]


def reply_of_decision(
    question: Question,
    task: LabelTask,
    decision: Decision,
    probabilities: NDArray[np.float64],
    seconds: float,
) -> Reply:
    """Return the most probable label, or of several those more probable than not.

    The confidence is the value's probability: of several labels, decided one by one, the product.
    """
    if task.scheme_type == "multilabel":
        by_label = probabilities[::2]
        value: object = [
            name for name, odds in zip(task.labels, by_label, strict=True) if odds > 0.5
        ]
        confidence = float(np.maximum(by_label, 1 - by_label).prod())
    else:
        by_label = probabilities
        value = task.labels[int(by_label.argmax())]
        confidence = float(by_label.max())
    return Reply(
        key=question.key,
        state="answered",
        value=task.check(value, question.text),
        confidence=confidence,
        probabilities=tuple(by_label.tolist()),
        tokens_in=decision.tokens,
        seconds=seconds,
    )


class _Read(Struct, frozen=True):
    """An answer that was read, and the probability with which its labels were written."""

    answer: Answer
    confidence: float


def reply_of_writing(
    question: Question,
    task: LabelTask,
    prompt_length: int,
    answers: Sequence[Written],
    seconds: float,
) -> Reply:
    """Return what the answers come to: the one, or what most of several say.

    The confidence is the probability of the tokens that say the label (the list of several; the
    mean over spans), or the share of all samples that agree. Answers that cannot be read agree
    with none.
    """
    read: list[_Read] = []
    problems: list[str] = []
    for each in answers:
        try:
            read.append(_read(task, each, question.text))
        except InvalidValueError as error:
            problems.append(error.message)
    raw = "\n".join(each.said.decode("utf-8", "replace") for each in answers)
    tokens_in = prompt_length
    tokens_out = sum(len(each.tokens) - each.forced for each in answers)
    if not read:
        return Reply(
            key=question.key,
            state="unparsed",
            raw=raw,
            problem=problems[0],
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            calls=len(answers),
            seconds=seconds,
        )
    voted = vote([each.answer for each in read])
    alone = len(answers) == 1
    return Reply(
        key=question.key,
        state="answered",
        value=voted.value,
        confidence=read[0].confidence if alone else voted.confidence * len(read) / len(answers),
        justification=voted.justification,
        raw=raw,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        calls=len(answers),
        seconds=seconds,
    )


def _read(task: LabelTask, written: Written, text: str) -> _Read:
    if not written.whole:
        raise InvalidValueError(
            f"The answer was not at its end after {len(written.tokens)} tokens; raise max_tokens.",
            field="value",
        )
    answer = read_answer(task, written.said.decode(), text)
    return _Read(answer, _confidence(task, written))


def _confidence(task: LabelTask, written: Written) -> float:
    ends = np.cumsum([len(piece) for piece in written.pieces])
    begins = np.concatenate([[0], ends[:-1]])
    said = np.array(written.log_probabilities)
    odds = [
        math.exp(min(0.0, float(said[(begins < end) & (ends > start)].sum())))
        for start, end in label_places(task, written.said)
    ]
    return float(np.mean(odds))
