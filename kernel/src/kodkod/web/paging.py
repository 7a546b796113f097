"""Lists by cursor. A cursor is the last id shown; clients hand it back as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from litestar.params import Parameter

from kodkod.api import InvalidInputError
from kodkod.web.contract import Page

__all__ = ["Cursor", "Limit", "page_of", "start_after"]

T = TypeVar("T")
R = TypeVar("R")

_MAX_ID = 2**63 - 1

Limit = Annotated[int, Parameter(ge=1, le=1000, description="How many at most.")]
Cursor = Annotated[str | None, Parameter(description="The `cursor` of the page before.")]


def start_after(cursor: str | None) -> int:
    """Return the id to go on from.

    Raises:
        InvalidInputError: the cursor was not given out by a list.
    """
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 20 and int(cursor) <= _MAX_ID):
        raise InvalidInputError(
            f"{cursor[:40]!r} is no cursor; leave it out to begin at the start.", field="cursor"
        )
    return int(cursor)


def page_of(
    rows: Sequence[R], limit: int, *, show: Callable[[R], T], id_of: Callable[[R], int]
) -> Page[T]:
    """Make a page of `rows`, of which one more than `limit` were asked for."""
    shown = rows[:limit]
    more = len(rows) > limit
    return Page(
        items=[show(row) for row in shown], cursor=str(id_of(shown[-1])) if more else None
    )
