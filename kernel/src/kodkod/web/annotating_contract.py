"""The shapes of annotating in the HTTP contract: texts, answers, the log, counts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from kodkod.project.query import NextQuery
from kodkod.web.contract import Request, Source, SplitSizes


class SpanValue(Struct, frozen=True, kw_only=True):
    """A stretch of the text: character offsets, half-open."""

    start: int
    end: int
    label: str


AnyValue = str | list[str | SpanValue] | None


class GivenAnnotation(Struct, frozen=True, kw_only=True):
    """What somebody said of a text, under which version of the codebook.

    It is `outdated` where a later version changed what its label means.
    """

    seq: int
    user: str
    value: Any
    source: Source
    comment: str
    created_at: datetime
    codebook: int | None = None
    outdated: bool = False
    flagged: bool = False


class Prediction(Struct, frozen=True, kw_only=True):
    """What the guide thinks: the decoded value and the probability of each label."""

    value: Any
    probabilities: dict[str, float]
    version: int


class ElsewhereElement(Struct, frozen=True, kw_only=True):
    """The same text in another scheme; `lease` is null where it is not open there."""

    scheme: str
    annotations: list[GivenAnnotation]
    prediction: Prediction | None
    lease: str | None


class Suggestion(Struct, frozen=True, kw_only=True):
    """What a labelling (`llm`) or a trained model answers of a text; `by` is its name.

    `confidence` is as in a labelling's reply, or a model's probability of its label; a model's
    several labels or passages have none.
    """

    by: str
    kind: Literal["llm", "model"]
    value: Any
    confidence: float | None
    justification: str


class Element(Struct, frozen=True, kw_only=True):
    """A text to look at. `lease` is absent from tables, and `also` where nothing was asked.

    `suggestion` is there where suggestions were asked for and there is an answer.
    `similarity` is in tables that ask for similar texts: the cosine with what they are to be like.
    """

    id: str
    row: int
    split: Literal["train", "valid", "test"]
    text: str
    context: dict[str, Any]
    annotations: list[GivenAnnotation]
    prediction: Prediction | None
    lease: str | None = None
    lease_expires_at: datetime | None = None
    strategy: str | None = None
    selection_probability: float | None = None
    also: list[ElsewhereElement] = []
    suggestion: Suggestion | None = None
    similarity: float | None = None


class NextTexts(Struct, frozen=True, kw_only=True):
    """Texts reserved for the asking user, and how many are left after them."""

    elements: list[Element]
    remaining: int


class NewAnnotation(Request, frozen=True):
    """What an annotator says. `value` null clears; `seconds` is the time spent on the text.

    `flagged` asks others to look at the text; it stands until the annotator says otherwise.
    """

    id: str
    value: Any
    comment: Annotated[str, Meta(max_length=10_000)] = ""
    flagged: bool = False
    lease: str | None = None
    seconds: Annotated[float, Meta(ge=0, le=86_400)] | None = None


class NewAnnotations(Request, frozen=True):
    """Annotations that are stored together or not at all.

    `next` asks for the next texts in the same breath. A request for texts that cannot be meant
    is refused before anything is stored.
    """

    annotations: Annotated[tuple[NewAnnotation, ...], Meta(min_length=1, max_length=10_000)]
    next: NextQuery | None = None


class Feedback(Struct, frozen=True, kw_only=True):
    """Whether an answer to a gold text was right, what is right, and why."""

    id: str
    correct: bool
    right: Any
    note: str


class Saved(Struct, frozen=True, kw_only=True):
    """The log positions of what is now on disk, in the order given, and the texts asked for.

    `feedback` is on those that were gold texts, where the scheme gives any.
    """

    seq: list[int]
    next: NextTexts | None = None
    feedback: list[Feedback] = []


class Skip(Request, frozen=True):
    """Leases given back; these texts are not offered to this user again for a while."""

    leases: Annotated[tuple[str, ...], Meta(min_length=1, max_length=1000)]


class Undone(Struct, frozen=True, kw_only=True):
    """What an undo did: `value` is what counts now for the user and text."""

    seq: int
    undoes: int
    id: str | None
    value: Any


class Redone(Struct, frozen=True, kw_only=True):
    """What a redo did: `value` is what counts again for the user and text."""

    seq: int
    id: str
    value: Any


class LogEntry(Struct, frozen=True, kw_only=True):
    """An entry of the annotation log; `codebook` is the version that it was made under."""

    seq: int
    op: Literal["set", "merge", "delete", "undo", "promote", "accept"]
    id: str | None
    row: int | None
    user: str
    value: Any
    source: Source
    strategy: str | None
    selection_probability: float | None
    model_version: int | None
    comment: str
    seconds: float | None
    undoes: int | None
    created_at: datetime
    codebook: int | None = None
    flagged: bool = False


class HistoryEntry(LogEntry, frozen=True, kw_only=True):
    """An entry with the text's beginning, and what the same person had said of it `before`."""

    text: str | None
    before: Any


class LabelCount(Struct, frozen=True, kw_only=True):
    """How often a label is used, by split."""

    label: str
    train: int
    valid: int
    test: int


class AnnotatorCount(Struct, frozen=True, kw_only=True):
    """What an annotator has done. `seconds_median` is over texts with a time."""

    username: str
    annotated: int
    seconds_median: float | None


class Statistics(Struct, frozen=True, kw_only=True):
    """Where a scheme stands."""

    splits: SplitSizes
    annotated: SplitSizes
    labels: list[LabelCount]
    annotators: list[AnnotatorCount]
    disagreed: int


class Health(Struct, frozen=True, kw_only=True):
    """Whether annotators can work: not where the status is `down`."""

    status: Literal["ok", "degraded", "down"]
    version: str
    workers: int
    problems: list[str]
