"""The shapes of features in the HTTP contract."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct, field

from kodkod.api import ReadingWindow
from kodkod.web.contract import Request, Slug

__all__ = ["FeatureInfo", "NewFeature"]


class NewFeature(Request, frozen=True):
    """A feature to compute over the whole corpus."""

    name: Slug
    component: str
    params: dict[str, Any] = field(default_factory=dict)


class FeatureInfo(Struct, frozen=True, kw_only=True):
    """A computed feature: `rows` x `dim`; `comparable` ones can say how alike texts are.

    `window` is what it reads of a text, if not all.
    """

    id: str
    name: str
    component: str
    params: dict[str, Any]
    dim: int
    rows: int
    sparse: bool
    comparable: bool
    created_at: datetime
    window: ReadingWindow | None = None
