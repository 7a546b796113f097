"""Lists by falling or rising score, by cursor: what was there before a page may change meanwhile.

A cursor is the last line's key and row. Lines ascend in key, then in row.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidInputError

__all__ = ["page_after", "ranked_cursor"]

_LONGEST = 60


def page_after(
    keys: NDArray[np.float64], rows: NDArray[np.int64], cursor: str | None, limit: int
) -> NDArray[np.int64]:
    """Return the places of up to `limit` lines after the cursor.

    Raises:
        InvalidInputError: the cursor was not given out by a list.
    """
    if cursor is None:
        return np.arange(min(limit, len(keys)), dtype=np.int64)
    key, row = _parsed(cursor)
    after = (keys > key) | ((keys == key) & (rows > row))
    return np.flatnonzero(after)[:limit]


def ranked_cursor(key: float, row: int) -> str:
    """Return the cursor of the page after this line."""
    return f"{key!r}_{row}"


def _parsed(cursor: str) -> tuple[float, int]:
    key, _, row = cursor.partition("_")
    try:
        parsed = float(key), int(row)
    except ValueError:
        parsed = math.nan, 0
    if math.isnan(parsed[0]) or len(cursor) > _LONGEST or not cursor.isascii():
        raise InvalidInputError(
            f"{cursor[:40]!r} is no cursor; leave it out to begin at the start.", field="cursor"
        )
    return parsed
