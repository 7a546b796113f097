"""From scores to orders: groups, ties, two orders in one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kodkod_selection.ranking import arranged, highest_first, in_front, merged

from .pools import NAN, pool

SCORES = st.lists(st.sampled_from([0.0, 0.5, 1.0, NAN]), max_size=30)


@given(SCORES, st.sets(st.integers(0, 29)), st.sets(st.integers(0, 29)))
def test_rows_come_in_groups_and_within_a_group_by_score_then_row(scores, may, done):
    values = np.array(scores, dtype=np.float32)
    n = len(values)
    candidates = sorted(row for row in may if row < n)
    labelled = sorted(row for row in done if row < n)
    given_ = pool(n=n, candidates=candidates, labelled=labelled)

    ranked = highest_first(given_, values)
    cheap = arranged(given_, np.ones(n, dtype=bool), values)

    def key(row):
        return (np.isnan(values[row]), row not in candidates, -np.nan_to_num(values[row]), row)

    assert ranked.tolist() == sorted(range(n), key=key)
    open_ = [row for row in candidates if row not in labelled and not np.isnan(values[row])]
    assert sorted(cheap.order[: cheap.n_open].tolist()) == open_
    assert sorted(cheap.order.tolist()) == list(range(n))


@given(arrays(np.float32, st.integers(0, 50), elements=st.floats(width=32)))
def test_any_float_has_its_place(scores):
    scores = np.concatenate([scores, -scores, scores, np.float32([0.0, -0.0, np.nan, -np.nan])])

    ranked = highest_first(pool(n=len(scores)), scores)

    assert ranked.tolist() == np.argsort(-scores.astype(np.float64), kind="stable").tolist()


def test_ties_are_broken_by_the_second_score():
    scores, then = np.array([1, 1, 2, NAN]), np.array([0, 5, 0, 9])

    assert highest_first(pool(n=4), scores, then).tolist() == [2, 1, 0, 3]


def test_in_front_moves_what_was_picked_and_keeps_the_rest():
    assert in_front(np.array([3, 1]), np.array([0, 1, 2, 3, 4])).tolist() == [3, 1, 0, 2, 4]


def test_two_orders_in_one_by_hand():
    first, second = np.array([0, 1, 2, 3, 4, 5]), np.array([5, 4, 3, 2, 1, 0])

    # Places by the first: 2, 4, 6, 8, 10, 12; by the second the same from the other end. A row
    # takes the earlier; of two that tie the first order's.
    assert merged(first, second, 0.5).tolist() == [0, 5, 1, 4, 2, 3]
    assert merged(first, second, 0).tolist() == first.tolist()
    assert merged(first, second, 1).tolist() == second.tolist()


@given(st.integers(1, 200), st.floats(0.05, 0.95), st.integers(0, 9))
def test_each_order_has_its_share_of_any_front(n, share, seed):
    rng = np.random.default_rng(seed)
    first, second = rng.permutation(n), rng.permutation(n)

    mix = merged(first, second, share)

    assert sorted(mix.tolist()) == list(range(n))
    for front in range(1, n + 1):
        head = set(mix[:front].tolist())
        # Places that are closed up only bring rows of either order forward.
        assert set(second[: int(front * share * 0.999)].tolist()) <= head
        assert set(first[: int(front * (1 - share) * 0.999)].tolist()) <= head
