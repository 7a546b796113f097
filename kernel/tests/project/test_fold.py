"""The fold equals a naive recomputation from the whole log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kodkod.api import NoParams
from kodkod.project.coding import Coder
from kodkod.project.fold import Retirement, SchemeFold
from kodkod.store.labels import Label
from kodkod.store.log import Entry
from kodkod_schemes.multiclass import Multiclass
from kodkod_schemes.multilabel import Multilabel
from kodkod_schemes.params import MultilabelParams

N_ROWS = 4
USERS = (1, 2, 3)
TIME = datetime(2026, 1, 1, tzinfo=UTC)
LABELS = [Label(id=i, name=f"label {i}") for i in range(1, 6)]
TYPES = {"multiclass": Multiclass(NoParams()), "multilabel": Multilabel(MultilabelParams())}


def entry(seq: int, op: str = "set", **given_: Any) -> Entry:
    values = {"project_id": 1, "scheme_id": 1, "row": None, "user_id": 1, "value": None} | given_
    return Entry(seq=seq, op=op, created_at=TIME, **values)


def said(seq: int, row: int, user: int, value: Any, **more: Any) -> Entry:
    raw = None if value is None else msgspec.json.encode(value).decode()
    return entry(seq, row=row, user_id=user, value=raw, **more)


def retired(seq: int, labels: list[int], into: int | None = None, user: int = 1) -> Entry:
    what = Retirement([LABELS[i - 1] for i in labels], into)
    op = "delete" if into is None else "merge"
    return entry(seq, op, user_id=user, value=msgspec.json.encode(what).decode())


class Script:
    """Makes a valid log: what a scheme's users can do, one thing after the other."""

    def __init__(self, kind: str, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self.kind, self.draw = kind, draw
        self.log: list[Entry] = []
        self.fold = SchemeFold(N_ROWS)
        self.coder()

    def coder(self) -> None:
        self.fold.recode(Coder(TYPES[self.kind], LABELS, self.fold.merged))

    def write(self, new: Entry) -> None:
        self.log.append(new)
        self.fold.apply(new)
        if new.op != "set":
            self.coder()

    def step(self) -> None:
        seq = (self.log[-1].seq if self.log else 0) + self.draw(st.integers(1, 3))
        user = self.draw(st.sampled_from(USERS))
        alive = [label.id for label in LABELS if label.id not in self.fold.merged]
        action = self.draw(
            st.sampled_from(["set", "set", "clear", "note", "flag", "retire", "undo"])
        )
        row = self.draw(st.integers(0, N_ROWS - 1))
        source = self.draw(st.sampled_from(["human", "human", "import", "adjudication"]))
        if action == "set" and alive:
            value = self.value(alive)
            self.write(said(seq, row, user, value, source=source, seconds=1.5))
        elif action == "clear":
            self.write(said(seq, row, user, None, source=source))
        elif action == "note":
            self.write(said(seq, row, user, None, comment="see row 3"))
        elif action == "flag":
            value = self.value(alive) if alive and self.draw(st.booleans()) else None
            self.write(said(seq, row, user, value, flagged=True))
        elif action == "retire" and len(alive) > 1:
            gone = self.draw(st.lists(st.sampled_from(alive), min_size=1, max_size=2, unique=True))
            rest = [label for label in alive if label not in gone]
            into = self.draw(st.sampled_from([None, *rest]))
            self.write(retired(seq, gone, into, user))
        elif action == "undo" and (last := self.fold.last_step(user)):
            self.write(undoing(seq, user, last))

    def value(self, alive: list[int]) -> Any:
        if self.kind == "multiclass":
            return str(self.draw(st.sampled_from(alive)))
        chosen = self.draw(st.lists(st.sampled_from(alive), unique=True))
        return [str(label) for label in chosen]


def undoing(seq: int, user: int, step: Any) -> Entry:
    """What the server writes to take a step back."""
    before = step.before
    return entry(
        seq,
        op="undo" if step.row is None else "set",
        row=step.row,
        user_id=user,
        value=before.raw if before else None,
        comment=before.comment if before else "",
        flagged=before.flagged if before else False,
        source=before.source if before else step.source,
        undoes=step.seq,
    )


Said = dict[int, dict[tuple[int, bool], tuple[Any, str, bool, int]]]
"""By row, then by the user and whether it is an adjudication."""


def naive(log: list[Entry], kind: str) -> Said:
    """Work out (value, comment, seq) by row, user and kind of saying from nothing but the log."""
    undone = {e.undoes for e in log if e.op == "undo"}
    becomes: dict[int, int | None] = {}
    for e in log:
        if e.op in {"merge", "delete"} and e.seq not in undone:
            what = msgspec.json.decode(e.value or "", type=Retirement)
            becomes.update({label.id: what.into for label in what.labels})

    def now(label: str) -> str | None:
        at: int | None = int(label)
        while at in becomes:
            at = becomes[at]
        return None if at is None else f"label {at}"

    state: Said = {}
    for e in log:
        if e.op != "set":
            continue
        raw = None if e.value is None else msgspec.json.decode(e.value)
        if raw is None:
            value = None
        elif kind == "multiclass":
            value = now(raw)
        else:
            kept = {name for label in raw if (name := now(label))}
            value = None if raw and not kept else sorted(kept)
        here = state.setdefault(e.row or 0, {})
        decides = e.source == "adjudication"
        if decides and e.value is None and e.undoes is not None:
            state[e.row or 0] = {k: v for k, v in here.items() if v[3] != e.undoes}
            continue
        here.pop((e.user_id, decides), None)
        if e.value is not None or ((e.comment or e.flagged) and not decides):
            here[e.user_id, decides] = (value, e.comment, e.flagged, e.seq)
    return {row: here for row, here in state.items() if here}


def view(fold: SchemeFold) -> Said:
    return {
        row: {
            (a.user_id, a.source == "adjudication"): (
                fold.value_of(a),
                a.comment,
                a.flagged,
                a.seq,
            )
            for a in fold.said_of(row)
        }
        for row in fold.rows_said_of()
    }


@pytest.mark.parametrize("kind", TYPES)
@given(data=st.data())
@settings(max_examples=120)
def test_a_fold_is_the_naive_recomputation(kind: str, data: st.DataObject) -> None:
    script = Script(kind, data.draw)
    for _ in range(data.draw(st.integers(1, 20))):
        script.step()

    expected = naive(script.log, kind)
    assert view(script.fold) == expected
    for row in range(N_ROWS):
        there = {k for k, (value, *_) in expected.get(row, {}).items() if value is not None}
        users = {user for user, decides in there if not decides}
        assert script.fold.voiced(row) == users
        assert script.fold.voices[row] == len(users)
        assert script.fold.decided[row] == any(decides for _, decides in there)

    # Again from the log, and every entry a second time: nothing changes.
    again = SchemeFold(N_ROWS)
    again.extend([*script.log, *script.log])
    again.recode(Coder(TYPES[kind], LABELS, again.merged))
    assert view(again) == expected
    assert again.voices.tolist() == script.fold.voices.tolist()
    assert again.seq == script.log[-1].seq if script.log else again.seq == 0
    for user in USERS:
        assert again.last_step(user) == script.fold.last_step(user)


@pytest.mark.parametrize("kind", TYPES)
@given(data=st.data())
@settings(max_examples=80)
def test_undoing_everything_brings_back_the_beginning(kind: str, data: st.DataObject) -> None:
    """One user works alone: undo after undo walks back through every state there was."""
    script = Script(kind, data.draw)
    states = [(0, view(script.fold))]
    for _ in range(data.draw(st.integers(1, 12))):
        seq = (script.log[-1].seq if script.log else 0) + 1
        alive = [label.id for label in LABELS if label.id not in script.fold.merged]
        if data.draw(st.booleans()) or len(alive) == 1:
            row = data.draw(st.integers(0, N_ROWS - 1))
            script.write(said(seq, row, 1, script.value(alive), comment="c"))
        else:
            into = data.draw(st.sampled_from([None, *alive[1:]]))
            script.write(retired(seq, alive[:1], into))
        states.append((seq, view(script.fold)))

    while len(states) > 1:
        undone, _ = states.pop()
        step = script.fold.last_step(1)
        assert step is not None
        assert step.seq == undone
        script.write(undoing(script.log[-1].seq + 1, 1, step))
        assert without_seq(view(script.fold)) == without_seq(states[-1][1])
    assert script.fold.last_step(1) is None
    assert script.fold.merged == {}
    assert not script.fold.voices.any()


def without_seq(state: dict[int, dict[int, tuple[Any, str, int]]]) -> Any:
    return {row: {u: each[:2] for u, each in here.items()} for row, here in state.items()}


def test_renaming_touches_nothing_but_what_values_read_as() -> None:
    fold = SchemeFold(N_ROWS)
    fold.extend([said(1, 0, 1, "1"), said(2, 1, 2, "2")])
    fold.recode(Coder(TYPES["multiclass"], LABELS, {}))
    before = dict(fold.answers)

    renamed = [Label(id=1, name="a new name"), *LABELS[1:]]
    fold.recode(Coder(TYPES["multiclass"], renamed, {}))

    assert fold.answers == before
    assert fold.value_of(fold.counted(0)) == "a new name"
    assert fold.value_of(fold.counted(1)) == "label 2"


def test_of_several_answers_the_adjudicated_counts_else_the_newest() -> None:
    fold = SchemeFold(N_ROWS)
    fold.recode(Coder(TYPES["multiclass"], LABELS, {}))
    fold.extend([said(1, 0, 1, "1"), said(2, 0, 2, "2")])
    assert fold.value_of(fold.counted(0)) == "label 2"

    fold.apply(said(3, 0, 3, "3", source="adjudication"))
    fold.apply(said(4, 0, 1, "4"))
    assert fold.value_of(fold.counted(0)) == "label 3"

    rows, values = fold.resolved()
    assert rows.tolist() == [0]
    assert values == ["label 3"]


def test_undoing_an_answer_over_an_imported_one_brings_the_imported_back() -> None:
    fold = SchemeFold(N_ROWS)
    fold.recode(Coder(TYPES["multiclass"], LABELS, {}))
    fold.extend([said(1, 0, 1, "1", source="import"), said(2, 0, 1, "2")])
    step = fold.last_step(1)
    assert step is not None

    fold.apply(undoing(3, 1, step))

    answer = fold.counted(0)
    assert answer is not None
    assert (fold.value_of(answer), answer.source) == ("label 1", "import")
    assert fold.last_step(1) is None


def test_two_merges_into_each_other_at_once_end_and_can_be_undone() -> None:
    """Two requests may both be checked before either is written."""
    fold = SchemeFold(N_ROWS)
    fold.extend([said(1, 0, 1, "1"), retired(2, [1], 2, user=1), retired(3, [2], 1, user=2)])

    fold.recode(Coder(TYPES["multiclass"], LABELS, fold.merged))
    assert fold.value_of(fold.counted(0)) == "label 2"

    fold.apply(entry(4, "undo", user_id=1, undoes=2))
    fold.recode(Coder(TYPES["multiclass"], LABELS, fold.merged))
    assert fold.merged == {2: 1}
    assert fold.value_of(fold.counted(0)) == "label 1"


def test_the_same_labels_in_another_order_are_the_same_value() -> None:
    """Values keep the order that the labels had then; a reorder must not make a disagreement."""
    fold = SchemeFold(N_ROWS)
    fold.extend([said(1, 0, 1, ["1", "3"]), said(2, 0, 2, ["3", "1"])])
    fold.recode(Coder(TYPES["multilabel"], list(reversed(LABELS)), {}))

    values = [fold.value_of(answer) for answer in fold.answers[0].values()]

    assert values == [["label 3", "label 1"]] * 2


def test_what_is_said_of_rows_not_known_yet_counts_when_they_are() -> None:
    """Another server may add rows and annotate them before this one has read them."""
    fold = SchemeFold(1)
    fold.recode(Coder(TYPES["multiclass"], LABELS, {}))
    fold.extend([said(1, 2, 1, "1"), said(2, 0, 1, "2"), said(3, 2, 2, "3")])
    assert set(fold.answers) == {0}

    fold.grow(3)

    assert fold.voices.tolist() == [1, 0, 2]
    assert fold.value_of(fold.counted(2)) == "label 3"
    step = fold.last_step(1)
    assert step is not None
    assert step.seq == 2


def test_answers_seen_by_another_thread_do_not_change_under_it() -> None:
    fold = SchemeFold(N_ROWS)
    fold.recode(Coder(TYPES["multiclass"], LABELS, {}))
    fold.apply(said(1, 0, 1, "1"))
    seen = fold.answers[0]

    fold.apply(said(2, 0, 2, "2"))

    assert list(seen) == [1]
    assert list(fold.answers[0]) == [1, 2]


# -- adjudication ---------------------------------------------------------------------------


def folded(*log: Entry, kind: str = "multiclass", n_rows: int = N_ROWS) -> SchemeFold:
    fold = SchemeFold(n_rows)
    fold.extend(log)
    fold.recode(Coder(TYPES[kind], LABELS, fold.merged))
    return fold


def counts(fold: SchemeFold, row: int = 0) -> Any:
    return fold.value_of(fold.counted(row))


def test_whoever_adjudicates_keeps_their_own_vote() -> None:
    # given two who disagree, one of whom decides against their own vote
    fold = folded(said(1, 0, 1, "1"), said(2, 0, 2, "2"), said(3, 0, 1, "2", source="adjudication"))
    # then both votes stand, and the decision counts
    votes = {user: fold.value_of(each) for user, each in fold.answers[0].items()}
    assert votes == {1: "label 1", 2: "label 2"}
    assert fold.voices[0] == 2
    assert counts(fold) == "label 2"


def test_a_vote_after_the_adjudication_changes_only_the_vote() -> None:
    fold = folded(said(1, 0, 1, "2", source="adjudication"), said(2, 0, 1, "1"))
    assert counts(fold) == "label 2"
    assert fold.value_of(fold.answers[0][1]) == "label 1"


def test_of_several_adjudications_the_newest_counts_until_it_is_withdrawn() -> None:
    first = said(1, 0, 1, "1", source="adjudication")
    second = said(2, 0, 2, "2", source="adjudication")
    assert counts(folded(first, second)) == "label 2"
    # when somebody else takes the newest back
    withdrawn = said(3, 0, 3, None, source="adjudication", undoes=2)
    assert counts(folded(first, second, withdrawn)) == "label 1"


def test_an_adjudication_is_nobodys_voice_and_still_the_text_is_coded() -> None:
    fold = folded(said(1, 0, 1, "1", source="adjudication"))
    assert fold.voices[0] == 0
    assert fold.voiced(0) == set()
    assert fold.coded.tolist() == [True, False, False, False]


def test_an_adjudication_whose_label_was_deleted_decides_nothing() -> None:
    fold = folded(said(1, 0, 1, "1"), said(2, 0, 2, "2", source="adjudication"), retired(3, [2]))
    assert counts(fold) == "label 1"
    assert not fold.decided[0]


@given(data=st.data())
@settings(max_examples=80)
def test_logs_where_nobody_did_both_count_as_before(data: st.DataObject) -> None:
    """Before, answers were kept by user alone, an adjudication ranking above the rest."""
    log: list[Entry] = []
    kind_of: dict[tuple[int, int], str] = {}
    for seq in range(1, data.draw(st.integers(1, 12)) + 1):
        row, user = data.draw(st.integers(0, 1)), data.draw(st.sampled_from(USERS))
        kinds = st.sampled_from(["human", "adjudication", "llm"])
        source = kind_of.setdefault((row, user), data.draw(kinds))
        value = data.draw(st.sampled_from(["1", "2", "3", None]))
        log.append(said(seq, row, user, value, source=source))
    newest = {(e.row, e.user_id): e for e in log}
    rank = {"adjudication": 2, "human": 1, "llm": 0}
    fold = folded(*log)
    for row in (0, 1):
        there = [e for (at, _), e in newest.items() if at == row and e.value is not None]
        best = max(there, key=lambda e: (rank[e.source], e.seq), default=None)
        counted = fold.counted(row)
        assert (counted and counted.seq) == (best and best.seq)


def test_suggestions_accepted_in_one_act_are_one_step() -> None:
    act = {"source": "adjudication", "strategy": "accept-1"}
    fold = folded(*[said(seq, seq - 1, 1, "1", **act) for seq in (1, 2, 3)])
    step = fold.last_step(1)
    assert step is not None
    assert (step.seq, step.act) == (1, "accept-1")
    # when its first entry is taken back, so is the step
    fold.apply(said(4, 0, 1, None, source="adjudication", undoes=1))
    assert fold.last_step(1) is None
