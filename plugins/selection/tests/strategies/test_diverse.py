"""Uncertain and different: top-m k-means, CLUE, embedding k-means."""

import numpy as np
import pytest
from skactiveml.classifier import SklearnClassifier
from skactiveml.pool import Clue as ScikitActivemlClue
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from small_text.query_strategies import EmbeddingKMeans as SmallTextEmbeddingKMeans

from kodkod_selection.batches import BatchParams
from kodkod_selection.clue import Clue, ClueParams
from kodkod_selection.diverse import Diverse, DiverseParams
from kodkod_selection.embedding_kmeans import EmbeddingKMeans
from kodkod_selection.uncertainty import entropy, small_margin

from .pools import blobs, order, pool


def distributions(n, k=3, seed=0):
    return np.random.default_rng(seed).dirichlet(np.ones(k), n).astype(np.float32)


def test_of_the_most_uncertain_one_of_each_kind_by_hand():
    # Two copies of the most uncertain text, one other uncertain one, two certain ones.
    p = [[0.5, 0.5], [0.51, 0.49], [0.55, 0.45], [0.9, 0.1], [0.99, 0.01]]
    x = np.float32([[1, 0], [1, 0.01], [0, 1], [-1, 0], [-1, -1]])
    given = pool(p, embeddings=x)

    picked = order(Diverse, given, DiverseParams(batch=2, subpool=3))

    # Row 1 waits: its kind is stood for. What is certain stays behind.
    assert set(picked[:2]) == {0, 2}
    assert picked[2:] == [1, 3, 4]


def test_only_the_most_uncertain_are_looked_at():
    p, (x, _) = distributions(300), blobs([100, 100, 100])
    given = pool(p, embeddings=x)

    picked = order(Diverse, given, DiverseParams(batch=10, subpool=50))

    uncertain = np.argsort(-small_margin(p, several=False))
    assert set(picked[:10]) <= set(uncertain[:50].tolist())
    rest = [row for row in uncertain.tolist() if row not in picked[:10]]
    assert picked[10:] == rest


def test_weighted_kmeans_of_scikit_learn_finds_the_same_texts():
    sizes = [60, 50, 40, 30, 20]
    x, groups = blobs(sizes, seed=4)
    p = distributions(200, seed=4)

    picked = order(Diverse, pool(p, embeddings=x), DiverseParams(batch=5, subpool=200))

    reference = KMeans(5, n_init=10, random_state=0)
    distances = reference.fit_transform(x, sample_weight=small_margin(p, several=False))
    assert set(picked[:5]) == set(distances.argmin(axis=0).tolist())
    # The heaviest group is in front.
    assert groups[picked[0]] == 0


@pytest.mark.parametrize("seed", range(3))
def test_clue_picks_what_scikit_activeml_picks(seed):
    x, groups = blobs([50, 40, 30, 20, 10, 10], seed=seed)
    y = np.full(len(x), np.nan)
    labelled = np.sort(np.random.default_rng(seed).choice(len(x), 20, replace=False))
    y[labelled] = groups[labelled] % 3
    model = SklearnClassifier(LogisticRegression(), classes=[0, 1, 2]).fit(x, y)

    reference = ScikitActivemlClue(
        method="entropy",
        cluster_algo_dict={"n_init": 10, "random_state": seed},
        random_state=seed,
    ).query(x, y, model, fit_estimator=False, batch_size=6)
    given = pool(model.predict_proba(x), embeddings=x, labelled=labelled, targets=y[labelled])
    picked = order(Clue, given, ClueParams(batch=6))

    assert set(picked[:6]) == set(reference.tolist())


def test_clue_goes_on_by_uncertainty_and_ends_with_what_is_labelled():
    p, (x, _) = distributions(60), blobs([30, 30])
    given = pool(p, embeddings=x, labelled=[3, 4], targets=[0, 1])

    picked = order(Clue, given, ClueParams(batch=5))

    uncertain = np.argsort(-entropy(p, several=False)).tolist()
    assert picked[5:-2] == [row for row in uncertain if row not in {*picked[:5], 3, 4}]
    assert set(picked[-2:]) == {3, 4}


def test_clue_weighs_by_uncertainty():
    # Two texts of one kind, between which the centre lies where the more uncertain one is.
    x = np.float32([[1, 0], [0.8, 0.6]])

    for row, p in ((0, [[0.5, 0.5], [1, 0]]), (1, [[1, 0], [0.5, 0.5]])):
        given = pool(p, embeddings=x)
        assert order(Clue, given, ClueParams(batch=1))[0] == row


@pytest.mark.parametrize("seed", range(3))
def test_embedding_kmeans_picks_what_small_text_picks(seed):
    x, _ = blobs([50, 40, 30, 20], seed=seed)
    every, none = np.arange(len(x)), np.zeros(0, dtype=int)

    reference = SmallTextEmbeddingKMeans().sample(None, None, every, none, none, 4, x)
    picked = order(EmbeddingKMeans, pool(embeddings=x), BatchParams(batch=4))

    assert set(picked[:4]) == set(reference.tolist())


def test_embedding_kmeans_leaves_out_what_is_labelled():
    x, groups = blobs([20, 20], seed=1)
    labelled = np.flatnonzero(groups == 0)
    given = pool(embeddings=x, labelled=labelled, targets=np.zeros(20, dtype=np.int64))

    picked = order(EmbeddingKMeans, given, BatchParams(batch=3))

    assert set(groups[picked[:20]].tolist()) == {1}


def test_a_subpool_is_a_part_of_the_pool_drawn_anew_with_each_seed():
    x, _ = blobs([200, 200], seed=1)

    def batch(seed):
        given = pool(embeddings=x, seed=seed)
        return order(EmbeddingKMeans, given, BatchParams(batch=5, subpool=20))[:5]

    assert batch(0) == batch(0)
    assert len({tuple(batch(seed)) for seed in range(5)}) == 5
