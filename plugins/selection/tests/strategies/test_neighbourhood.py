"""Sub-pools by neighbourhood: what is near to labelled texts, as many for each label."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kodkod.store.neighbours import ExactNeighbours
from kodkod_selection.batches import BatchParams
from kodkod_selection.diverse import Diverse, DiverseParams
from kodkod_selection.embedding_kmeans import EmbeddingKMeans
from kodkod_selection.neighbourhood import neighbourhood

from .pools import order, pool

N, RARE = 30_000, 0.01


def circle(degrees):
    turned = np.deg2rad(np.asarray(degrees, dtype=np.float64))
    return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)


@pytest.fixture(scope="module")
def planted():
    """A corpus of which a hundredth, in three places, has a rare label; 300 rows are labelled."""
    rng = np.random.default_rng(5)
    centres = rng.standard_normal((30, 16))
    topics = rng.integers(3, 30, N)
    topics[: int(N * RARE)] = rng.integers(0, 3, int(N * RARE))
    topics = rng.permutation(topics)
    x = (centres[topics] + 0.5 * rng.standard_normal((N, 16))).astype(np.float32)
    rare = topics < 3
    labelled = np.sort(rng.choice(N, 300, replace=False))
    assert 1 <= rare[labelled].sum() <= 10
    given_ = pool(
        embeddings=x,
        labels=("common", "rare"),
        labelled=labelled,
        targets=rare[labelled].astype(np.int64),
        neighbours=ExactNeighbours(x),
    )
    return given_, rare


def test_each_label_brings_what_is_nearest_to_it():
    # Labels at 0 and at 90 degrees; the third is in none of the pool's columns.
    x = circle([0, 90, 180, 1, 5, 9, 88, 80, 70, 182, 45])
    given_ = pool(embeddings=x, labels=("a", "b"), labelled=[0, 1, 2], targets=[0, 1, -1])
    rows = np.arange(3, 11)

    assert neighbourhood(given_, rows, 4).tolist() == [3, 4, 6, 7]
    assert neighbourhood(given_, rows, 6).tolist() == [3, 4, 5, 6, 7, 8]
    # What cannot be drawn is not there to be near.
    assert neighbourhood(given_, rows[1:], 2).tolist() == [4, 6]


def test_a_label_has_its_share_however_few_rows_have_it():
    x = circle([*np.linspace(0, 40, 101), *np.linspace(140, 180, 101)])
    given_ = pool(embeddings=x, labels=("a", "b"), labelled=range(51), targets=[*[0] * 50, 1])
    # (Row 50 has label b, at 20 degrees.)
    rows = np.arange(51, 202)

    chosen = neighbourhood(given_, rows, 40)

    # It brings its half, and so do the ten anchors of label a, who share some of them.
    assert set(range(51, 71)) <= set(chosen.tolist())
    assert 20 <= len(chosen) <= 40


def test_several_labels_a_text_count_for_each():
    x = circle([0, 90, 1, 2, 89, 88, 200])
    targets = np.array([[1, 0, 0], [0, 1, 1]], dtype=np.uint8)
    given_ = pool(
        embeddings=x, labels=("a", "b", "c"), labelled=[0, 1], targets=targets, multilabel=True
    )

    assert neighbourhood(given_, np.arange(2, 7), 3).tolist() == [2, 4]


def test_a_rare_label_is_enriched(planted):
    given_, rare = planted
    rows = np.setdiff1d(np.arange(N), given_.labelled)

    chosen = neighbourhood(given_, rows, 2_000)

    # Two of its rows are labelled, and half of the sub-pool is for them.
    assert len(chosen) <= 2_000
    assert not np.isin(chosen, given_.labelled).any()
    assert rare[chosen].mean() > 8 * RARE
    assert rare[chosen].sum() > 0.5 * rare[rows].sum()


@pytest.mark.parametrize("candidates", [None, np.arange(0, N, 2), np.arange(0, N, 7)])
def test_the_batch_is_taken_from_a_richer_sub_pool(planted, candidates):
    given_, rare = planted
    of_rare = {}
    for among in ("random", "neighbours"):
        params = BatchParams(batch=40, subpool=400, among=among)
        fresh = replace(given_, rng=np.random.default_rng(1), candidates=candidates)
        batch = order(EmbeddingKMeans, fresh, params)[:40]
        assert not set(batch) & set(given_.labelled.tolist())
        if candidates is not None:
            assert set(batch) <= set(candidates.tolist())
        of_rare[among] = int(rare[batch].sum())

    assert of_rare["neighbours"] >= 3 * max(of_rare["random"], 1)


def test_without_labels_or_neighbours_the_sub_pool_is_random(planted):
    given_, _ = planted
    none = np.zeros(0, dtype=np.int64)
    unlabelled = replace(given_, labelled=none, targets=none)
    cases = (unlabelled, replace(given_, neighbours=None))
    for each in cases:
        random, near = (
            order(
                EmbeddingKMeans,
                replace(each, rng=np.random.default_rng(2)),
                BatchParams(subpool=300, among=among),
            )
            for among in ("random", "neighbours")
        )
        assert random == near


def test_diverse_fills_up_with_the_most_uncertain(planted):
    given_, _ = planted
    rng = np.random.default_rng(3)
    certain = rng.uniform(0.5, 1, N).astype(np.float32)
    judged = replace(given_, probabilities=np.stack([certain, 1 - certain], axis=1))
    rows = np.setdiff1d(np.argsort(certain), given_.labelled, assume_unique=True)
    rows = rows[np.argsort(certain[rows], kind="stable")]
    strategy = Diverse(DiverseParams(subpool=1_000, among="neighbours"))

    chosen = strategy.among(judged, rows)

    near = neighbourhood(replace(judged, rng=np.random.default_rng(0)), rows, 1_000)
    assert len(chosen) == len(set(chosen.tolist())) == 1_000
    rest = chosen[len(near) :]
    assert rest.tolist() == rows[~np.isin(rows, chosen[: len(near)])][: len(rest)].tolist()


@settings(max_examples=60)
@given(data=st.data())
def test_it_is_some_of_the_rows_and_never_more_than_asked_for(data):
    n = data.draw(st.integers(1, 60))
    rng = np.random.default_rng(data.draw(st.integers(0, 5)))
    labelled = np.array(sorted(data.draw(st.sets(st.integers(0, n - 1)))), dtype=np.int64)
    rows = np.setdiff1d(np.arange(n), labelled)
    rows = (
        np.array(sorted(data.draw(st.sets(st.sampled_from(rows.tolist())))), dtype=np.int64)
        if (len(rows))
        else rows
    )
    x = rng.standard_normal((n, 4)).astype(np.float32)
    x[rng.random(n) < 0.3] = 0
    given_ = pool(
        embeddings=x, labelled=labelled, targets=rng.integers(-1, 3, len(labelled)), seed=1
    )
    most = data.draw(st.integers(1, 70))

    chosen = neighbourhood(given_, rows, most)

    assert len(chosen) <= most
    assert (np.diff(chosen) > 0).all()
    assert np.isin(chosen, rows).all()
