"""Greedy core-set: by hand, against scikit-activeml and small-text."""

import numpy as np
import pytest
from skactiveml.pool import CoreSet as ScikitActivemlCoreSet
from small_text.query_strategies.coresets import greedy_coreset

from kodkod_selection.core_set import CoreSet, CoreSetParams, farthest_first

from .pools import order, pool, texts

LINE = np.float32([[0, 1], [1, 1], [4, 1], [9, 1], [10, 1]])


def test_the_farthest_from_the_labelled_by_hand():
    given = pool(embeddings=LINE, labelled=[0], targets=[0])

    picked = order(CoreSet, given, CoreSetParams(batch=4, normalised=False))

    # From 0: 10 is farthest; then 4 (distance 4); then 1 and 9 (1 each), the lower first.
    assert picked == [4, 2, 1, 3, 0]


def test_with_nothing_labelled_it_starts_in_the_middle():
    picked = order(CoreSet, pool(embeddings=LINE), CoreSetParams(batch=3, normalised=False))

    # The mean is 4.8: nearest is 4, then 10 (distance 6), then 0 (4).
    assert picked[:3] == [2, 4, 0]


@pytest.mark.parametrize("normalised", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_the_order_is_that_of_both_references(seed, normalised):
    x = texts(400, dim=12, seed=seed)[0] * np.linspace(0.5, 2, 400, dtype=np.float32)[:, None]
    labelled = np.sort(np.random.default_rng(seed).choice(400, 30, replace=False))
    unlabelled = np.setdiff1d(np.arange(400), labelled)
    seen = x / np.linalg.norm(x, axis=1, keepdims=True) if normalised else x
    y = np.full(400, np.nan)
    y[labelled] = 0

    given = pool(embeddings=x, labelled=labelled, targets=[0] * 30)
    picked = order(CoreSet, given, CoreSetParams(batch=25, normalised=normalised))

    reference = ScikitActivemlCoreSet(random_state=0).query(seen, y, batch_size=25)
    assert picked[:25] == reference.tolist()
    # small-text's chosen rows are places among the unlabelled ones, which must come first.
    moved = np.concatenate([unlabelled, labelled])
    again = greedy_coreset(
        seen[moved], np.arange(370), np.arange(370, 400), 25, distance_metric="euclidean"
    )
    assert picked[:25] == moved[again].tolist()


def test_rows_that_are_alike_are_each_picked_once():
    x = np.ones((6, 3), dtype=np.float32)

    for anchors in (x[:0], x[:1]):
        assert sorted(farthest_first(x, anchors, 6).tolist()) == [0, 1, 2, 3, 4, 5]
