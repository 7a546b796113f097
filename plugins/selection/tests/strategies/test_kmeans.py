"""k-means: by hand, against scikit-learn, with weights, and where rows are alike."""

import numpy as np
import pytest
from sklearn.cluster import KMeans

from kodkod_selection.kmeans import kmeans, nearest_to_centres, one_of_each

from .pools import blobs


def rng(seed=0):
    return np.random.default_rng(seed)


def test_three_pairs_by_hand():
    x = np.float32([[0, 0], [0, 2], [10, 0], [10, 2], [50, 0], [50, 4]])

    clusters = kmeans(x, 3, rng())

    centres = sorted(clusters.centres.tolist())
    assert centres == [[0, 1], [10, 1], [50, 2]]
    assert len({tuple(clusters.assigned[i : i + 2].tolist()) for i in (0, 2, 4)}) == 3


def test_weights_pull_centres():
    x = np.float32([[0, 0], [4, 0]])

    clusters = kmeans(x, 1, rng(), np.array([3, 1]))

    np.testing.assert_allclose(clusters.centres, [[1, 0]])


def test_rows_of_weight_0_do_not_count():
    x = np.float32([[0, 0], [1, 0], [100, 0]])

    clusters = kmeans(x, 2, rng(), np.array([1, 1, 0]))

    assert sorted(clusters.centres[:, 0].tolist()) == [0, 1]


@pytest.mark.parametrize("seed", range(5))
def test_groups_are_found_as_scikit_learn_finds_them(seed):
    x, groups = blobs([40, 30, 20, 10, 10], seed=seed)

    clusters = kmeans(x, 5, rng(seed))

    reference = KMeans(5, n_init=10, random_state=seed).fit(x)
    _, squared = nearest_to_centres(x, clusters.centres)
    assert squared.sum() == pytest.approx(reference.inertia_, rel=1e-3)
    assert len(set(zip(groups.tolist(), clusters.assigned.tolist(), strict=True))) == 5


@pytest.mark.parametrize("seed", range(3))
def test_without_groups_it_is_about_as_good_as_scikit_learn(seed):
    x = rng(seed).standard_normal((2_000, 16)).astype(np.float32)

    clusters = kmeans(x, 25, rng(seed))

    reference = KMeans(25, n_init=1, max_iter=20, random_state=seed).fit(x)
    _, squared = nearest_to_centres(x, clusters.centres)
    assert squared.sum() <= 1.02 * reference.inertia_


@pytest.mark.parametrize("k", [1, 3, 100])
def test_rows_that_are_alike_can_be_divided(k):
    x = np.ones((20, 4), dtype=np.float32)

    clusters = kmeans(x, k, rng())

    assert len(clusters.centres) == min(k, 20)
    picked = one_of_each(x, clusters, min(k, 20))
    assert len(set(picked.tolist())) == min(k, 20)


def test_one_of_each_takes_the_nearest_of_large_clusters_first():
    x = np.float32([[0, 0], [0, 1], [0, 2], [9, 9], [9, 7]])

    picked = one_of_each(x, kmeans(x, 2, rng()), 2)

    # (0, 1) is the middle of three; of the two others each is as near, the lower row wins.
    assert picked.tolist() == [1, 3]


def test_more_clusters_than_are_tried_for():
    x = rng().standard_normal((500, 8)).astype(np.float32)

    clusters = kmeans(x, 100, rng())

    assert len(set(clusters.assigned.tolist())) == 100
