"""CAL: by hand and against scikit-activeml."""

import numpy as np
import pytest
from skactiveml.classifier import SklearnClassifier
from skactiveml.pool import ContrastiveAL
from sklearn.linear_model import LogisticRegression

from kodkod_selection.contrastive import Contrastive, ContrastiveParams, contrast
from kodkod_selection.uncertainty import small_margin

from .pools import order, pool, texts


def test_the_divergence_from_the_nearest_by_hand():
    x = np.float32([[1, 0], [0, 1]])
    anchors = np.float32([[1, 0.1], [0.1, 1]])
    p, p_anchors = np.array([[0.5, 0.5], [0.5, 0.5]]), np.array([[0.5, 0.5], [1, 0]])

    scores = contrast(x, anchors, p, p_anchors, 1)

    # The first agrees with its neighbour; the second's is sure: KL = 1 ln (1 / 0.5).
    np.testing.assert_allclose(scores, [0, np.log(2)], atol=1e-5)
    # Of both neighbours the mean.
    np.testing.assert_allclose(
        contrast(x, anchors, p, p_anchors, 5), [np.log(2) / 2] * 2, atol=1e-5
    )


def test_texts_unlike_their_neighbours_come_first_and_labelled_ones_last():
    x = np.float32([[1, 0], [0, 1], [1, 0], [0, 1]])
    p = [[0.9, 0.1], [0.9, 0.1], [0.9, 0.1], [0.2, 0.8]]
    given = pool(p, embeddings=x, labelled=[0, 1], targets=[0, 0])

    # Row 2 is as its neighbour 0; row 3 is not as its neighbour 1.
    assert order(Contrastive, given, ContrastiveParams(neighbours=1)) == [3, 2, 0, 1]


def test_with_nothing_labelled_it_is_breaking_ties():
    p = np.random.default_rng(0).dirichlet(np.ones(3), 50).astype(np.float32)
    given = pool(p, embeddings=texts(50)[0], labelled=[], targets=[])

    uncertain = np.argsort(-small_margin(p, several=False), kind="stable")

    assert order(Contrastive, given, ContrastiveParams()) == uncertain.tolist()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("neighbours", [3, 10])
def test_scikit_activeml_comes_to_the_same(seed, neighbours):
    x, y_true = texts(400, dim=10, seed=seed)
    labelled = np.sort(np.random.default_rng(seed).choice(400, 40, replace=False))
    y = np.full(400, np.nan)
    y[labelled] = y_true[labelled]
    model = SklearnClassifier(LogisticRegression(), classes=[0, 1, 2]).fit(x, y)

    reference, (scores,) = ContrastiveAL(
        nearest_neighbors_dict={"n_neighbors": neighbours}, random_state=0
    ).query(x, y, model, fit_clf=False, batch_size=1, return_utilities=True)
    p = model.predict_proba(x)
    given = pool(p, embeddings=x, labelled=labelled, targets=y[labelled].astype(int))
    picked = order(Contrastive, given, ContrastiveParams(neighbours=neighbours))

    assert picked[0] == reference[0]
    assert picked[:25] == np.argsort(-np.nan_to_num(scores, nan=-1), kind="stable")[:25].tolist()


def test_of_several_labels_each_one_s_divergence_counts():
    x = np.float32([[1, 0], [1, 0], [1, 0]])
    p = [[0.5, 0.5], [0.5, 0.5], [0.9, 0.1]]
    given = pool(p, embeddings=x, labelled=[0], targets=np.uint8([[1, 0]]), multilabel=True)

    assert order(Contrastive, given, ContrastiveParams()) == [2, 1, 0]
