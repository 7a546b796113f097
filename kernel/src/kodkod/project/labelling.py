"""Labelling by an LLM: which texts, what a question is known by, what it may cost, what it gave."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Literal, cast

import msgspec
import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

from kodkod.api import (
    InvalidInputError,
    LabelTask,
    Message,
    Params,
    Rates,
    Span,
    Split,
    easy,
    medium,
    pro,
)
from kodkod.project.coding import value_from
from kodkod.store.replies import AnswerRow, ReplyRow, ReplyTotals

__all__ = [
    "Ceiling",
    "LabelRows",
    "Labelling",
    "LabellingPlan",
    "Published",
    "Spent",
    "chosen_rows",
    "plan_of",
    "published",
    "question_key",
]

_MARGIN = 0.01
_KEY_BYTES = 16
_MILLION = 1e6
# What a model writes for a label, and for a sentence that says why, where no reply tells yet.
_ANSWER_TOKENS = 12.0
_REASON_TOKENS = 40.0


class Labelling(Struct, frozen=True, kw_only=True):
    """What a labelling asks: a version of a prompt, and whether replies are to say why."""

    prompt_id: str
    prompt: str
    version: int
    justify: bool = False


class LabelRows(Params, frozen=True, kw_only=True):
    """Which texts. `n` draws so many of them at random, always the same ones."""

    on: Annotated[
        Literal["complete", "train", "valid", "test"], easy("Which part of the corpus")
    ] = "complete"
    only: Annotated[
        Literal["all", "annotated", "unannotated"],
        easy("Whether people must have annotated them, which lets them be compared"),
    ] = "all"
    n: Annotated[
        Annotated[int, Meta(ge=1)] | None, easy("How many, drawn at random; none named: all")
    ] = None
    ids: Annotated[tuple[str, ...], medium("Ids of texts; none named: all", max_length=10_000)] = ()
    seed: Annotated[int, pro("Start of the random choice", ge=0, le=2**31 - 1)] = 0


class Ceiling(Params, frozen=True, kw_only=True):
    """What one run may take; it asks nothing more once that is reached. None named: no ceiling."""

    cost: Annotated[
        Annotated[float, Meta(gt=0)] | None, easy("In the currency of the labeller's prices")
    ] = None
    tokens: Annotated[Annotated[int, Meta(ge=1)] | None, medium("Tokens read and written")] = None


class Spent:
    """What a run has taken so far, held against its ceiling."""

    def __init__(self, ceiling: Ceiling) -> None:
        self._ceiling = ceiling
        self.replies = 0
        self.tokens_in = 0
        self.tokens_out = 0
        self.calls = 0
        self.cost: float | None = None
        self.wh: float | None = None

    def add(self, row: ReplyRow) -> None:
        """Count a reply that was paid for."""
        self.replies += 1
        self.tokens_in += row.tokens_in
        self.tokens_out += row.tokens_out
        self.calls += row.calls
        if row.cost is not None:
            self.cost = (self.cost or 0.0) + row.cost
        if row.wh is not None:
            self.wh = (self.wh or 0.0) + row.wh

    def reached(self, under_way: int) -> bool:
        """Tell whether one more question would pass the ceiling.

        Those `under_way` are reckoned to take what the replies have taken on average.
        """
        expected = 1 + (under_way + 1) / self.replies if self.replies else 1.0
        tokens, cost = self.tokens_in + self.tokens_out, self.cost or 0.0
        most = self._ceiling
        return (most.tokens is not None and tokens * expected > most.tokens) or (
            most.cost is not None and cost * expected > most.cost
        )


def question_key(
    labeller: str,
    identity: Mapping[str, Any],
    task: LabelTask,
    label_ids: Sequence[int],
    messages: Sequence[Message],
    text: str,
) -> str:
    """Return a digest of all that a reply depends on: 128 bits of BLAKE2b, in hexadecimal."""
    asked = {
        "labeller": labeller,
        "identity": identity,
        "scheme_type": task.scheme_type,
        "labels": list(zip(label_ids, task.labels, task.descriptions, strict=True)),
        "justify": task.justify,
        "messages": messages,
        "text": text,
    }
    raw = msgspec.json.encode(asked, order="deterministic")
    return hashlib.blake2b(raw, digest_size=_KEY_BYTES).hexdigest()


def chosen_rows(
    wish: LabelRows,
    splits: NDArray[np.uint8],
    annotated: NDArray[np.int64],
    ids: Mapping[str, int] | None,
) -> NDArray[np.int64]:
    """Return the rows that are wished for, ascending.

    `splits` has the split of each row of the corpus, `ids` the row of each id that is named.

    Raises:
        InvalidInputError: an id is not the corpus's, or no text is left.
    """
    kept = np.ones(len(splits), dtype=np.bool_)
    if wish.on != "complete":
        kept &= splits == Split(wish.on).code
    if wish.only != "all":
        there = np.zeros(len(splits), dtype=np.bool_)
        there[annotated] = True
        kept &= there if wish.only == "annotated" else ~there
    if wish.ids:
        unknown = [id_ for id_ in wish.ids if id_ not in (ids or {})]
        if unknown:
            raise InvalidInputError(
                f"The corpus has no text {unknown[0]!r}; look the ids up.", field="ids"
            )
        named = np.zeros(len(splits), dtype=np.bool_)
        named[[cast("Mapping[str, int]", ids)[id_] for id_ in wish.ids]] = True
        kept &= named
    rows = np.flatnonzero(kept)
    if not len(rows):
        raise InvalidInputError(
            "No text is left to label; choose another part of the corpus, or also those that "
            f"people have {'not ' if wish.only == 'annotated' else ''}annotated.",
            field="rows",
        )
    if wish.n is not None and wish.n < len(rows):
        # A permutation: who asks for more later has paid for the first of them already.
        rows = np.sort(np.random.default_rng(wish.seed).permutation(rows)[: wish.n])
    return rows


class Published(Struct, frozen=True, kw_only=True):
    """Answers as any predictor gives them: float32 `[len(rows), k]`, `rows` ascend.

    `spans` and `scores` go by row, where values are spans; their labels are ids as strings.
    """

    rows: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    spans: list[list[Span]] | None
    scores: list[list[float]] | None


def published(answers: Sequence[AnswerRow], label_ids: Sequence[int], *, kind: str) -> Published:
    """Return what `answers` say, whose rows ascend; `kind` is the scheme's type.

    A labeller that gives no probabilities is taken at its word: where a text has one label that
    label gets the confidence, the others share the rest, and it stays the likeliest; where it
    may have several, each label that was said has 1.
    """
    column = {str(id_): place for place, id_ in enumerate(label_ids)}
    table = np.zeros((len(answers), len(column)), dtype=np.float32)
    spans: list[list[Span]] = []
    for line, answer in zip(table, answers, strict=True):
        value = value_from(answer.value)
        if kind == "span":
            found = cast("list[Span]", value)
            spans.append(found)
            line[[column[span.label] for span in found]] = 1.0
        elif answer.probabilities is not None:
            for id_, probability in answer.probabilities.items():
                line[column[id_]] = probability
        elif isinstance(value, str):
            sure = 1.0 if answer.confidence is None else answer.confidence
            k = len(column)
            sure = min(max(sure, 1 / k + _MARGIN), 1.0)
            line[:] = (1 - sure) / max(k - 1, 1)
            line[column[value]] = sure
        else:
            line[[column[cast("str", label)] for label in value]] = 1.0
    has_spans = kind == "span"
    sure_of = [1.0 if each.confidence is None else each.confidence for each in answers]
    return Published(
        rows=np.array([each.row for each in answers], dtype=np.int64),
        probabilities=table,
        spans=spans if has_spans else None,
        scores=[[sure] * len(found) for sure, found in zip(sure_of, spans, strict=True)]
        if has_spans
        else None,
    )


class LabellingPlan(Struct, frozen=True, kw_only=True):
    """What a run is likely to take.

    Of `rows` texts `kept` have a reply already, `alike` share the question of another, and
    `to_ask` are asked. Figures are of the latter; None where nothing says. `based_on` is how many
    replies of this labelling they are reckoned from; with 0 they are guessed from the texts'
    lengths. `seconds` are of the clock. `samples` are the questions to a few of the texts.
    """

    rows: int
    kept: int
    alike: int
    to_ask: int
    tokens_in: int
    tokens_out: int
    cost: float | None
    currency: str
    wh: float | None
    seconds: float | None
    based_on: int
    remote: bool
    samples: list[list[Message]]


def plan_of(
    *,
    rows: int,
    keys: Sequence[str],
    kept: Collection[str],
    characters: Mapping[str, int],
    totals: ReplyTotals,
    rates: Rates,
    justify: bool,
    remote: bool,
    samples: list[list[Message]],
) -> LabellingPlan:
    """Reckon what a run over `rows` texts takes from a random part of them.

    `keys` are the part's questions, one a text; `kept` those with a reply; `characters` has the
    length of the messages of each other one. `totals` are of what the labelling was told before,
    without what failed: that took less than an answer does.
    """
    scale = rows / len(keys)
    n_kept = sum(key in kept for key in keys)
    n_alike = len(keys) - n_kept - len(characters)
    all_kept = round(n_kept * scale)
    alike = min(round(n_alike * scale), rows - all_kept)
    to_ask = rows - all_kept - alike
    known = totals.questions
    tokens_in = sum(characters.values()) / rates.characters_per_token * rates.samples
    tokens_out = (_ANSWER_TOKENS + _REASON_TOKENS * justify) * len(characters) * rates.samples
    if known and totals.tokens_in:
        tokens_in = totals.tokens_in / known * len(characters)
        tokens_out = totals.tokens_out / known * len(characters)
    tokens_in, tokens_out = tokens_in * scale, tokens_out * scale
    cost = None
    if rates.price_in is not None and rates.price_out is not None:
        cost = (tokens_in * rates.price_in + tokens_out * rates.price_out) / _MILLION
    per_call = totals.seconds / known if known else rates.seconds_per_call
    wh = None
    if totals.wh is not None and known:
        wh = totals.wh / known * to_ask
    elif rates.wh_per_read is not None and rates.wh_per_written is not None:
        wh = tokens_in * rates.wh_per_read + tokens_out * rates.wh_per_written
    return LabellingPlan(
        rows=rows,
        kept=all_kept,
        alike=alike,
        to_ask=to_ask,
        tokens_in=round(tokens_in),
        tokens_out=round(tokens_out),
        cost=cost,
        currency=rates.currency,
        wh=wh,
        seconds=None if per_call is None else per_call * to_ask / rates.concurrency,
        based_on=known,
        remote=remote,
        samples=samples,
    )
