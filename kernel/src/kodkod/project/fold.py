"""The fold of the annotation log: what everybody has said of every text of one scheme."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime
from operator import itemgetter

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Value
from kodkod.project.coding import Coder
from kodkod.store.labels import Label
from kodkod.store.log import Entry

__all__ = ["Answer", "Retirement", "SchemeFold", "Step", "retired_labels", "said_by_people"]

_UNDO_DEPTH = 1_000
_MACHINES = frozenset({"llm", "model"})


class Answer(Struct, frozen=True):
    """What one user says of one text now; `raw` is None where only a comment or a flag is left.

    `act` is the bulk that an adjudication was a part of, if it was.
    """

    seq: int
    user_id: int
    raw: str | None
    source: str
    comment: str
    seconds: float | None
    created_at: datetime
    act: str | None = None
    flagged: bool = False


def said_by_people(answer: Answer) -> bool:
    """Tell whether an answer was given or brought by people: machines are judged by no other."""
    return answer.source not in _MACHINES


class Step(Struct, frozen=True):
    """A user's entry and what stood there before: what an undo needs. No row: labels changed.

    `source` is the entry's. A bulk of adjudications is one step, which names its `act`.
    """

    seq: int
    row: int | None
    before: Answer | None
    source: str = "human"
    act: str | None = None


class TakenBack(Struct, frozen=True):
    """What a user has said of a row and taken back: what a redo says again."""

    row: int
    answer: Answer | None


class Retirement(Struct, frozen=True):
    """The value of a merge or delete entry: labels that are no more, and what they count as."""

    labels: list[Label]
    into: int | None = None


def retired_labels(entry: Entry) -> Retirement:
    """Read the value of a merge or delete entry."""
    return msgspec.json.decode(entry.value or "", type=Retirement)


class SchemeFold:
    """State of one scheme as arrays and dicts, changed only by `apply`, in the log's order.

    What a stored value reads as is the coder's matter, so that renaming, merging and deleting
    labels touch nothing here but `merged`. `voices[row]` counts the people whose value reads as
    something, from the moment that `recode` said how to read: what a machine said counts for as
    long as nobody else has said anything, and a text is not done by it.

    Adjudications are kept apart from `answers`, so that whoever decides keeps the vote they gave.
    `decided[row]` tells that one stands: it is nobody's voice, and nobody is asked any more.
    """

    def __init__(self, n_rows: int) -> None:
        self.seq = 0
        self.coder: Coder | None = None
        self.answers: dict[int, dict[int, Answer]] = {}
        self.adjudications: dict[int, dict[int, Answer]] = {}
        self.voices: NDArray[np.uint16] = np.zeros(n_rows, dtype=np.uint16)
        self.decided: NDArray[np.bool_] = np.zeros(n_rows, dtype=np.bool_)
        self.merged: dict[int, int | None] = {}
        self.retirements: dict[int, Retirement] = {}
        self._resolved: dict[int, Value] = {}
        self._resolved_by: Coder | None = None
        self._steps: dict[int, deque[Step]] = {}
        self._taken_back: dict[int, list[TakenBack]] = {}
        self._early: list[Entry] = []
        self._has_machines = False

    @property
    def n_rows(self) -> int:
        """How many texts there are."""
        return len(self.voices)

    @property
    def coded(self) -> NDArray[np.bool_]:
        """Which texts people have coded: by a vote or by an adjudication, bool `[n_rows]`."""
        return (self.voices > 0) | self.decided

    def is_coded(self, row: int) -> bool:
        """Tell whether people have coded a text; `coded` costs a pass over all of them."""
        return bool(self.voices[row]) or bool(self.decided[row])

    def rows_said_of(self) -> list[int]:
        """Return the rows of which something was said, by a vote or by an adjudication."""
        return list(self.answers.keys() | self.adjudications.keys())

    def said_of(self, row: int) -> list[Answer]:
        """Return the answers to a row, the adjudications after the votes."""
        votes, decisions = self.answers.get(row, {}), self.adjudications.get(row, {})
        return [*votes.values(), *decisions.values()]

    def grow(self, n_rows: int) -> None:
        """Make room for rows that were added, and take what was said of them before."""
        added = n_rows - self.n_rows
        if added <= 0:
            return
        self.voices = np.concatenate([self.voices, np.zeros(added, dtype=np.uint16)])
        self.decided = np.concatenate([self.decided, np.zeros(added, dtype=np.bool_)])
        early, self._early = self._early, []
        for entry in early:
            self._set(entry)
        for steps in self._steps.values() if early else ():
            in_order = sorted(steps, key=lambda step: step.seq)
            steps.clear()
            steps.extend(in_order)

    def extend(self, entries: Iterable[Entry]) -> None:
        """Apply entries in order."""
        for entry in entries:
            self.apply(entry)

    def apply(self, entry: Entry) -> None:
        """Apply one entry; one that was applied before does nothing."""
        if entry.seq <= self.seq:
            return
        self.seq = entry.seq
        if entry.op == "set":
            self._set(entry)
        elif entry.op == "accept":
            if entry.undoes is not None:
                self._remember(entry, None)
        elif entry.op != "promote":
            self._change_labels(entry)

    def _change_labels(self, entry: Entry) -> None:
        if entry.undoes is None:
            self.retirements[entry.seq] = retired_labels(entry)
        else:
            self.retirements.pop(entry.undoes, None)
        self.merged = _merged(self.retirements.values())
        self._remember(entry, None)
        self._taken_back.pop(entry.user_id, None)

    def _set(self, entry: Entry) -> None:
        row, user = entry.row, entry.user_id
        if row is None:
            return
        if row >= self.n_rows:
            # Another process has grown the corpus, and its log is faster than its news.
            self._early.append(entry)
            return
        decides = entry.source == "adjudication"
        said = self.adjudications if decides else self.answers
        # Other threads read: a row's answers are replaced, never changed under them.
        here = dict(said.get(row, ()))
        before = here.get(user)
        self._has_machines |= entry.source in _MACHINES
        if decides and entry.value is None:
            # What an adjudicator remarks on is a decision: without one there is nothing to keep.
            _withdraw(here, entry)
        elif entry.value is not None or entry.comment or entry.flagged:
            here[user] = _answer(entry)
        else:
            here.pop(user, None)
        if here:
            said[row] = here
        else:
            said.pop(row, None)
        if self.coder is not None:
            self._recount(row)
        if self._resolved_by is self.coder:
            self._resolve(row)
        if entry.source in {"human", "adjudication"} or entry.undoes is not None:
            self._remember(entry, row, before)
            self._forget_or_keep(entry, TakenBack(row, before), decides=decides)

    def _forget_or_keep(self, entry: Entry, was: TakenBack, *, decides: bool) -> None:
        """Keep what an undo takes away until the user does something else.

        Whoever says again just what was taken back goes on from there: nothing in the log marks
        a redo, so that it is the same whoever reads the log.
        """
        kept = self._taken_back.setdefault(entry.user_id, [])
        if decides:
            kept.clear()
        elif entry.undoes is not None:
            kept.append(was)
            del kept[:-_UNDO_DEPTH]
        elif kept and kept[-1].row == was.row and _says(kept[-1].answer, entry):
            kept.pop()
        else:
            kept.clear()

    def _recount(self, row: int) -> None:
        self.voices[row] = len(self.voiced(row))
        decisions = self.adjudications.get(row, {})
        self.decided[row] = any(self.value_of(each) is not None for each in decisions.values())

    def _remember(self, entry: Entry, row: int | None, before: Answer | None = None) -> None:
        steps = self._steps.setdefault(entry.user_id, deque(maxlen=_UNDO_DEPTH))
        act = _act(entry)
        if entry.undoes is None:
            if act is None or not steps or steps[-1].act != act:
                steps.append(Step(entry.seq, row, before, entry.source, act))
        elif steps and steps[-1].seq == entry.undoes:
            steps.pop()

    def recode(self, coder: Coder) -> None:
        """Read values by `coder` from now on, and count all voices anew."""
        self.coder = coder
        self.voices[:] = 0
        self.decided[:] = False
        for row in self.rows_said_of():
            self._recount(row)
        self._resolve_all()

    def voiced(self, row: int) -> set[int]:
        """Return the people whose value for a row reads as something."""
        answers = self.answers.get(row)
        if not answers or self.coder is None:
            return set()
        read = self.coder.read
        return {
            user
            for user, answer in answers.items()
            if said_by_people(answer) and read(answer.raw) is not None
        }

    def resolved(
        self, admits: Callable[[Answer], bool] | None = None
    ) -> tuple[NDArray[np.int64], list[Value]]:
        """Return the rows that have a value, ascending, and the value that counts for each.

        With `admits`, what would count if only the answers that it admits had been given.
        """
        if admits is not None and (self._has_machines or admits is not said_by_people):
            counted = [
                (row, self.value_of(self.counted(row, admits))) for row in self.rows_said_of()
            ]
            return _apart([(row, value) for row, value in counted if value is not None])
        if self._resolved_by is not self.coder:
            self._resolve_all()
        # At once, for other threads read as well; the log may have tens of thousands.
        return _apart(list(self._resolved.items()))

    def _resolve_all(self) -> None:
        self._resolved = {}
        for row in self.rows_said_of():
            self._resolve(row)
        self._resolved_by = self.coder

    def _resolve(self, row: int) -> None:
        value = self.value_of(self.counted(row))
        if value is None:
            self._resolved.pop(row, None)
        else:
            self._resolved[row] = value

    def last_step(self, user_id: int) -> Step | None:
        """Return the user's newest entry that is not taken back, if any."""
        steps = self._steps.get(user_id)
        return steps[-1] if steps else None

    def last_taken_back(self, user_id: int) -> TakenBack | None:
        """Return what the user took back last and may say again, if any."""
        kept = self._taken_back.get(user_id)
        return kept[-1] if kept else None

    def value_of(self, answer: Answer | None) -> Value | None:
        """Read an answer."""
        if answer is None or self.coder is None:
            return None
        return self.coder.read(answer.raw)

    def counted(self, row: int, admits: Callable[[Answer], bool] | None = None) -> Answer | None:
        """Return the answer that counts for a row: adjudicated, else people's, else a machine's.

        Of several it is the newest with a value; with `admits`, of those that it admits.
        """
        return self._best(self.adjudications.get(row, {}), admits) or self._best(
            self.answers.get(row, {}), admits
        )

    def _best(
        self, said: dict[int, Answer], admits: Callable[[Answer], bool] | None
    ) -> Answer | None:
        best: Answer | None = None
        for answer in said.values():
            if self.value_of(answer) is None or (admits is not None and not admits(answer)):
                continue
            if best is None or _weight(answer) > _weight(best):
                best = answer
        return best


def _answer(entry: Entry) -> Answer:
    return Answer(
        entry.seq,
        entry.user_id,
        # Few values are said of many texts: one copy of each is enough.
        None if entry.value is None else sys.intern(entry.value),
        entry.source,
        entry.comment,
        entry.seconds,
        entry.created_at,
        _act(entry),
        entry.flagged,
    )


def _says(answer: Answer | None, entry: Entry) -> bool:
    """Tell whether an entry says what an answer said."""
    if answer is None:
        return entry.value is None and not entry.comment and not entry.flagged
    said = (entry.value, entry.comment, entry.flagged)
    return (answer.raw, answer.comment, answer.flagged) == said


def _act(entry: Entry) -> str | None:
    """Return the bulk that an adjudication is a part of: its `strategy`, as nothing drew it."""
    return entry.strategy if entry.source == "adjudication" else None


def _withdraw(here: dict[int, Answer], entry: Entry) -> None:
    """Take the adjudication away that an entry takes back, whoever gave it, or the user's own."""
    if entry.undoes is None:
        here.pop(entry.user_id, None)
        return
    for user, answer in list(here.items()):
        if answer.seq == entry.undoes:
            del here[user]


def _apart(found: list[tuple[int, Value]]) -> tuple[NDArray[np.int64], list[Value]]:
    """Return the rows, ascending, and their values."""
    found.sort(key=itemgetter(0))
    return np.array([row for row, _ in found], dtype=np.int64), [value for _, value in found]


def _merged(retirements: Iterable[Retirement]) -> dict[int, int | None]:
    """Return what each retired label counts as.

    Two people may merge two labels into each other at the same moment: the later entry, which
    would close a circle, changes nothing until the earlier is taken back.
    """
    merged: dict[int, int | None] = {}
    for retirement in retirements:
        gone = {label.id for label in retirement.labels}
        target = retirement.into
        while target is not None and target not in gone and target in merged:
            target = merged[target]
        if target is None or target not in gone:
            merged.update(dict.fromkeys(gone, retirement.into))
    return merged


def _weight(answer: Answer) -> tuple[bool, int]:
    return said_by_people(answer), answer.seq
