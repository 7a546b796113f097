"""Rows that were handed out and given back, of which one is picked at random."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

__all__ = ["GivenBack"]

_TRIES = 64


class GivenBack:
    """A set of rows from which a random one is had in constant time."""

    def __init__(self) -> None:
        self._rows: list[int] = []
        self._place: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, row: int) -> bool:
        return row in self._place

    def __iter__(self) -> Iterator[int]:
        return iter(self._rows)

    def add(self, row: int) -> None:
        """Put a row in, unless it is there."""
        if row not in self._place:
            self._place[row] = len(self._rows)
            self._rows.append(row)

    def discard(self, row: int) -> None:
        """Take a row out, if it is there."""
        place = self._place.pop(row, None)
        if place is None:
            return
        last = self._rows.pop()
        if last != row:
            self._rows[place] = last
            self._place[last] = place

    def pick(self, rng: np.random.Generator, barred: set[int]) -> int:
        """Return one of the rows that are not barred, each equally likely; there must be one."""
        for _ in range(_TRIES):
            row = self._rows[int(rng.integers(len(self._rows)))]
            if row not in barred:
                return row
        # Nearly all are barred: better to list the others than to go on guessing.
        left = [row for row in self._rows if row not in barred]
        return left[int(rng.integers(len(left)))]
