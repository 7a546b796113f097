"""How a language model is asked for an answer, and how what it says is read.

What a model says is read or refused, never guessed: each function here that reads raises, with
a reason that a model which is asked once more can act on.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from msgspec import Struct

from kodkod.api.errors import InvalidValueError
from kodkod.api.labelling import LabelTask
from kodkod.api.quotes import locate_quote
from kodkod.api.values import Span, Value

__all__ = [
    "Answer",
    "Vote",
    "answer_rules",
    "answer_schema",
    "locate_quote",
    "read_answer",
    "vote",
]

_FIELDS = {"multiclass": "label", "multilabel": "labels", "span": "spans"}
_THOUGHTS = re.compile(r"^.*</think>", re.DOTALL)
_QUOTES = "\"'`\u2018\u2019\u201c\u201d\u00ab\u00bb"


class Answer(Struct, frozen=True, kw_only=True):
    """A value that the task's `check` has passed, and why it was given (empty: not said)."""

    value: Value
    justification: str = ""


class Vote(NamedTuple):
    """What several answers come to; `agreeing` are those that say just that, in their order."""

    value: Value
    confidence: float
    agreeing: tuple[Answer, ...]

    @property
    def justification(self) -> str:
        """Why, in the words of the first that says so."""
        return next((each.justification for each in self.agreeing), "")


def answer_schema(task: LabelTask) -> dict[str, Any]:
    """Return the JSON Schema of an answer, in the strict form that endpoints have in common.

    A justification comes first, so that a model reasons before it answers. That labels are not
    repeated is left to the task's `check`: `uniqueItems` is refused by OpenAI and llguidance.
    """
    label = {"type": "string", "enum": list(task.labels)}
    span = _object({"label": label, "quote": {"type": "string"}})
    answers: dict[str, dict[str, Any]] = {
        "multiclass": label,
        "multilabel": {"type": "array", "items": label},
        "span": {"type": "array", "items": span},
    }
    why = {"justification": {"type": "string"}} if task.justify else {}
    return _object({**why, _field_of(task): answers[task.scheme_type]})


def answer_rules(task: LabelTask) -> str:
    """Say in plain words what `answer_schema` says, for endpoints that are not held to it."""
    labels = ", ".join(_as_json(label) for label in task.labels)
    copied = "Each quote is copied from the text word for word, in the text's order"
    shape, rule = {
        "multiclass": ('"label": "..."', f"The label is one of: {labels}."),
        "multilabel": ('"labels": ["..."]', f"Labels are any of: {labels}; the list may be empty."),
        "span": (
            '"spans": [{"label": "...", "quote": "..."}]',
            f"Each label is one of: {labels}. {copied}; the list may be empty.",
        ),
    }[_check_type(task)]
    why = '"justification": "one sentence that says why", ' if task.justify else ""
    return f"Answer with one JSON object and nothing else: {{{why}{shape}}}\n{rule}"


def read_answer(task: LabelTask, said: str | Mapping[str, Any], text: str) -> Answer:
    """Read what a model said of `text`.

    An object may stand in a code fence or among other words; what comes before `</think>` is no
    answer. For one label a text, the label alone is an answer too. Labels that differ in case
    alone are told apart by it, and otherwise case does not count.

    Raises:
        InvalidValueError: it is no answer, may be read in several ways, or does not fit the
            scheme or the text.
    """
    if isinstance(said, str):
        said = _THOUGHTS.sub("", said).strip()
        bare = _bare_label(task, said)
        if bare is not None:
            return Answer(value=task.check(bare, text))
        said = _one_object(said)
    field = _field_of(task)
    if field not in said:
        raise _refusal(f'The answer lacks "{field}".')
    why = said.get("justification", "")
    if not isinstance(why, str):
        raise _refusal('"justification" must be a string.')
    value = task.check(_value(task, said[field], text), text)
    return Answer(value=value, justification=why.strip())


def vote(answers: Sequence[Answer], of: int | None = None) -> Vote:
    """Return what most of one or more answers say; of values that tie, the earliest.

    `of` is how many answers were asked for, where some could not be read: these agree with none.
    The confidence is the share that agree (Wang et al., "Self-consistency improves chain of
    thought reasoning in language models", ICLR 2023). Spans are voted on one by one, and the
    confidence is then the mean, over all spans that anyone named, of the share that sides with
    the result.
    """
    spans = [_spans(each.value) for each in answers]
    value = _voted_spans(spans) if any(spans) else _most_common(answers)
    agreeing = tuple(each for each in answers if each.value == value)
    share = _siding(spans, set(_spans(value))) if any(spans) else len(agreeing) / len(answers)
    return Vote(value, share * len(answers) / (of or len(answers)), agreeing)


def _check_type(task: LabelTask) -> str:
    if task.scheme_type not in _FIELDS:
        raise _refusal(f"Answers cannot be read for schemes of the type {task.scheme_type!r}.")
    return task.scheme_type


def _field_of(task: LabelTask) -> str:
    return _FIELDS[_check_type(task)]


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _bare_label(task: LabelTask, said: str) -> str | None:
    if task.scheme_type != "multiclass":
        return None
    plain = said.strip(_QUOTES).strip()
    return _label(task, said) or _label(task, plain)


def _label(task: LabelTask, said: str) -> str | None:
    """Return the label that is meant, None if none is, or several may be."""
    if said in task.labels:
        return said
    folded = said.strip().casefold()
    alike = [label for label in task.labels if label.strip().casefold() == folded]
    return alike[0] if len(alike) == 1 else None


def _one_object(said: str) -> dict[str, Any]:
    """Return the object among other words; one that is repeated counts once."""
    found: list[dict[str, Any]] = []
    decoder = json.JSONDecoder(object_pairs_hook=_unique)
    at = said.find("{")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(said, at)
        except json.JSONDecodeError as error:
            # Nothing before that place can be an object that is whole, nor a part of the answer.
            end = max(at + 1, error.pos)
        except (ValueError, RecursionError) as error:
            reason = "The JSON of the answer is nested too deep, or has too long a number."
            raise _refusal(reason) from error
        else:
            found.append(value)
        at = said.find("{", end)
    if not found:
        raise _refusal("The answer has no JSON object that is whole.")
    if any(each != found[0] for each in found):
        raise _refusal("The answer has several JSON objects; it must be one.")
    return found[0]


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = Counter(name for name, _ in pairs)
    for name, times in names.items():
        if times > 1:
            raise _refusal(f"The answer has {_as_json(name)} {times} times; it must be there once.")
    return dict(pairs)


def _value(task: LabelTask, raw: Any, text: str) -> object:
    """Return a value for `check`, with labels and quotes as they are meant.

    Whatever is of the wrong type is left for `check`, which says so.
    """
    if isinstance(raw, str):
        return _label(task, raw) or raw
    if not isinstance(raw, list):
        return raw
    given = cast("list[object]", raw)
    if task.scheme_type == "span":
        return _located(task, given, text)
    return [(_label(task, each) or each) if isinstance(each, str) else each for each in given]


def _located(task: LabelTask, given: Sequence[object], text: str) -> list[Span]:
    spans: list[Span] = []
    for each in given:
        label, quote = _label_and_quote(each)
        label = _label(task, label) or label
        spans.append(Span(*_place(text, quote, label, spans), label))
    return spans


def _label_and_quote(raw: object) -> tuple[str, str]:
    if isinstance(raw, Mapping):
        span = cast("Mapping[str, object]", raw)
        label, quote = span.get("label"), span.get("quote")
        if isinstance(label, str) and isinstance(quote, str):
            return label, quote
    raise _refusal('Each span is an object with the strings "label" and "quote".')


def _place(text: str, quote: str, label: str, spans: Sequence[Span]) -> tuple[int, int]:
    """Return the next place of a quote, or the same place again where there is no other."""
    taken = [(span.start, span.end) for span in spans]
    own = [(span.start, span.end) for span in spans if span.label == label]
    for without in (taken, own, ()):
        place = locate_quote(text, quote, without)
        if place is not None:
            return place
    raise _refusal(
        f"The quote {_as_json(quote[:200])} is not in the text, or not clear; copy it from the "
        "text word for word, and longer if it is short."
    )


def _spans(value: Value) -> list[Span]:
    return [each for each in value if isinstance(each, Span)]


def _most_common(answers: Sequence[Answer]) -> Value:
    votes = Counter(_hashable(each.value) for each in answers)
    return max((each.value for each in answers), key=lambda value: votes[_hashable(value)])


def _hashable(value: Value) -> Hashable:
    return value if isinstance(value, str) else tuple(value)


def _voted_spans(samples: Sequence[Sequence[Span]]) -> list[Span]:
    """Return the spans of more than half of the samples, or half with the first among them.

    Any two of them are in one sample together, so they overlap only where that is allowed.
    """
    votes = _span_votes(samples)
    first = set(samples[0])
    return sorted(
        span for span, n in votes.items() if 2 * n + (1 if span in first else 0) > len(samples)
    )


def _siding(samples: Sequence[Sequence[Span]], kept: set[Span]) -> float:
    votes, n = _span_votes(samples), len(samples)
    siding = sum(votes[span] if span in kept else n - votes[span] for span in votes)
    return siding / (n * len(votes))


def _span_votes(samples: Iterable[Sequence[Span]]) -> Counter[Span]:
    return Counter(span for sample in samples for span in set(sample))


def _as_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _refusal(reason: str) -> InvalidValueError:
    return InvalidValueError(reason, field="value")
