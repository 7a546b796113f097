"""Lists by cursor. A cursor is the last id shown; clients hand it back as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from litestar.params import QueryParameter

from kodkod.api import InvalidInputError, NotFoundError

__all__ = ["Cursor", "Limit", "next_cursor", "numbered", "parse_cursor"]

_MAX_ID = 2**63 - 1
_DIGITS = 9

Limit = Annotated[int, QueryParameter(ge=1, le=1000, description="How many at most.")]
Cursor = Annotated[str | None, QueryParameter(description="The `cursor` of the page before.")]


def parse_cursor(cursor: str | None) -> int:
    """Return the id to go on after.

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


def numbered(text: str, what: str) -> int:
    """Return the number by which a path names a thing.

    Raises:
        NotFoundError: it is no number, so that there is no such thing.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise NotFoundError(f"There is no {what} {text[:40]!r}.")
    return int(text)


def next_cursor(ids: Sequence[int], limit: int) -> str | None:
    """Return the cursor after a page of these ids, None if it was the last.

    A list whose length is a multiple of `limit` ends with an empty page.
    """
    return str(ids[-1]) if ids and len(ids) >= limit else None
