"""The shapes of projections in the HTTP contract."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from kodkod.web.contract import Request, Slug

__all__ = ["NewProjection", "ProjectionInfo"]


class NewProjection(Request, frozen=True):
    """A map to make of a feature (its name or id): of the whole corpus, or of one split."""

    name: Slug
    feature: str
    component: str = "pacmap"
    params: dict[str, Any] = field(default_factory=dict)
    split: Literal["train", "valid", "test"] | None = None
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


class ProjectionInfo(Struct, frozen=True, kw_only=True):
    """A map of the corpus's first `rows` rows, or of those of them that are in `split`.

    `feature` is the name of the feature that it is of, or null where that was deleted.
    """

    id: str
    name: str
    component: str
    params: dict[str, Any]
    feature: str | None
    split: Literal["train", "valid", "test"] | None
    rows: int
    seed: int
    created_at: datetime
