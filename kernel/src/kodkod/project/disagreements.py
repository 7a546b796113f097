"""The texts whose coders disagree, and how much: kept up with the log, worked out when asked."""

from __future__ import annotations

from collections.abc import Collection
from threading import Lock
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import SchemeType, Value
from kodkod.project.coding import Coder
from kodkod.project.fold import Answer, SchemeFold, said_by_people

__all__ = ["DisagreementFilter", "Disagreements", "changes_since", "seen_of", "votes_of"]


class DisagreementFilter(Struct, frozen=True, kw_only=True):
    """Which disagreements: between two users, on a label, in a split, decided, assigned to one."""

    pair: tuple[int, int] | None = None
    label: str | None = None
    split: int | None = None
    decided: bool | None = False
    rows: frozenset[int] | None = None


def votes_of(fold: SchemeFold, row: int) -> list[tuple[Answer, Value]]:
    """Return what people say of a row, with the values, by user."""
    votes = fold.answers.get(row, {}).values()
    said = [(each, fold.value_of(each)) for each in votes if said_by_people(each)]
    there = [(each, value) for each, value in said if value is not None]
    return sorted(there, key=lambda one: one[0].user_id)


def seen_of(fold: SchemeFold, row: int) -> list[int]:
    """Return the places in the log of what a decision on a row rests on, ascending."""
    votes = [each.seq for each, _ in votes_of(fold, row)]
    return sorted([*votes, *(each.seq for each in fold.adjudications.get(row, {}).values())])


def changes_since(fold: SchemeFold, row: int, seen: Collection[int]) -> list[Answer] | None:
    """Return what was said of a row after `seen`; None if that is how things are.

    The list is empty where something was only taken back.
    """
    if set(seen) == set(seen_of(fold, row)):
        return None
    there = [each for each in fold.said_of(row) if said_by_people(each)]
    return [each for each in there if each.seq not in set(seen)]


class Disagreements:
    """How severely the people who coded a text disagree, for the texts where they do.

    `note` is for the event loop's thread; `ranked` works out the rows noted since the last time,
    which is all answered rows at first and when labels have changed. For another thread.
    """

    def __init__(self, scheme_type: SchemeType[Any, Any], fold: SchemeFold) -> None:
        self._type = scheme_type
        self._fold = fold
        self._severity: dict[int, float] = {}
        self._coder: Coder | None = None
        self._noted: set[int] = set()
        self._turn = Lock()

    def note(self, row: int) -> None:
        """Note that something was said of a row."""
        self._noted.add(row)

    def ranked(
        self, wanted: DisagreementFilter, splits: NDArray[np.uint8]
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return minus the severity, and the row, of what is wanted: the most severe first."""
        with self._turn:
            self._catch_up()
            found = [
                (-severity, row)
                for row, severity in self._severity.items()
                if self._is_wanted(row, wanted, splits)
            ]
        found.sort()
        keys = np.array([key for key, _ in found], dtype=np.float64)
        return keys, np.array([row for _, row in found], dtype=np.int64)

    def severity(self, row: int) -> float:
        """Return how severely a row is disagreed on, as of the last `ranked`."""
        return self._severity.get(row, 0.0)

    def _catch_up(self) -> None:
        noted, self._noted = self._noted, set()
        if self._coder is not self._fold.coder:
            self._coder = self._fold.coder
            self._severity = {}
            noted = set(self._fold.rows_said_of())
        for row in noted:
            values = [value for _, value in votes_of(self._fold, row)]
            severity = self._type.severity(values) if len(values) > 1 else 0.0
            if severity > 0:
                self._severity[row] = severity
            else:
                self._severity.pop(row, None)

    def _is_wanted(self, row: int, wanted: DisagreementFilter, splits: NDArray[np.uint8]) -> bool:
        fold = self._fold
        if wanted.decided is not None and bool(fold.decided[row]) != wanted.decided:
            return False
        if wanted.split is not None and splits[row] != wanted.split:
            return False
        if wanted.rows is not None and row not in wanted.rows:
            return False
        if wanted.label is None and wanted.pair is None:
            return True
        votes = {each.user_id: value for each, value in votes_of(fold, row)}
        if wanted.pair is not None:
            one, other = (votes.get(user) for user in wanted.pair)
            if one is None or other is None or one == other:
                return False
        return wanted.label is None or any(
            wanted.label in self._type.labels_of(value) for value in votes.values()
        )
