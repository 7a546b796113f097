"""The shapes of the table in the HTTP contract."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from kodkod.project.query import Filter, Sample, SplitName
from kodkod.project.similarity import Similar
from kodkod.project.table import SortKey
from kodkod.web.annotating_contract import Element
from kodkod.web.contract import Request

__all__ = ["Similar", "SortKey", "TableQuery", "TableView"]


class TableQuery(Request, frozen=True):
    """Which texts to show, in which order, from which place in it.

    Without `sort` they are in the order of their rows; with `similar` the most similar ones come
    first then, and each text says its `similarity`. Of `queue`, a table has the untagged texts.
    `as_of` is a position in the log, a date (its end, UTC), or a date and time: as it was then,
    without predictions.
    """

    sample: Sample = Sample(kind="all")
    filter: Filter = Filter()
    split: SplitName = "all"
    sort: Annotated[tuple[SortKey, ...], Meta(max_length=3)] = ()
    offset: Annotated[int, Meta(ge=0, le=2**31)] = 0
    limit: Annotated[int, Meta(ge=1, le=500)] = 50
    as_of: Annotated[str, Meta(max_length=100)] | None = None
    similar: Similar | None = None


class TableView(Struct, frozen=True, kw_only=True):
    """Part of a table; `total` counts all of its texts. Past the end there are none."""

    total: int
    elements: list[Element]
