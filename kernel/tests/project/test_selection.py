"""Board and walk: nobody gets what they must not, nothing is forgotten, draws are uniform."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from .pool import EXPLORE, KINDS, LEASE, Pool, SchemePool

USERS = (1, 2, 3, 4)
N_ROWS = 9
users = st.sampled_from(USERS)


class Selection(RuleBasedStateMachine):
    """Keeps its own naive account of answers, leases and skips beside the board's."""

    pool: Pool | SchemePool

    @initialize(
        overlap=st.integers(1, 3),
        kind=st.sampled_from(KINDS),
        order=st.permutations(range(N_ROWS)),
        kept=st.integers(1, N_ROWS),
        seed=st.integers(0, 1000),
    )
    def begin(self, overlap: int, kind: str, order: list[int], kept: int, seed: int) -> None:
        self.overlap = overlap
        self.pool = self.make_pool(kind, overlap, order[:kept], seed)
        self.rows = sorted(self.pool.order())
        self.n_rows = N_ROWS
        self.answers: defaultdict[int, dict[int, str]] = defaultdict(dict)
        self.leases: dict[str, tuple[int, int, float]] = {}
        self.skipped: set[tuple[int, int]] = set()
        self.steps: dict[int, list[tuple[int, str | None]]] = {user: [] for user in USERS}

    def make_pool(self, kind: str, overlap: int, order: list[int], seed: int) -> Pool | SchemePool:
        uniform, mixed = kind == "uniform", kind == "mixed"
        return Pool(order, overlap, uniform=uniform, mixed=mixed, seed=seed, n=N_ROWS)

    # -- the naive account --------------------------------------------------------------------

    def said(self, row: int) -> set[int]:
        def alive(label: str) -> bool:
            at: int | None = int(label)
            while at in self.pool.merged:
                at = self.pool.merged[at]
            return at is not None

        return {user for user, label in self.answers[row].items() if alive(label)}

    def held(self, row: int) -> set[int]:
        return {user for at, user, _ in self.leases.values() if at == row}

    def is_open(self, row: int) -> bool:
        return len(self.said(row) | self.held(row)) < self.overlap

    def could(self, user: int) -> set[int]:
        """The rows that may be given to a user, skipped ones included."""
        return {
            row
            for row in self.rows
            if self.is_open(row) and user not in self.said(row) | self.held(row)
        }

    def eligible(self, user: int) -> set[int]:
        return {row for row in self.could(user) if (row, user) not in self.skipped}

    def lapse(self) -> None:
        now = self.pool.now
        self.leases = {id_: lease for id_, lease in self.leases.items() if lease[2] > now}

    def answered(self, row: int, user: int, label: str | None) -> None:
        self.steps[user].append((row, self.answers[row].get(user)))
        self.put(row, user, label)

    def put(self, row: int, user: int, label: str | None) -> None:
        if label is None:
            self.answers[row].pop(user, None)
        else:
            self.answers[row][user] = label

    def forgive(self, user: int) -> None:
        self.skipped = {(row, who) for row, who in self.skipped if who != user}

    # -- what people do -----------------------------------------------------------------------

    @rule(user=users)
    def draw(self, user: int) -> None:
        self.lapse()
        eligible = self.eligible(user)
        if not eligible and self.pool.skips_come_back:
            self.forgive(user)
            eligible = self.eligible(user)
        order = self.pool.order()
        given = self.pool.draw(user)
        # Whoever can be given something is.
        assert (given is not None) == bool(eligible)
        if given is None:
            return
        lease, probability = given
        # It is not one that the user has, has said something of, or has skipped.
        assert lease.row in eligible
        front = next(row for row in order if row in eligible)
        if self.pool.uniform:
            assert probability == pytest.approx(1 / len(eligible))
        elif self.pool.mixed:
            expected = EXPLORE / len(eligible) + (1 - EXPLORE) * (lease.row == front)
            assert probability == pytest.approx(expected)
        else:
            assert probability is None
            assert lease.row == front
        self.leases[lease.id] = (lease.row, user, self.pool.now + LEASE)
        # Nobody is given what needs no more of them.
        assert len(self.said(lease.row) | self.held(lease.row)) <= self.overlap

    @precondition(lambda self: self.leases)
    @rule(data=st.data(), label=st.sampled_from(["1", "2", "3"]))
    def answer(self, data: st.DataObject, label: str) -> None:
        id_ = data.draw(st.sampled_from(list(self.leases)))
        row, user, _ = self.leases[id_]
        self.release(row, user)
        self.answered(row, user, label)
        self.pool.say(row, user, label, id_)

    @rule(user=users, data=st.data(), label=st.sampled_from(["1", "2"]))
    def answer_unasked(self, user: int, data: st.DataObject, label: str) -> None:
        """From the table, where nothing is leased, or long after the lease has lapsed."""
        row = data.draw(st.integers(0, self.n_rows - 1))
        self.release(row, user)
        self.answered(row, user, label)
        self.pool.say(row, user, label)

    @rule(user=users, data=st.data())
    def clear(self, user: int, data: st.DataObject) -> None:
        row = data.draw(st.integers(0, self.n_rows - 1))
        self.release(row, user)
        self.answered(row, user, None)
        self.skipped.add((row, user))
        self.pool.say(row, user, None)

    @rule(user=users)
    def undo(self, user: int) -> None:
        if self.steps[user]:
            self.put(*self.undone(user))
            self.pool.undo(user)

    def undone(self, user: int) -> tuple[int, int, str | None]:
        row, before = self.steps[user].pop()
        return row, user, before

    def release(self, row: int, user: int) -> None:
        self.leases = {k: v for k, v in self.leases.items() if v[:2] != (row, user)}

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def skip(self, data: st.DataObject) -> None:
        id_ = data.draw(st.sampled_from(list(self.leases)))
        row, user, _ = self.leases.pop(id_)
        self.skipped.add((row, user))
        assert self.pool.board.skip(id_, user)

    @rule(user=users)
    def come_back_to_skipped(self, user: int) -> None:
        self.pool.board.forget_skips(user)
        self.forgive(user)

    @rule(seconds=st.sampled_from([1.0, LEASE / 2, LEASE]))
    def wait(self, seconds: float) -> None:
        self.pool.now += seconds
        self.pool.board.expire()
        self.lapse()

    # -- what changes under them --------------------------------------------------------------

    @precondition(lambda self: len(self.pool.merged) < 2)
    @rule(delete=st.booleans())
    def retire_label(self, delete: bool) -> None:
        label = 3 - len(self.pool.merged)
        self.pool.retire(label, None if delete else 1)

    @rule(overlap=st.integers(1, 3))
    def change_the_quota(self, overlap: int) -> None:
        self.overlap = overlap
        self.pool.set_overlap(overlap)

    @rule(seed=st.integers(0, 1000))
    def learn(self, seed: int) -> None:
        """The guide publishes: everybody goes on in another order."""
        self.pool.publish(seed)

    @precondition(lambda self: self.n_rows < N_ROWS + 4)
    @rule(n=st.integers(1, 2))
    def add_rows(self, n: int) -> None:
        self.rows += range(self.n_rows, self.n_rows + n)
        self.n_rows += n
        self.pool.grow(n)

    # -- what must hold -----------------------------------------------------------------------

    @invariant()
    def counts_are_the_naive_ones(self) -> None:
        if not hasattr(self, "pool"):
            return
        for user in USERS:
            assert self.pool.remaining(user) == len(self.could(user))
        for row in range(self.n_rows):
            assert self.pool.board.open[row] == self.is_open(row)

    def teardown(self) -> None:
        """Nothing is forgotten: one alone is given all that is due, and all together everything."""
        if not hasattr(self, "pool"):
            return
        for user in USERS:
            self.wait(2 * LEASE)
            self.come_back_to_skipped(user)
            due = self.could(user)
            for _ in due:
                self.draw(user)
            assert {row for row, who, _ in self.leases.values() if who == user} == due
            assert self.pool.draw(user) is None
        self.wait(2 * LEASE)
        for user in USERS:
            self.come_back_to_skipped(user)
        # Whose turn it is is given a text as long as there is one for them, and answers it: nobody
        # waits for anybody, so that there are no more turns than texts.
        for _ in range(len(self.rows) + 1):
            for user in USERS:
                self.draw(user)
                for id_, (row, who, _) in list(self.leases.items()):
                    assert who == user
                    self.release(row, user)
                    self.answered(row, user, "1")
                    self.pool.say(row, user, "1", id_)
        assert all(len(self.said(row)) >= self.overlap for row in self.rows)


class SelectionOfAScheme(Selection):
    """The same of a live scheme, whose guide publishes orders, and which brings skips back."""

    def make_pool(self, kind: str, overlap: int, order: list[int], seed: int) -> SchemePool:
        return SchemePool(kind, overlap, N_ROWS)


TestSelection = Selection.TestCase
TestSelection.settings = settings(max_examples=120, stateful_step_count=40)
TestSelectionOfAScheme = SelectionOfAScheme.TestCase
TestSelectionOfAScheme.settings = settings(max_examples=60, stateful_step_count=40)


# -- uniform draws ---------------------------------------------------------------------------


def chi_square(counts: Counter[int], rows: list[int]) -> float:
    expected = sum(counts.values()) / len(rows)
    return sum((counts[row] - expected) ** 2 / expected for row in rows)


# The 99.99 % quantiles of chi-square with 1 and 5 degrees of freedom.
LIMITS = {1: 15.1, 5: 25.7}


def given_back_pool(seed: int, overlap: int) -> tuple[Pool, int]:
    """Rows 0 to 7; 0 and 1 answered from the table, one lapsed, one skipped by another."""
    pool = Pool(range(8), overlap, uniform=True, seed=seed)
    for row in (0, 1):
        for user in (1, 2, 3):
            pool.say(row, user, "1")
    lapsed = pool.draw(1)
    assert lapsed is not None
    pool.now += LEASE
    skipped = pool.draw(2)
    assert skipped is not None
    pool.board.skip(skipped[0].id, 2)
    return pool, lapsed[0].row


@pytest.mark.parametrize(("overlap", "user"), [(1, 1), (1, 3), (2, 1)])
def test_rows_given_back_are_as_likely_as_the_others(overlap: int, user: int) -> None:
    """With overlap this is about a user's own rows: others follow the same random order."""
    places: Counter[int] = Counter()
    for seed in range(1_500):
        pool, lapsed = given_back_pool(seed, overlap)
        drawn = pool.draw(user)
        assert drawn is not None
        assert drawn[1] == pytest.approx(1 / 6)
        # The lapsed row is 0, the others in order of their number.
        others = [row for row in range(2, 8) if row != lapsed]
        places[0 if drawn[0].row == lapsed else 1 + others.index(drawn[0].row)] += 1

    assert chi_square(places, list(range(6))) < LIMITS[5]


def test_what_one_user_skipped_is_no_likelier_for_the_next() -> None:
    hits = Counter[int]()
    for seed in range(1_500):
        pool = Pool(range(4), 1, uniform=True, seed=seed)
        first = pool.draw(1)
        assert first is not None
        pool.board.skip(first[0].id, 1)
        # A new walk, as after a change of labels, knows nothing of the old one's draws.
        pool.board.unwatch(pool.walk)
        pool.say(3 if first[0].row != 3 else 2, 4, "1")
        pool.walk = pool.new_walk()
        pool.draw(1)
        drawn = pool.draw(2)
        assert drawn is not None
        hits[int(drawn[0].row == first[0].row)] += 1

    # Two rows are left for user 2: the skipped one and another.
    assert chi_square(hits, [0, 1]) < LIMITS[1]


def test_every_order_of_a_small_pool_is_equally_likely_with_lapses() -> None:
    orders: Counter[int] = Counter()
    names = {order: i for i, order in enumerate(((0, 1, 2), (0, 2, 1), (1, 0, 2)))}
    names |= {order: 3 + i for i, order in enumerate(((1, 2, 0), (2, 0, 1), (2, 1, 0)))}
    for seed in range(1_500):
        pool = Pool(range(3), 1, uniform=True, seed=seed)
        for _ in range(2):
            pool.draw(1)
            pool.draw(2)
            pool.now += LEASE
        drawn = [pool.draw(1 + step % 2) for step in range(3)]
        orders[names[tuple(each[0].row for each in drawn if each is not None)]] += 1

    assert chi_square(orders, list(range(6))) < LIMITS[5]


def test_a_user_who_is_barred_from_nearly_all_given_back_rows_gets_the_last() -> None:
    pool = Pool(range(500), 1, uniform=True)
    leases = [pool.draw(1) for _ in range(500)]
    for each in leases[:-1]:
        assert each is not None
        pool.board.skip(each[0].id, 1)
    pool.now += LEASE

    drawn = pool.draw(1)

    assert drawn is not None
    assert leases[-1] is not None
    assert drawn[0].row == leases[-1][0].row
    assert drawn[1] == 1.0


def test_with_overlap_users_are_given_the_same_texts_first() -> None:
    pool = Pool(range(100), 2, uniform=True)

    given = [[pool.draw(user) for _ in range(10)] for user in (1, 2)]

    first, second = ([each[0].row for each in draws if each is not None] for draws in given)
    assert first == second
    assert len(np.unique(first)) == 10
