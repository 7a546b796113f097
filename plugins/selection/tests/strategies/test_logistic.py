"""The logistic regression: against scikit-learn's optimum."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from kodkod_selection.logistic import fit_logistic, scores_of

from .pools import texts


def reference(strength):
    return LogisticRegression(C=strength, tol=1e-8, max_iter=5_000)


@pytest.mark.parametrize("strength", [0.1, 1, 100])
def test_softmax_has_the_probabilities_of_scikit_learn(strength):
    x, y = texts(200, k=4, dim=10)

    weights = fit_logistic(x, np.eye(4)[y], softmax=True, strength=strength, tolerance=1e-6)

    scores = np.exp(scores_of(x, weights))
    expected = reference(strength).fit(x, y).predict_proba(x)
    np.testing.assert_allclose(scores / scores.sum(axis=1, keepdims=True), expected, atol=2e-3)


def test_separate_labels_are_learnt_each_for_itself():
    x, y = texts(200, k=3, dim=10)
    several = np.eye(3)[y]
    several[::5, 0] = 1

    weights = fit_logistic(x, several, softmax=False, tolerance=1e-6)

    expected = OneVsRestClassifier(reference(1)).fit(x, several).predict_proba(x)
    np.testing.assert_allclose(1 / (1 + np.exp(-scores_of(x, weights))), expected, atol=2e-3)


def test_going_on_from_earlier_weights_comes_to_the_same():
    x, y = texts(200, k=2, dim=10)
    y = y[:, None].astype(float)
    half = fit_logistic(x[:100], y[:100], softmax=False)

    cold = fit_logistic(x, y, softmax=False, tolerance=1e-6)
    warm = fit_logistic(x, y, softmax=False, tolerance=1e-6, start=half)

    np.testing.assert_allclose(cold, warm, atol=1e-2)


def test_one_kind_alone_does_not_run_away():
    x, _ = texts(50, dim=5)

    weights = fit_logistic(x, np.ones((50, 1)), softmax=False)

    assert np.isfinite(weights).all()
