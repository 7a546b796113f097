"""Walks: one order over one filtered pool, from where each user stopped.

A walk's rows are fixed; what changes is which of them are open. Passing over closed rows is
vectorised, what opens again behind somebody's place is remembered, and counts are kept rather
than taken, so that a draw costs the same whatever the number of rows and of annotations.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.project.board import Board
from kodkod.project.given_back import GivenBack

__all__ = ["BrowseWalk", "Draw", "MixedWalk", "PoolWalk", "TaskWalk"]

_FIRST_CHUNK = 32
_LAST_CHUNK = 16_384
_TRIES = 256


class Draw(Struct, frozen=True):
    """A row to hand out, with the probability that it was this one, where that is defined."""

    row: int
    probability: float | None


class _Cursor:
    """Where a user stands in the order, and what stands open before that place.

    `barred` counts the open rows of the walk that are barred to the user, `barred_back` those
    of them that were given back. `passed` is a heap of ranks (in a walk that is not uniform).
    """

    __slots__ = ("barred", "barred_back", "passed", "place")

    def __init__(self, barred: int, barred_back: int) -> None:
        self.barred = barred
        self.barred_back = barred_back
        self.passed: list[int] = []
        self.place = 0


class PoolWalk:
    """Hands out open rows of an order; listens to the board to know which those are.

    In a uniform walk the order is a random permutation that this walk shares with none, so
    that the next row is equally likely to be any of those that remain. A row that is given
    back has lost its random place, since it is known to stand in front: such rows are kept
    apart, and each draw first decides by their share whether it is one of them.
    """

    def __init__(
        self, rows: NDArray[np.int64], n_rows: int, *, uniform: bool, rng: np.random.Generator
    ) -> None:
        self.rows = rows
        self.uniform = uniform
        self._rng = rng
        self._rank = np.full(n_rows, -1, dtype=np.int32)
        self._rank[rows] = np.arange(len(rows), dtype=np.int32)
        self._loose: set[int] = set()
        self._back = GivenBack()
        self._cursors: dict[int, _Cursor] = {}
        self._front = 0
        self._n_open = 0
        self._board: Board | None = None

    def attach(self, board: Board) -> None:
        """Begin to listen, and count what is open now."""
        self._n_open = int(np.count_nonzero(board.open[self.rows]))
        self._board = board
        board.watch(self)

    def remaining(self, board: Board, user_id: int) -> int:
        """Count the rows that this user could still be given, skipped ones included."""
        skipped = sum(
            self._has(row) and board.only_skipped(row, user_id) for row in board.skipped_by(user_id)
        )
        return self._n_open - self._cursor(board, user_id).barred + skipped

    def draw(self, board: Board, user_id: int) -> Draw | None:
        """Return the user's next row; the caller leases it before the next draw."""
        cursor = self._cursor(board, user_id)
        eligible = self._n_open - cursor.barred
        if eligible <= 0:
            return None
        barred = board.barred_to(user_id)
        if self.uniform:
            back = len(self._back) - cursor.barred_back
            if back and self._rng.random() * eligible < back:
                return Draw(self._back.pick(self._rng, barred), 1 / eligible)
        row = self._front_row(board, cursor, barred)
        if row is None:
            return None
        self._take_front(cursor)
        return Draw(row, 1 / eligible if self.uniform else None)

    def _cursor(self, board: Board, user_id: int) -> _Cursor:
        cursor = self._cursors.get(user_id)
        if cursor is None:
            barred = board.barred_to(user_id)
            rows = np.fromiter(barred, dtype=np.int64, count=len(barred))
            inside = int(np.count_nonzero(self._rank[rows[rows < len(self._rank)]] >= 0))
            cursor = _Cursor(inside, sum(row in barred for row in self._back))
            self._cursors[user_id] = cursor
        return cursor

    def _scan(self, board: Board, cursor: _Cursor, barred: set[int]) -> None:
        """Move the cursor's place to the next row that is open, not barred and not loose."""
        chunk, n = _FIRST_CHUNK, len(self.rows)
        while cursor.place < n:
            rows = self.rows[cursor.place : cursor.place + chunk]
            for offset in np.flatnonzero(board.open[rows]):
                row = int(rows[offset])
                if row in self._loose:
                    continue
                if row not in barred:
                    cursor.place += int(offset)
                    self._front = max(self._front, cursor.place)
                    return
                if self.uniform and board.overlap == 1:
                    # The next user would find it in front of everything: a skip would make
                    # it likelier for the others.
                    self._loosen(board, row)
            cursor.place += len(rows)
            chunk = min(chunk * 4, _LAST_CHUNK)
        self._front = max(self._front, cursor.place)

    def _front_row(self, board: Board, cursor: _Cursor, barred: set[int]) -> int | None:
        """Return the first row of the order that the user can be given, and leave it there."""
        self._scan(board, cursor, barred)
        while cursor.passed:
            row = int(self.rows[cursor.passed[0]])
            if board.open[row] and row not in barred:
                return row
            heapq.heappop(cursor.passed)
        return int(self.rows[cursor.place]) if cursor.place < len(self.rows) else None

    def _take_front(self, cursor: _Cursor) -> None:
        """Move on from the row that `_front_row` returned."""
        if cursor.passed:
            heapq.heappop(cursor.passed)
        else:
            cursor.place += 1
            self._front = max(self._front, cursor.place)

    def _has(self, row: int) -> bool:
        # Rows that were added to the corpus since are in no walk made before.
        return row < len(self._rank) and bool(self._rank[row] >= 0)

    def _loosen(self, board: Board, row: int) -> None:
        self._loose.add(row)
        self._back.add(row)
        for user, cursor in self._cursors.items():
            cursor.barred_back += row in board.barred_to(user)

    def opened(self, row: int) -> None:
        """Count it, and let everybody who is past it find it."""
        if not self._has(row) or self._board is None:
            return
        self._n_open += 1
        rank = int(self._rank[row])
        if not self.uniform:
            for cursor in self._cursors.values():
                if rank < cursor.place:
                    heapq.heappush(cursor.passed, rank)
        elif rank < self._front or row in self._loose:
            self._loosen(self._board, row)

    def closed(self, row: int) -> None:
        """Count it no more."""
        if self._has(row):
            self._n_open -= 1
            self._back.discard(row)

    def barred(self, row: int, user_id: int) -> None:
        """Count it no more for this user."""
        cursor = self._cursors.get(user_id)
        if cursor is not None and self._has(row):
            cursor.barred += 1
            cursor.barred_back += row in self._back

    def freed(self, row: int, user_id: int) -> None:
        """Count it again for this user, who finds it again if it is still open."""
        cursor = self._cursors.get(user_id)
        if cursor is None or self._board is None or not self._has(row):
            return
        cursor.barred -= 1
        cursor.barred_back -= row in self._back
        rank = int(self._rank[row])
        if not self._board.open[row] or rank >= cursor.place:
            return
        if not self.uniform:
            heapq.heappush(cursor.passed, rank)
        elif row not in self._loose:
            self._loosen(self._board, row)


class MixedWalk(PoolWalk):
    """An order of which a share of draws is uniform over all that the user can be given.

    At each draw a coin falls on random with probability `explore`. A row then has the
    probability explore / eligible, plus 1 - explore if it is the order's next for this user.
    """

    def __init__(
        self, rows: NDArray[np.int64], n_rows: int, *, explore: float, rng: np.random.Generator
    ) -> None:
        super().__init__(rows, n_rows, uniform=False, rng=rng)
        self.explore = explore

    def draw(self, board: Board, user_id: int) -> Draw | None:
        """Return the user's next row; the caller leases it before the next draw."""
        cursor = self._cursor(board, user_id)
        eligible = self._n_open - cursor.barred
        if eligible <= 0:
            return None
        barred = board.barred_to(user_id)
        row = front = self._front_row(board, cursor, barred)
        if front is None or self._rng.random() < self.explore:
            row = self._any_row(board, barred)
        if row is None:
            return None
        probability = self.explore / eligible
        if row == front:
            self._take_front(cursor)
            probability += 1 - self.explore
        return Draw(row, probability)

    def _any_row(self, board: Board, barred: set[int]) -> int | None:
        for _ in range(_TRIES):
            row = int(self.rows[int(self._rng.integers(len(self.rows)))])
            if board.open[row] and row not in barred:
                return row
        # Nearly nothing is left: better to list it than to go on guessing.
        left = [row for row in self.rows[board.open[self.rows]].tolist() if row not in barred]
        return left[int(self._rng.integers(len(left)))] if left else None


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


@final
class TaskWalk(BrowseWalk):
    """Walks one user through what is assigned to them, until all of it is coded."""

    def __init__(
        self,
        rows: NDArray[np.int64],
        holds: Callable[[int], bool],
        left: Callable[[NDArray[np.int64]], NDArray[np.int64]],
    ) -> None:
        super().__init__(rows, holds)
        self._left = left

    def rewind(self) -> None:
        """Begin again with what was passed over: skipped, or reserved and not answered."""
        self.rows = self._left(self.rows)
        self._place = 0
