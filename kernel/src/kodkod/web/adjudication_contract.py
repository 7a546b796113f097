"""What adjudicators see and send."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from kodkod.web.annotating_contract import GivenAnnotation
from kodkod.web.contract import Request, Username

__all__ = [
    "Accepted",
    "Adjudicated",
    "Adjudicators",
    "Assignment",
    "ConsensusSuggestion",
    "Decision",
    "Disagreement",
    "NewAcceptance",
    "NewAdjudications",
    "VoteView",
    "Withdrawn",
]

Seq = Annotated[int, Meta(ge=1, le=2**63 - 1)]
TextId = Annotated[str, Meta(min_length=1, max_length=10_000)]


class VoteView(Struct, frozen=True, kw_only=True):
    """What somebody says of a text. `competence` is as the consensus asked for has it."""

    seq: int
    user: str
    value: Any
    source: str
    comment: str
    seconds: float | None
    created_at: datetime
    competence: float | None = None


class ConsensusSuggestion(Struct, frozen=True, kw_only=True):
    """What a consensus suggests; no value where it is tied."""

    consensus: str
    value: Any
    confidence: float
    tied: bool
    probabilities: dict[str, float]


class Disagreement(Struct, frozen=True, kw_only=True):
    """A text whose coders disagree. Hand `seen` back with the decision."""

    id: str
    row: int
    split: Literal["train", "valid", "test"]
    text: str
    context: dict[str, Any]
    severity: float
    votes: list[VoteView]
    adjudications: list[GivenAnnotation]
    seen: list[int]
    suggestion: ConsensusSuggestion | None
    assigned_to: str | None


class Decision(Request, frozen=True):
    """What a text's value is, and the places in the log of the votes as they were seen."""

    id: TextId
    value: Any
    seen: Annotated[tuple[Seq, ...], Meta(max_length=1000)]
    comment: Annotated[str, Meta(max_length=10_000)] = ""
    seconds: Annotated[float, Meta(ge=0, le=1e6)] | None = None


class NewAdjudications(Request, frozen=True):
    """Decisions: all are stored, or none."""

    decisions: Annotated[tuple[Decision, ...], Meta(min_length=1, max_length=500)]


class Adjudicated(Struct, frozen=True, kw_only=True):
    """The places in the log, in the order of the decisions."""

    seq: list[int]


class NewAcceptance(Request, frozen=True, kw_only=True):
    """Let suggestions of at least this confidence count, on what is not decided yet.

    Without `expected` nothing is done but counting; with it, it must be the count of now.
    """

    min_confidence: Annotated[float, Meta(ge=0, le=1)]
    consensus: str = "majority"
    params: Annotated[dict[str, Any], Meta(description="Those of the consensus.")] = msgspec.field(
        default_factory=dict
    )
    expected: Annotated[int, Meta(ge=1)] | None = None


class Accepted(Struct, frozen=True, kw_only=True):
    """How many suggestions count, or would; `act` takes them back together."""

    count: int
    act: str | None


class Withdrawn(Struct, frozen=True, kw_only=True):
    """The places in the log of the entries that take something back."""

    seq: list[int]


class Adjudicators(Request, frozen=True):
    """Who adjudicates a scheme, besides the project's managers."""

    usernames: Annotated[tuple[Username, ...], Meta(max_length=1000)]


class Assignment(Request, frozen=True):
    """Texts, and to which adjudicator they go; null: to nobody."""

    ids: Annotated[tuple[TextId, ...], Meta(min_length=1, max_length=5000)]
    adjudicator: Username | None
