"""TypiClust: by hand and against scikit-activeml."""

import numpy as np
import pytest
from skactiveml.pool import TypiClust as ScikitActivemlTypiClust
from small_text.query_strategies.vector_space import TypiClust as SmallTextTypiClust
from small_text.vector_indexes.base import VectorIndexFactory
from small_text.vector_indexes.knn import KNNIndex

from kodkod_selection.typiclust import TypiClust, TypiClustParams, typical_of_each, typicality

from .pools import blobs, order, pool


def test_typicality_by_hand():
    x = np.float32([[0, 0], [1, 0], [3, 0], [7, 0]])

    # Of four rows, the two nearest: distances (1, 3), (1, 2), (2, 3), (4, 6), and their means.
    np.testing.assert_allclose(typicality(x, 20), [1 / 2, 1 / 1.5, 1 / 2.5, 1 / 5], rtol=1e-5)
    np.testing.assert_allclose(typicality(x, 1), [1, 1, 1 / 2, 1 / 4], rtol=1e-5)


def test_a_row_alone_is_typical_of_itself():
    assert typicality(np.float32([[1, 2]]), 20).tolist() == [1]


def test_clusters_without_labels_come_first_then_large_ones():
    x = np.float32([[0, 0], [0, 1], [0, 2], [5, 0], [5, 1], [9, 0]])
    assigned = np.array([0, 0, 0, 1, 1, 2])

    def picked(labelled, n, least=1):
        at = typical_of_each(x, assigned, np.array(labelled), n, neighbours=1, least=least)
        return at.tolist()

    # Of each cluster the row with the nearest neighbour; of those that tie the lower.
    assert picked([0, 0, 0], 3) == [0, 3, 5]
    assert picked([1, 0, 0], 3) == [3, 5, 0]
    assert picked([2, 1, 0], 3) == [5, 3, 0]
    # Small clusters are passed over, and large ones asked again.
    assert picked([0, 0, 0], 4, least=2) == [0, 3, 1, 4]
    # Unless all are small.
    assert picked([0, 0, 0], 2, least=100) == [0, 3]


@pytest.mark.parametrize("seed", range(1, 5))
def test_the_batch_is_the_one_that_scikit_activeml_picks(seed):
    x, groups = blobs([45, 40, 35, 30, 25, 20, 15], seed=seed)
    labelled = np.sort([np.flatnonzero(groups == group)[0] for group in (0, 3, 5)])
    y = np.full(len(x), np.nan)
    y[labelled] = 0

    reference = ScikitActivemlTypiClust(
        k=5, cluster_algo_dict={"n_init": 10, "random_state": seed}, random_state=seed
    ).query(x, y, batch_size=4)
    given = pool(embeddings=x, labelled=labelled, targets=[0, 0, 0], seed=seed)
    picked = order(TypiClust, given, TypiClustParams(batch=4, neighbours=5, least=1))

    assert [groups[row] for row in picked[:4]] == [1, 2, 4, 6]
    assert picked[:4] == reference.tolist()


def test_with_more_labels_than_clusters_the_rest_of_each_is_offered():
    x, groups = blobs([20, 20], seed=3)
    labelled = np.arange(10)
    given = pool(embeddings=x, labelled=labelled, targets=[0] * 10)

    picked = order(TypiClust, given, TypiClustParams(batch=6, max_clusters=2))

    assert not set(picked[:6]) & set(range(10))
    assert np.bincount(groups[picked[:6]]).tolist() == [3, 3]


def test_why_small_text_is_no_reference():
    """It stops with an error; if this fails, compare with it too."""
    x, _ = blobs([10, 10])
    none = np.zeros(0, dtype=int)
    theirs = SmallTextTypiClust(
        vector_index_factory=VectorIndexFactory(KNNIndex), min_instances_per_cluster=1
    )

    with pytest.raises(NameError):
        theirs.sample(None, None, np.arange(20), none, none, 2, x)
