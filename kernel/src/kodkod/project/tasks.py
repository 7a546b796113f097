"""The tasks of one scheme in memory: whose a text is, what is left, what is hidden from whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from kodkod.project.fold import SchemeFold
from kodkod.store.tasks import Share, Task

__all__ = ["TaskBook", "rows_of_share"]

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]

_NOBODY: frozenset[int] = frozenset()
_NEVER = datetime.max.replace(tzinfo=UTC)


def rows_of_share(task: Task, share: Share) -> Rows:
    """Return the rows that a person has of a task, in the task's order."""
    return task.rows if share.places is None else task.rows[share.places]


class _Desk:
    """What one person has in the open tasks of the scheme: masks over rows, and a count."""

    __slots__ = ("assigned", "blind", "done", "left", "tasks", "veiled")

    def __init__(self, n_rows: int) -> None:
        self.assigned: Mask = np.zeros(n_rows, dtype=np.bool_)
        self.blind: Mask = np.zeros(n_rows, dtype=np.bool_)
        self.veiled: Mask = np.zeros(n_rows, dtype=np.bool_)
        self.done: Mask = np.zeros(n_rows, dtype=np.bool_)
        self.tasks: list[tuple[Task, Share]] = []
        self.left = 0


class TaskBook:
    """Changed by `hear` alone: whoever changes tasks makes it anew.

    A text is done by a person when their value for it reads as something. `claims[row]` counts
    the people who have it in an open task.
    """

    def __init__(self, tasks: Sequence[Task], fold: SchemeFold) -> None:
        self.tasks = tuple(tasks)
        self._fold = fold
        self._desks: dict[int, _Desk] = {}
        self.claims: NDArray[np.uint16] = np.zeros(fold.n_rows, dtype=np.uint16)
        for task in self._open():
            for share in task.shares:
                self._take(task, share)
        for desk in self._desks.values():
            self.claims += desk.assigned
        self._count()

    def _open(self) -> list[Task]:
        there = [task for task in self.tasks if task.closed_at is None]
        return sorted(there, key=lambda task: (task.deadline or _NEVER, task.created_at, task.id))

    def _take(self, task: Task, share: Share) -> None:
        desk = self._desks.setdefault(share.user_id, _Desk(self._fold.n_rows))
        desk.tasks.append((task, share))
        rows = self._there(rows_of_share(task, share))
        desk.assigned[rows] = True
        desk.blind[rows] |= task.blind
        desk.veiled[rows] |= task.blind and task.hide_predictions

    def _there(self, rows: Rows) -> Rows:
        # Another process may have grown the corpus before this one heard of it.
        return rows[rows < self._fold.n_rows]

    def _count(self) -> None:
        """Count what is done."""
        for desk in self._desks.values():
            desk.done[:] = False
        if self._desks:
            for row in self._fold.answers:
                for user in self._fold.voiced(row) & self._desks.keys():
                    self._desks[user].done[row] = True
        for desk in self._desks.values():
            desk.left = int(np.count_nonzero(desk.assigned & ~desk.done))

    def hear(self, row: int, user_id: int) -> bool:
        """Take up a new answer; tell whether it was the last of all that the person had."""
        desk = self._desks.get(user_id)
        if desk is None or row >= len(desk.done):
            return False
        is_done = user_id in self._fold.voiced(row)
        was_done, desk.done[row] = bool(desk.done[row]), is_done
        if not desk.assigned[row] or is_done == was_done:
            return False
        desk.left += 1 if was_done else -1
        return desk.left == 0

    def assignees(self, row: int) -> Iterable[int]:
        """Return the people who have a row in an open task."""
        if row >= len(self.claims) or not self.claims[row]:
            return _NOBODY
        return [user for user, desk in self._desks.items() if desk.assigned[row]]

    def left(self, user_id: int) -> int:
        """Count the texts that a person still has to code."""
        desk = self._desks.get(user_id)
        return desk.left if desk else 0

    def only(self, user_id: int) -> bool:
        """Tell whether a person is to get nothing beside the tasks."""
        desk = self._desks.get(user_id)
        return desk is not None and any(task.only for task, _ in desk.tasks)

    def waits(self, row: int, user_id: int) -> bool:
        """Tell whether a person has a row and has not coded it."""
        desk = self._desks.get(user_id)
        return (
            desk is not None
            and row < len(desk.done)
            and bool(desk.assigned[row])
            and not desk.done[row]
        )

    def rest(self, rows: Rows, user_id: int) -> Rows:
        """Return those of some rows that a person has and has not coded."""
        desk = self._desks.get(user_id)
        return rows[:0] if desk is None else rows[desk.assigned[rows] & ~desk.done[rows]]

    def queue(self, user_id: int, order: Rows) -> Rows:
        """Return what a person has left: by deadline, in each task in the task's order.

        `order` has all rows in the order of the scheme's strategy. Takes milliseconds.
        """
        desk = self._desks.get(user_id)
        if desk is None:
            return np.zeros(0, dtype=np.int64)
        parts = [self._ordered(task, share, order) for task, share in desk.tasks]
        rows = np.concatenate(parts)
        _, first = np.unique(rows, return_index=True)
        rows = rows[np.sort(first)]
        return rows[~desk.done[rows]]

    def _ordered(self, task: Task, share: Share, order: Rows) -> Rows:
        rows = self._there(rows_of_share(task, share))
        if task.order == "random":
            seed = [int(task.plan.get("seed", 0)), share.user_id]
            return np.random.default_rng(seed).permutation(rows)
        if task.order == "strategy":
            mine = np.zeros(self._fold.n_rows, dtype=np.bool_)
            mine[rows] = True
            order = order[order < len(mine)]
            return order[mine[order]]
        return rows

    def hidden(self, row: int, user_id: int) -> bool:
        """Tell whether what others said of a row is hidden from a person now."""
        desk = self._desks.get(user_id)
        return (
            desk is not None
            and row < len(desk.done)
            and bool(desk.blind[row])
            and not desk.done[row]
        )

    def veiled(self, row: int, user_id: int) -> bool:
        """Tell whether predictions of a row are hidden from a person as well."""
        desk = self._desks.get(user_id)
        return desk is not None and self.hidden(row, user_id) and bool(desk.veiled[row])

    def hidden_rows(self, user_id: int) -> Mask:
        """Tell of every row what `hidden` tells of one; empty where nothing is."""
        desk = self._desks.get(user_id)
        return np.zeros(0, dtype=np.bool_) if desk is None else desk.blind & ~desk.done

    def veiled_rows(self, user_id: int) -> Mask:
        """Tell of every row what `veiled` tells of one; empty where nothing is."""
        desk = self._desks.get(user_id)
        if desk is None:
            return np.zeros(0, dtype=np.bool_)
        return desk.blind & desk.veiled & ~desk.done

    def blinds(self, user_id: int) -> bool:
        """Tell whether anything is hidden from a person."""
        desk = self._desks.get(user_id)
        return desk is not None and bool((desk.blind & ~desk.done).any())
