"""Walks: one order over one filtered pool, from where each user stopped.

A walk's rows are fixed; what changes is which of them are open. Passing over closed rows is
vectorised, and a row that opens again behind somebody's position is put on that user's heap,
so that a draw costs the same whatever the number of rows and of annotations.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.project.board import Board

__all__ = ["BrowseWalk", "Draw", "PoolWalk"]

_FIRST_CHUNK = 32
_LAST_CHUNK = 16_384


class Draw(Struct, frozen=True):
    """A row to hand out, with the probability that it was this one, where that is defined."""

    row: int
    probability: float | None


class _Cursor:
    """Where a user stands: the next place in the order, and what opened again before it."""

    __slots__ = ("heap", "place")

    def __init__(self) -> None:
        self.place = 0
        self.heap: list[tuple[float, int]] = []


class PoolWalk:
    """Hands out open rows of an order; listens to the board to know which those are.

    In a uniform walk the order is a random permutation that this walk shares with none, so
    that the next row is equally likely to be any of those that remain. A row that was given
    back would be known to stand in front: it gets a new random place among what remains.
    """

    def __init__(
        self, rows: NDArray[np.int64], n_rows: int, *, uniform: bool, rng: np.random.Generator
    ) -> None:
        self.rows = rows
        self.uniform = uniform
        self._rng = rng
        self._rank = np.full(n_rows, -1, dtype=np.int32)
        self._rank[rows] = np.arange(len(rows), dtype=np.int32)
        self._moved: dict[int, float] = {}
        self._cursors: dict[int, _Cursor] = {}
        self._front = 0
        self._n_open = 0

    def attach(self, board: Board) -> None:
        """Begin to listen, and count what is open now."""
        self._n_open = int(np.count_nonzero(board.open[self.rows]))
        board.watch(self)

    def remaining(self, board: Board, user_id: int) -> int:
        """Count the rows that this user could still be given, skipped ones included."""
        barred = sum(self._has(row) for row in board.barred_to(user_id))
        skipped = sum(
            self._has(row) and bool(board.open[row]) and user_id not in board.fold.voiced(row)
            for row in board.skipped_by(user_id)
        )
        return self._n_open - barred + skipped

    def draw(self, board: Board, user_id: int) -> Draw | None:
        """Return the user's next row; the caller leases it before the next draw."""
        barred = board.barred_to(user_id)
        eligible = self._n_open - sum(self._has(row) for row in barred)
        if eligible <= 0:
            return None
        cursor = self._cursors.get(user_id) or self._new_cursor(user_id)
        self._scan(board, cursor, barred)
        while cursor.heap:
            key, row = cursor.heap[0]
            if board.open[row] and row not in barred and key == self._key(row):
                if key < cursor.place:
                    heapq.heappop(cursor.heap)
                    return self._drawn(row, eligible)
                break
            heapq.heappop(cursor.heap)
        if cursor.place >= len(self.rows):
            if cursor.heap:
                return self._drawn(heapq.heappop(cursor.heap)[1], eligible)
            return None
        row = int(self.rows[cursor.place])
        cursor.place += 1
        self._front = max(self._front, cursor.place)
        return self._drawn(row, eligible)

    def _new_cursor(self, user_id: int) -> _Cursor:
        cursor = self._cursors[user_id] = _Cursor()
        cursor.heap = [(key, row) for row, key in self._moved.items()]
        heapq.heapify(cursor.heap)
        return cursor

    def _drawn(self, row: int, eligible: int) -> Draw:
        return Draw(row, 1 / eligible if self.uniform else None)

    def _scan(self, board: Board, cursor: _Cursor, barred: set[int]) -> None:
        """Move the cursor's place to the next row that is open, not barred and not moved."""
        chunk, n = _FIRST_CHUNK, len(self.rows)
        while cursor.place < n:
            rows = self.rows[cursor.place : cursor.place + chunk]
            for offset in np.flatnonzero(board.open[rows]):
                row = int(rows[offset])
                if row not in barred and row not in self._moved:
                    cursor.place += int(offset)
                    return
            cursor.place += len(rows)
            chunk = min(chunk * 4, _LAST_CHUNK)

    def _has(self, row: int) -> bool:
        return self._rank[row] >= 0

    def _key(self, row: int) -> float:
        return self._moved.get(row, float(self._rank[row]))

    def opened(self, row: int) -> None:
        """Count it, and let everybody who is past it find it."""
        if not self._has(row):
            return
        self._n_open += 1
        if self.uniform:
            self._moved[row] = float(self._rng.uniform(self._front, len(self.rows)))
        self._offer(row, self._cursors.values())

    def closed(self, row: int) -> None:
        """Count it no more."""
        if self._has(row):
            self._n_open -= 1

    def freed(self, row: int, user_id: int) -> None:
        """Let the user find it again."""
        cursor = self._cursors.get(user_id)
        if cursor is not None and self._has(row):
            self._offer(row, (cursor,))

    def _offer(self, row: int, cursors: Iterable[_Cursor]) -> None:
        key = self._key(row)
        for cursor in cursors:
            if key < cursor.place or row in self._moved:
                heapq.heappush(cursor.heap, (key, row))


class BrowseWalk:
    """Walks one user through rows that need no place left: tagged, commented, predicted as, ...

    `holds` says whether a row still is what was asked for.
    """

    def __init__(self, rows: NDArray[np.int64], holds: Callable[[int], bool]) -> None:
        self.rows = rows
        self._holds = holds
        self._place = 0

    def remaining(self) -> int:
        """Count the rows not walked yet."""
        return len(self.rows) - self._place

    def draw(self) -> Draw | None:
        """Return the next row that still fits."""
        while self._place < len(self.rows):
            row = int(self.rows[self._place])
            self._place += 1
            if self._holds(row):
                return Draw(row, None)
        return None
