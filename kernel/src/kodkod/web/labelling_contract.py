"""The shapes of labellings in the HTTP contract."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from kodkod.api import ScoreReport
from kodkod.project.labelling import Ceiling, LabelRows
from kodkod.store.replies import ReplyState, ReplyTotals
from kodkod.web.contract import Request, Slug

__all__ = [
    "Ceiling",
    "LabelRows",
    "LabellingInfo",
    "NewLabelling",
    "NewLabellingPlan",
    "NewLabellingRun",
    "NewPromotion",
    "Promoted",
    "ReplyTotals",
    "ReplyView",
]


class NewLabelling(Request, frozen=True):
    """Who is to be asked what: a labeller, and a version of a prompt (null: the latest).

    With `justify` replies say in a sentence why.
    """

    name: Slug
    scheme: str
    prompt: str
    labeller: str = "openai-compatible"
    params: dict[str, Any] = field(default_factory=dict)
    version: Annotated[int, Meta(ge=1)] | None = None
    justify: bool = False


class NewLabellingPlan(Request, frozen=True):
    """The texts that a run is planned for."""

    rows: LabelRows = LabelRows()


class NewLabellingRun(Request, frozen=True):
    """A run: which texts, and what it may take.

    What is answered is not asked again; `unparsed_again` asks again what was answered with
    something that is no value.
    """

    rows: LabelRows = LabelRows()
    ceiling: Ceiling = Ceiling()
    unparsed_again: bool = False


class NewPromotion(Request, frozen=True):
    """Which answers are to count as annotations: those to some texts, from a confidence on.

    An answer without a confidence is promoted only where none is asked for. Where people have
    said something, or come to say it, theirs counts.
    """

    rows: LabelRows = LabelRows()
    min_confidence: Annotated[float, Meta(ge=0, le=1)] | None = None


class Promoted(Struct, frozen=True, kw_only=True):
    """How many answers count now as annotations by `annotator`, with the source llm."""

    annotator: str
    promoted: int


class LabellingInfo(Struct, frozen=True, kw_only=True):
    """A labelling, which is a model too: what is said of models goes for it.

    `remote` says that texts leave the installation; null where its labeller is not installed.
    """

    id: str
    name: str
    scheme: str
    labeller: str
    params: dict[str, Any]
    prompt: str
    version: int
    justify: bool
    remote: bool | None
    totals: ReplyTotals
    scores: dict[str, ScoreReport]
    created_at: datetime


class ReplyView(Struct, frozen=True, kw_only=True):
    """What was replied of one text; `human` is the value that counts of what people say.

    `confidence` is the value's probability, or the share of samples that agree. `raw` is what was
    said, `problem` why that is no value or why nothing was said.
    """

    id: str
    row: int
    text: str
    state: ReplyState
    value: Any
    human: Any
    confidence: float | None
    justification: str
    problem: str
    raw: str
    tokens_in: int
    tokens_out: int
    calls: int
    seconds: float
    cost: float | None
    wh: float | None
