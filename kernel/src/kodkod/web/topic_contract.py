"""The shapes of topics in the HTTP contract."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from kodkod.web.contract import Name, Request, Slug

__all__ = [
    "NewTopics",
    "TopicCount",
    "TopicCounts",
    "TopicInfo",
    "TopicNames",
    "TopicOperation",
    "TopicScheme",
    "TopicWordInfo",
    "TopicsInfo",
]


class NewTopics(Request, frozen=True):
    """Topics to find by the vectors of a feature (its name or id)."""

    name: Slug
    feature: str
    component: str = "bertopic"
    params: dict[str, Any] = field(default_factory=dict)
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


class TopicWordInfo(Struct, frozen=True):
    """A word of a topic; weights compare within a topic."""

    word: str
    weight: float


class TopicInfo(Struct, frozen=True, kw_only=True):
    """A topic. `representative` are ids of texts that show best what it is about.

    `named` tells whether somebody gave it its name; otherwise it is made of its words.
    """

    id: int
    name: str
    named: bool
    size: int
    words: list[TopicWordInfo]
    representative: list[str]


class TopicsInfo(Struct, frozen=True, kw_only=True):
    """Topics as of `version`, the greatest first; `outliers` texts are in none.

    `operation` is what made this version of the one before; `feature` is null where it was
    deleted.
    """

    id: str
    name: str
    component: str
    params: dict[str, Any]
    feature: str | None
    rows: int
    version: int
    operation: str
    outliers: int
    topics: list[TopicInfo]
    seed: int
    created_at: datetime


class TopicOperation(Request, frozen=True):
    """What to do to topics: `merge` two or more `ids`, `split` one `into` several, or give every
    text that is in no topic the one that it is most like.
    """

    op: Literal["merge", "split", "reduce-outliers"]
    ids: Annotated[tuple[int, ...], Meta(max_length=1000)] = ()
    into: Annotated[int, Meta(ge=2, le=50)] = 2
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


class TopicNames(Request, frozen=True):
    """Names for topics, by id."""

    names: Annotated[dict[str, str], Meta(min_length=1, max_length=1000)]


class TopicScheme(Request, frozen=True):
    """A scheme to make of topics: their names are its labels. No `topics` means all of them."""

    name: Name
    type: str = "multiclass"
    topics: Annotated[tuple[int, ...], Meta(max_length=1000)] = ()


class TopicCount(Struct, frozen=True, kw_only=True):
    """So many texts of a topic (null: of none) have the value (null: have none)."""

    value: str | None
    topic: int | None
    texts: int


class TopicCounts(Struct, frozen=True, kw_only=True):
    """Texts by topic and by a column's values, which ascend. Pairs without texts are left out."""

    column: str
    counts: list[TopicCount]
