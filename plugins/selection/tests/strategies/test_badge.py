"""BADGE: by hand, against a plain loop over whole gradients, and against scikit-activeml."""

import numpy as np
import pytest
from skactiveml.classifier import SklearnClassifier
from skactiveml.pool import Badge as ScikitActivemlBadge
from sklearn.linear_model import LogisticRegression

from kodkod_selection.badge import Badge, BadgeParams, spread_gradients

from .pools import order, pool, texts


def gradients(p, x, *, several=False):
    """Return the gradient embeddings in full, as the paper defines them."""
    p = np.asarray(p, dtype=np.float64)
    chosen = p >= 0.5 if several else np.eye(p.shape[1])[p.argmax(axis=1)]
    return ((p - chosen)[:, :, None] * x[:, None, :]).reshape(len(p), -1)


def by_the_paper(g, n, rng):
    """k-means++ as in the authors' code, drawing with the same random numbers as ours."""
    picked = [int(np.argmax((g**2).sum(axis=1)))]
    while len(picked) < n:
        squared = np.min([((g - g[row]) ** 2).sum(axis=1) for row in picked], axis=0)
        squared[picked] = 0
        sums = np.cumsum(squared)
        picked.append(int(np.searchsorted(sums, rng.random() * sums[-1], side="right")))
    return picked


def test_the_longest_gradient_is_first_by_hand():
    p = [[0.5, 0.5], [0.9, 0.1], [0.6, 0.4]]
    x = np.float32([[1, 0], [9, 0], [1, 0]])

    # Lengths |p - e| |x|: 0.71 x 1; 0.14 x 9 = 1.27; 0.57 x 1; and 0.14 with unit embeddings.
    raw = order(Badge, pool(p, embeddings=x), BadgeParams(batch=1, normalised=False))
    unit = order(Badge, pool(p, embeddings=x), BadgeParams(batch=1))

    assert (raw[0], unit[0]) == (1, 0)


def test_a_gradient_that_is_there_already_is_not_drawn():
    p = [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5], [0.9, 0.1]]
    x = np.float32([[1, 0], [1, 0], [1, 0], [1, 0]])

    for seed in range(20):
        given = pool(p, embeddings=x, seed=seed)
        assert order(Badge, given, BadgeParams(batch=2))[:2] == [0, 3]


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_the_batch_is_that_of_a_loop_over_whole_gradients(seed, several):
    x, _ = texts(300, dim=8, seed=seed)
    rng = np.random.default_rng(seed)
    p = rng.random((300, 5)) if several else rng.dirichlet(np.ones(5), 300)
    given = pool(p, embeddings=x, multilabel=several, seed=seed)

    picked = order(Badge, given, BadgeParams(batch=20, subpool=300))[:20]

    # The order below the batch is not drawn at random, so the generator is where ours began.
    expected = by_the_paper(gradients(p, x, several=several), 20, np.random.default_rng(seed))
    assert picked == expected


def test_scikit_activeml_has_the_same_distances():
    x, y_true = texts(200, dim=6, seed=1)
    y = np.full(200, np.nan)
    y[:20] = y_true[:20]
    model = SklearnClassifier(LogisticRegression(), classes=[0, 1, 2]).fit(x, y)
    p = model.predict_proba(x)

    picked, utilities = ScikitActivemlBadge(random_state=0).query(
        x, y, model, fit_clf=False, batch_size=5, return_utilities=True
    )

    ours = spread_gradients(
        x[20:],
        (p - np.eye(3)[p.argmax(axis=1)])[20:].astype(np.float32),
        1,
        np.random.default_rng(0),
    )
    assert ours.tolist() == [picked[0] - 20]
    # Theirs keeps the squared length of the gradient as a distance, as if 0 were a centre; ours,
    # as the paper and its code, does not. Apart from that the chances are the same.
    g = gradients(p, x)[20:]
    lengths = (g**2).sum(axis=1)
    for step in range(1, 5):
        before = np.array(picked[:step]) - 20
        nearest = np.min([((g - g[row]) ** 2).sum(axis=1) for row in before], axis=0)
        theirs = np.minimum(nearest, lengths)
        known = np.setdiff1d(np.arange(180), before)
        np.testing.assert_allclose(
            utilities[step][20:][known], (theirs / theirs.sum())[known], atol=1e-6
        )
