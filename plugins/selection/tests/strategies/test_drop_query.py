"""DropQuery: by hand and against scikit-activeml."""

import numpy as np
import pytest
from skactiveml.classifier import SklearnClassifier
from skactiveml.pool import DropQuery as ScikitActivemlDropQuery
from sklearn.linear_model import LogisticRegression

from kodkod_selection.drop_query import DropQuery, DropQueryParams, changed_by_dropout
from kodkod_selection.logistic import fit_logistic

from .pools import blobs, order, pool, texts


def test_what_hangs_by_one_number_changes_by_hand():
    # The label is the sign of x0 + x1; with two numbers each dropped in half of the cases, (1, 1)
    # changes only where both go (then the bias decides), (3, -1) also where the first goes.
    x = np.float32([[1, 1], [3, -1]])
    weights = np.array([[1.0], [1.0], [-0.1]])

    rates = changed_by_dropout(
        x, weights, np.random.default_rng(0), dropout=0.5, repeats=4_000, several=True
    )

    np.testing.assert_allclose(rates, [0.25, 0.5], atol=0.04)


def test_scikit_activeml_takes_the_same_texts_for_unstable():
    x, y_true = texts(300, dim=8, seed=2)
    y = np.full(300, np.nan)
    y[:40] = y_true[:40]
    model = SklearnClassifier(LogisticRegression(tol=1e-8, max_iter=2_000), classes=[0, 1, 2])
    model.fit(x, y)

    _, (utilities, *_) = ScikitActivemlDropQuery(
        dropout_rate=0.75, n_dropout_samples=1_000, random_state=0
    ).query(x, y, model, fit_clf=False, batch_size=5, return_utilities=True)
    weights = fit_logistic(x[:40], np.eye(3)[y_true[:40]], softmax=True, tolerance=1e-6)
    ours = changed_by_dropout(
        x[40:], weights, np.random.default_rng(0), dropout=0.75, repeats=1_000, several=False
    )

    theirs = np.isfinite(utilities[40:])
    clear = np.abs(ours - 0.5) > 0.05
    assert 50 < np.count_nonzero(ours > 0.5) < 250
    assert ((ours > 0.5) == theirs)[clear].all()


def test_the_batch_is_one_of_each_unstable_kind():
    x, groups = blobs([40, 40, 40, 40], seed=0)
    labelled = [int(np.flatnonzero(groups == group)[0]) for group in range(4)]
    given = pool(embeddings=x, labelled=sorted(labelled), targets=groups[sorted(labelled)] % 2)

    picked = order(DropQuery, given, DropQueryParams(batch=4))

    assert sorted(groups[picked[:4]].tolist()) == [0, 1, 2, 3]
    assert not set(picked[:4]) & set(labelled)


@pytest.mark.parametrize("targets", [[], [0, 0]])
def test_with_no_two_kinds_labelled_it_is_kmeans(targets):
    x, groups = blobs([40, 40, 40], seed=0)
    labelled = list(range(len(targets)))
    given = pool(embeddings=x, labelled=labelled, targets=targets)

    picked = order(DropQuery, given, DropQueryParams(batch=3))

    assert sorted(groups[picked[:3]].tolist()) == [0, 1, 2]


def test_several_labels_change_each_for_itself():
    x, groups = blobs([40, 40, 40], seed=0)
    targets = (groups[:20, None] == np.arange(3)).astype(np.uint8)
    given = pool(embeddings=x, labelled=range(20), targets=targets, multilabel=True)

    assert sorted(order(DropQuery, given, DropQueryParams())) == list(range(120))
