"""Dealing texts: as often as agreed, loads and pairs balanced, nothing lost when dealt again."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kodkod.project.dealing import deal_by_shares, deal_overlapping, hand_over


@given(
    st.integers(0, 120), st.integers(2, 9), st.integers(2, 5), st.floats(0, 1), st.integers(0, 99)
)
def test_every_text_is_dealt_as_often_as_agreed(n, people, k, share, seed):
    k = min(k, people)
    parts = deal_overlapping(n, people, share=share, k=k, seed=seed)
    times = np.bincount(np.concatenate(parts), minlength=n)
    shared = round(share * n)
    assert sorted(times.tolist()) == [1] * (n - shared) + [k] * shared
    loads = [len(part) for part in parts]
    assert max(loads) - min(loads) <= 1
    again = deal_overlapping(n, people, share=share, k=k, seed=seed)
    assert all(map(np.array_equal, parts, again))
    if k == 2:
        both = [len(np.intersect1d(a, b)) for a, b in combinations(parts, 2)]
        assert max(both) - min(both) <= 1


@given(st.integers(0, 200), st.lists(st.floats(0.1, 10), min_size=1, max_size=8))
def test_shares_are_met_to_a_text(n, shares):
    parts = deal_by_shares(n, shares, seed=1)
    assert sorted(np.concatenate(parts).tolist()) == list(range(n))
    for part, share in zip(parts, shares, strict=True):
        assert abs(len(part) - n * share / sum(shares)) <= 1


@given(st.sets(st.integers(0, 40)), st.lists(st.sets(st.integers(0, 40)), min_size=1, max_size=5))
def test_dealing_again_loses_nothing(given_up, held):
    gives = np.array(sorted(given_up), dtype=np.int64)
    after, nobody = hand_over(gives, [np.array(sorted(h), dtype=np.int64) for h in held])
    before = np.concatenate([gives, *(np.array(sorted(h), dtype=np.int64) for h in held)])
    now = np.concatenate([*after, nobody])
    assert sorted(before.tolist()) == sorted(now.tolist())
    assert all(h <= set(a.tolist()) for h, a in zip(held, after, strict=True))
    assert all(len(set(a.tolist())) == len(a) for a in after)
