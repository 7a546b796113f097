"""Learning from few labels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from kodkod.testing import RecordingContext
from kodkod_transformers.head import fit_head
from kodkod_transformers.pairs import make_pairs


@settings(max_examples=40)
@given(st.lists(st.integers(0, 3), min_size=2, max_size=30), st.integers(1, 6), st.integers(1, 50))
def test_pairs_are_of_one_label_or_of_two_and_never_of_one_text(targets, per_text, most):
    targets = np.array(targets)

    pairs = make_pairs(targets, per_text, most, 0)
    same = targets[pairs.left] == targets[pairs.right]

    assert (pairs.similar == same).all()
    assert (pairs.left != pairs.right).all()
    assert len(pairs.left) <= min(len(targets) * per_text, most)


def test_half_of_the_pairs_are_alike_and_rare_labels_come_as_often():
    targets = np.array([0] * 90 + [1] * 6 + [2] * 4)

    pairs = make_pairs(targets, 20, 10_000, 0)
    other = targets[pairs.right[pairs.similar == 0]]

    assert len(pairs.left) == 2_000
    assert pairs.similar.mean() == 0.5
    assert (other == 2).mean() > 0.3


def test_with_several_labels_texts_are_alike_by_what_they_share():
    targets = np.array([[1, 1, 0], [1, 0, 0], [0, 0, 1], [0, 0, 1], [0, 0, 0], [0, 0, 0]])

    pairs = make_pairs(targets, 30, 1_000, 0)
    found = {
        (a, b): s
        for a, b, s in zip(
            *[x.tolist() for x in (pairs.left, pairs.right, pairs.similar)], strict=True
        )
    }

    assert found[0, 1] == 0.5
    assert found[2, 3] == 1
    assert found[4, 5] == 1
    assert found[0, 2] == 0


@pytest.mark.parametrize("several", [False, True])
def test_the_classifier_is_scikit_learns_logistic_regression(tmp_path, several):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((80, 5)).astype(np.float32)
    wanted = x @ rng.standard_normal((5, 3)) + rng.standard_normal((80, 3))
    targets = (wanted > 0).astype(np.uint8) if several else wanted.argmax(axis=1)

    head = fit_head(x, targets, 3, 2.0, RecordingContext(tmp_path), balanced=False)

    if several:
        for i in range(3):
            one = LogisticRegression(C=0.5, tol=1e-8, max_iter=1_000).fit(x, targets[:, i])
            np.testing.assert_allclose(head.weights[i], one.coef_[0], atol=1e-3)
    else:
        # Softmax of as many outputs as classes; biases are not pulled, weights are.
        one = LogisticRegression(C=0.5, tol=1e-8, max_iter=1_000).fit(x, targets)
        found, expected = head.logits(x), one.decision_function(x)
        found, expected = (each - each.mean(axis=1, keepdims=True) for each in (found, expected))
        np.testing.assert_allclose(found, expected, atol=1e-3)
