"""Discriminative active learning: by hand and against scikit-activeml."""

import numpy as np
import pytest
from skactiveml.classifier import SklearnClassifier
from skactiveml.pool import DiscriminativeAL
from sklearn.linear_model import LogisticRegression

from kodkod_selection.discriminative import Discriminative, DiscriminativeParams

from .pools import blobs, order, pool, texts


def test_what_is_least_like_the_labelled_comes_first():
    x, groups = blobs([30, 30, 30], seed=0)
    labelled = np.flatnonzero(groups == 0)[:20]
    given = pool(embeddings=x, labelled=labelled, targets=[0] * 20)

    picked = order(Discriminative, given, DiscriminativeParams(batch=10))

    assert set(groups[picked[:10]].tolist()) <= {1, 2}


def test_rounds_spread_a_batch():
    x, groups = blobs([40, 40, 10], seed=0)
    labelled = np.flatnonzero(groups == 2)
    given = pool(embeddings=x, labelled=labelled, targets=[0] * 10)

    at_once = order(Discriminative, given, DiscriminativeParams(batch=10, rounds=1))
    given = pool(embeddings=x, labelled=labelled, targets=[0] * 10)
    in_turn = order(Discriminative, given, DiscriminativeParams(batch=10, rounds=10))

    def counts(picked):
        return sorted(np.bincount(groups[picked[:10]], minlength=2)[:2].tolist())

    assert counts(in_turn)[0] >= max(counts(at_once)[0], 4)


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_the_batch_is_the_one_that_scikit_activeml_picks(seed, at_once):
    x, _ = texts(250, dim=8, seed=seed)
    labelled = np.sort(np.random.default_rng(seed).choice(250, 40, replace=False))
    y = np.full(250, np.nan)
    y[labelled] = 0

    reference = DiscriminativeAL(greedy_selection=at_once, random_state=0).query(
        x,
        y,
        SklearnClassifier(LogisticRegression(tol=1e-8, max_iter=2_000), classes=[0, 1]),
        batch_size=10,
    )
    picked = order(
        Discriminative,
        pool(embeddings=x, labelled=labelled, targets=[0] * 40),
        DiscriminativeParams(batch=10, rounds=1 if at_once else 10, factor=1_000),
    )

    assert len(set(picked[:10]) & set(reference.tolist())) >= 9
    assert picked[0] == reference[0]


def test_with_nothing_labelled_it_starts_in_the_middle():
    x, _ = blobs([30, 5], seed=0)

    picked = order(Discriminative, pool(embeddings=x), DiscriminativeParams(batch=5))

    middle = int(np.argmax(x @ x.mean(axis=0)))
    assert picked[0] == middle
    assert len(set(picked[:5])) == 5
