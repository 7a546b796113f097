"""Undo and redo over the log, beside a naive account of what each person did and took back."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from kodkod.api import NoParams
from kodkod.project.coding import Coder
from kodkod.project.fold import Answer, SchemeFold
from kodkod.store.labels import Label
from kodkod.store.log import Entry
from kodkod_schemes.multiclass import Multiclass

N_ROWS = 3
LABELS = [Label(id=i, name=f"label {i}") for i in (1, 2)]
ACTS = st.tuples(
    st.sampled_from(["say", "say", "undo", "undo", "redo", "redo"]),
    st.sampled_from([1, 2]),
    st.integers(0, N_ROWS - 1),
    st.sampled_from(['"1"', '"2"', None]),
)
Said = tuple[str | None, str]
NOTHING: Said = (None, "")


def said(answer: Answer | None) -> Said:
    return (answer.raw, answer.comment) if answer else NOTHING


class Desk:
    """Acts as the server does, and keeps its own books."""

    def __init__(self) -> None:
        self.fold = SchemeFold(N_ROWS)
        self.fold.recode(Coder(Multiclass(NoParams()), LABELS, {}))
        self.now: defaultdict[tuple[int, int], Said] = defaultdict(lambda: NOTHING)
        self.done: defaultdict[int, list[tuple[int, Said]]] = defaultdict(list)
        self.undone: defaultdict[int, list[tuple[int, Said]]] = defaultdict(list)

    def write(self, user: int, row: int, what: Said, undoes: int | None = None) -> None:
        raw, comment = what
        self.fold.apply(
            Entry(
                seq=self.fold.seq + 1,
                project_id=1,
                scheme_id=1,
                op="set",
                row=row,
                user_id=user,
                value=raw,
                comment=comment,
                undoes=undoes,
                created_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
        )

    def say(self, user: int, row: int, what: Said) -> None:
        self.done[user].append((row, self.now[user, row]))
        if self.undone[user] and self.undone[user][-1] == (row, what):
            self.undone[user].pop()
        else:
            self.undone[user].clear()
        self.now[user, row] = what
        self.write(user, row, what)

    def undo(self, user: int) -> None:
        step = self.fold.last_step(user)
        assert (step is None) == (not self.done[user])
        if step is None or step.row is None:
            return
        row, before = self.done[user].pop()
        self.undone[user].append((row, self.now[user, row]))
        self.now[user, row] = before
        self.write(user, step.row, said(step.before), undoes=step.seq)

    def redo(self, user: int) -> None:
        taken = self.fold.last_taken_back(user)
        assert (taken is None) == (not self.undone[user])
        if taken is None:
            return
        assert (taken.row, said(taken.answer)) == self.undone[user][-1]
        self.say(user, taken.row, said(taken.answer))


@given(acts=st.lists(ACTS, max_size=40))
def test_whatever_is_done_undo_and_redo_bring_back_what_was_there(acts):
    desk = Desk()
    for number, (act, user, row, raw) in enumerate(acts):
        if act == "say":
            desk.say(user, row, (raw, f"note {number}" if number % 3 == 0 else ""))
        elif act == "undo":
            desk.undo(user)
        else:
            desk.redo(user)
        for row_ in range(N_ROWS):
            for user_ in (1, 2):
                there = desk.fold.answers.get(row_, {}).get(user_)
                assert said(there) == desk.now[user_, row_]


@given(acts=st.lists(ACTS, max_size=20))
def test_all_that_is_taken_back_comes_back_by_as_many_redos(acts):
    desk = Desk()
    for _, user, row, raw in acts:
        desk.say(user, row, (raw, ""))
    before = dict(desk.now)
    for user in (1, 2):
        steps = len(desk.done[user])
        for _ in range(steps):
            desk.undo(user)
        for _ in range(steps):
            desk.redo(user)
    assert desk.now == before
