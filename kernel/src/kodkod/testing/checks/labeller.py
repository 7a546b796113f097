"""Promises of labellers, at the endpoint or with the model that the test's params name."""

from __future__ import annotations

import json
import math
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import count, islice
from typing import Any, cast

from kodkod.api import (
    Cancelled,
    InvalidValueError,
    Labeller,
    LabellerSpec,
    LabelTask,
    Message,
    Question,
    Reply,
    Span,
    Value,
)
from kodkod.testing.material import HOSTILE_TEXTS, LABELS, make_texts
from kodkod.testing.recording import RecordingContext
from kodkod.testing.subject import Subject, require

__all__ = ["CHECKS"]

_N = 6
_AHEAD = 8
"""Questions pulled ahead of replies, for each that its rates say is under way."""


def answers_each_question(subject: Subject) -> None:
    """One reply to each question, by its key; none asked gives none."""
    labeller: Labeller = subject.build()
    for scheme_type in _scheme_types(subject):
        for texts in ([], make_texts(_N)):
            replies = _replies(subject, labeller, texts, scheme_type)
            _require_a_reply_each(replies, texts)


def values_are_of_the_scheme(subject: Subject) -> None:
    """What is answered has passed the task's check; what is not says why, and has no value."""
    for scheme_type in _scheme_types(subject):
        texts = make_texts(_N)
        for justify in (False, True):
            task = _task(scheme_type, justify=justify)
            for reply in _replies(subject, subject.build(), texts, scheme_type, justify=justify):
                text = texts[int(reply.key)]
                if reply.state == "answered":
                    require(reply.value is not None, "an answered reply has a value")
                    require(task.check(reply.value, text) == reply.value, "values are canonical")
                else:
                    require(reply.value is None, f"a reply that is {reply.state} has no value")
                    require(bool(reply.problem), f"a reply that is {reply.state} says why")


def figures_are_plausible(subject: Subject) -> None:
    """Confidence and probabilities lie in [0, 1], one for each label; nothing is negative."""
    for scheme_type in _scheme_types(subject):
        for reply in _replies(subject, subject.build(), make_texts(_N), scheme_type):
            given = [] if reply.confidence is None else [reply.confidence]
            if reply.probabilities is not None:
                require(len(reply.probabilities) == len(LABELS), "a probability for each label")
                given += reply.probabilities
            require(all(0 <= each <= 1 for each in given), f"{given} lie in [0, 1]")
            spent = (reply.calls, reply.tokens_in, reply.tokens_out, reply.seconds)
            for each in (*spent, reply.cost, reply.wh):
                require(each is None or (math.isfinite(each) and each >= 0), "none is negative")


def hostile_texts(subject: Subject) -> None:
    """Odd texts get a reply each, and spoil nobody else's."""
    for scheme_type in _scheme_types(subject):
        replies = _replies(subject, subject.build(), HOSTILE_TEXTS, scheme_type)
        _require_a_reply_each(replies, HOSTILE_TEXTS)


def questions_wait(subject: Subject) -> None:
    """Questions are pulled as fast as they are asked, and no faster."""
    labeller: Labeller = subject.build()
    pulled = count()
    endless = _endless(pulled)
    with closing(_labelled(subject, labeller, endless, _scheme_types(subject)[0])) as replies:
        taken = len(list(islice(replies, _N)))
    ahead = next(pulled) - taken
    most = _AHEAD * max(1, labeller.rates().concurrency)
    require(ahead <= most, f"questions are not pulled far ahead of replies: {ahead}, not {most}")


def closing_early_is_clean(subject: Subject) -> None:
    """Whoever stops reading leaves no thread behind, and may begin again."""
    labeller: Labeller = subject.build()
    scheme_type = _scheme_types(subject)[0]
    before = _threads_once_used(subject, labeller)
    for taken in (0, 1):
        replies = _labelled(subject, labeller, _endless(count()), scheme_type)
        list(islice(replies, taken))
        replies.close()
        left = {each.name for each in threading.enumerate() if each not in before}
        require(not left, f"closed after {taken} replies, no thread is left: {left}")
    texts = make_texts(_N)
    _require_a_reply_each(_replies(subject, labeller, texts, scheme_type), texts)


def can_be_cancelled(subject: Subject) -> None:
    """`Cancelled` comes through, and no thread is left behind."""
    labeller: Labeller = subject.build()
    before = _threads_once_used(subject, labeller)
    context = _Cancelling(subject.folder("job"), cancel_after=0)
    scheme_type = _scheme_types(subject)[0]
    came_through = False
    try:
        list(labeller.label(_questions(make_texts(_N)), _task(scheme_type), context))
    except Cancelled:
        came_through = True
    require(came_through or not context.cancelled, "label lets Cancelled through")
    left = {each.name for each in threading.enumerate() if each not in before}
    require(not left, f"cancelled, no thread is left: {left}")


def says_what_replies_depend_on(subject: Subject) -> None:
    """The identity goes into JSON, and is the same for the same params; rates are no nonsense."""
    one, two = cast("Labeller", subject.build()), cast("Labeller", subject.build())
    require(json.dumps(one.identity()) == json.dumps(two.identity()), "the identity is the params'")
    rates = one.rates()
    require(rates.concurrency >= 1 and rates.samples >= 1, "at least one question and one sample")
    for each in (
        rates.price_in,
        rates.price_out,
        rates.wh_per_read,
        rates.wh_per_written,
        rates.seconds_per_call,
    ):
        require(each is None or (math.isfinite(each) and each >= 0), "no rate is negative")
    require(rates.characters_per_token > 0, "a token has characters")


class _Cancelling(RecordingContext):
    """Knows whether it has told anybody to stop."""

    cancelled = False

    def progress(self, fraction: float | None, message: str = "", **metrics: float) -> None:
        try:
            super().progress(fraction, message, **metrics)
        except Cancelled:
            self.cancelled = True
            raise


def _threads_once_used(subject: Subject, labeller: Labeller) -> set[threading.Thread]:
    # Libraries that are imported meanwhile may start a thread for good.
    _replies(subject, labeller, make_texts(1), _scheme_types(subject)[0])
    return set(threading.enumerate())


def _scheme_types(subject: Subject) -> tuple[str, ...]:
    return cast("LabellerSpec", subject.spec).scheme_types


def _replies(
    subject: Subject,
    labeller: Labeller,
    texts: Sequence[str],
    scheme_type: str,
    *,
    justify: bool = False,
) -> list[Reply]:
    task = _task(scheme_type, justify=justify)
    return list(labeller.label(_questions(texts), task, subject.context()))


def _labelled(
    subject: Subject, labeller: Labeller, questions: Iterator[Question], scheme_type: str
) -> Any:
    replies = labeller.label(questions, _task(scheme_type), subject.context())
    require(hasattr(replies, "close"), "label gives a generator, which can be closed early")
    return replies


def _questions(texts: Iterable[str], first: int = 0) -> Iterator[Question]:
    system = f"You code texts. Labels: {', '.join(LABELS)}."
    for key, text in enumerate(texts, first):
        messages = (Message("system", system), Message("user", f"Text: {text}"))
        yield Question(key=str(key), text=text, messages=messages)


def _endless(pulled: Iterator[int]) -> Iterator[Question]:
    (text,) = make_texts(1)
    for key in pulled:
        yield from _questions([text], key)


def _require_a_reply_each(replies: Sequence[Reply], texts: Sequence[str]) -> None:
    keys = Counter(reply.key for reply in replies)
    require(
        keys == Counter(str(i) for i in range(len(texts))),
        f"there is one reply to each of {len(texts)} questions, not {dict(keys)}",
    )


def _task(scheme_type: str, *, justify: bool = False) -> LabelTask:
    check = {"multiclass": _label, "multilabel": _several, "span": _spans}[scheme_type]
    return LabelTask(
        scheme_type=scheme_type,
        labels=LABELS,
        descriptions=("money and work", "", "", ""),
        check=check,
        justify=justify,
    )


def _label(value: object, _text: str) -> str:
    if not isinstance(value, str) or value not in LABELS:
        raise InvalidValueError(f"{value!r:.60} is not among the labels {', '.join(LABELS)}.")
    return value


def _several(value: object, text: str) -> Value:
    if not isinstance(value, list | tuple):
        raise InvalidValueError(f"A value is a list of labels, not {value!r:.60}.")
    chosen = {_label(each, text) for each in cast("Sequence[object]", value)}
    return [label for label in LABELS if label in chosen]


def _spans(value: object, text: str) -> Value:
    if not isinstance(value, list | tuple):
        raise InvalidValueError(f"A value is a list of spans, not {value!r:.60}.")
    found: set[Span] = set()
    for each in cast("Sequence[object]", value):
        if not isinstance(each, Span) or not 0 <= each.start < each.end <= len(text):
            raise InvalidValueError(f"{each!r:.80} is no span of the text.")
        _label(each.label, text)
        found.add(each)
    return sorted(found)


CHECKS = (
    answers_each_question,
    values_are_of_the_scheme,
    figures_are_plausible,
    hostile_texts,
    questions_wait,
    closing_early_is_clean,
    can_be_cancelled,
    says_what_replies_depend_on,
)
