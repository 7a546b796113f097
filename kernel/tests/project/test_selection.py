"""Board and walk: nobody gets what they must not, nothing is forgotten, draws are uniform."""

from __future__ import annotations

from collections import Counter

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

from .pool import LEASE, Pool

USERS = (1, 2, 3, 4)
N_ROWS = 9
users = st.sampled_from(USERS)


class Selection(RuleBasedStateMachine):
    """Keeps its own naive account of answers, leases and skips beside the board's."""

    pool: Pool

    @initialize(
        overlap=st.integers(1, 3),
        uniform=st.booleans(),
        order=st.permutations(range(N_ROWS)),
        kept=st.integers(1, N_ROWS),
        seed=st.integers(0, 1000),
    )
    def begin(self, overlap: int, uniform: bool, order: list[int], kept: int, seed: int) -> None:
        self.overlap, self.order = overlap, order[:kept]
        self.pool = Pool(self.order, overlap, uniform=uniform, seed=seed, n=N_ROWS)
        self.answers: dict[int, dict[int, str]] = {row: {} for row in range(N_ROWS)}
        self.leases: dict[str, tuple[int, int, float]] = {}
        self.skipped: set[tuple[int, int]] = set()
        self.touched: set[int] = set()
        self.places: Counter[int] = Counter()

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
            for row in self.order
            if self.is_open(row) and user not in self.said(row) | self.held(row)
        }

    def eligible(self, user: int) -> set[int]:
        return {row for row in self.could(user) if (row, user) not in self.skipped}

    def lapse(self) -> None:
        for id_, (row, _, expires) in list(self.leases.items()):
            if expires <= self.pool.now:
                self.touched.add(row)
                del self.leases[id_]

    # -- what people do -----------------------------------------------------------------------

    @rule(user=users)
    def draw(self, user: int) -> None:
        self.lapse()
        eligible = self.eligible(user)
        given = self.pool.draw(user)
        if given is None:
            assert not eligible
            return
        lease, probability = given
        assert lease.row in eligible
        if self.pool.uniform:
            assert probability == pytest.approx(1 / len(eligible))
        else:
            assert probability is None
            self.follows_the_order(user, lease.row, eligible)
        self.leases[lease.id] = (lease.row, user, self.pool.now + LEASE)
        assert len(self.said(lease.row) | self.held(lease.row)) <= self.overlap

    def follows_the_order(self, user: int, row: int, eligible: set[int]) -> None:
        """What was never given back comes in order; what was comes before what is left."""
        place = self.order.index(row)
        passed = [each for each in self.order[:place] if each in eligible]
        assert not passed
        if row not in self.touched:
            assert place >= self.places[user]
            self.places[user] = place

    @precondition(lambda self: self.leases)
    @rule(data=st.data(), label=st.sampled_from(["1", "2", "3"]))
    def answer(self, data: st.DataObject, label: str) -> None:
        id_ = data.draw(st.sampled_from(list(self.leases)))
        row, user, _ = self.leases[id_]
        self.touched.add(row)
        self.release(row, user)
        self.answers[row][user] = label
        self.pool.say(row, user, label, id_)

    @rule(user=users, row=st.integers(0, N_ROWS - 1), label=st.sampled_from(["1", "2"]))
    def answer_unasked(self, user: int, row: int, label: str) -> None:
        """From the table, where nothing is leased."""
        self.touched.add(row)
        self.release(row, user)
        self.answers[row][user] = label
        self.pool.say(row, user, label)

    @rule(user=users, row=st.integers(0, N_ROWS - 1))
    def clear(self, user: int, row: int) -> None:
        self.touched.add(row)
        self.release(row, user)
        self.answers[row].pop(user, None)
        self.skipped.add((row, user))
        self.pool.say(row, user, None)

    def release(self, row: int, user: int) -> None:
        self.leases = {k: v for k, v in self.leases.items() if v[:2] != (row, user)}

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def skip(self, data: st.DataObject) -> None:
        id_ = data.draw(st.sampled_from(list(self.leases)))
        row, user, _ = self.leases.pop(id_)
        self.touched.add(row)
        self.skipped.add((row, user))
        assert self.pool.board.skip(id_, user)

    @rule(user=users)
    def come_back_to_skipped(self, user: int) -> None:
        self.pool.board.forget_skips(user)
        self.touched.update(row for row, who in self.skipped if who == user)
        self.skipped = {(row, who) for row, who in self.skipped if who != user}

    @rule(seconds=st.sampled_from([1.0, LEASE / 2, LEASE]))
    def wait(self, seconds: float) -> None:
        self.pool.now += seconds
        self.pool.board.expire()
        self.lapse()

    @precondition(lambda self: len(self.pool.merged) < 2)
    @rule(delete=st.booleans())
    def retire_label(self, delete: bool) -> None:
        label = 3 - len(self.pool.merged)
        self.pool.retire(label, None if delete else 1)
        self.touched = set(range(N_ROWS))
        self.places.clear()

    # -- what must hold -----------------------------------------------------------------------

    @invariant()
    def counts_are_the_naive_ones(self) -> None:
        if not hasattr(self, "pool"):
            return
        for user in USERS:
            assert self.pool.walk.remaining(self.pool.board, user) == len(self.could(user))
        for row in range(N_ROWS):
            assert self.pool.board.open[row] == self.is_open(row)

    def teardown(self) -> None:
        """Let every lease lapse; then one user after the other is given all that is due."""
        if not hasattr(self, "pool"):
            return
        for user in USERS:
            self.pool.now += 2 * LEASE
            self.pool.board.expire()
            self.lapse()
            self.pool.board.forget_skips(user)
            self.skipped = {(row, who) for row, who in self.skipped if who != user}
            due, drained = self.could(user), []
            while (given := self.pool.draw(user)) is not None:
                drained.append(given[0].row)
                self.leases[given[0].id] = (given[0].row, user, self.pool.now + LEASE)
            assert sorted(drained) == sorted(due)


TestSelection = Selection.TestCase
TestSelection.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)


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
