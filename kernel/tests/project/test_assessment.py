"""Folds, training sets that grow, and the score of cross-validation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from kodkod.api import HeldOut, Score
from kodkod.project.assessment import (
    Replicates,
    assessment_due,
    curve_point,
    plan_assessment,
    predicted_table,
    score_of,
)
from kodkod.project.folds import ALWAYS_LEARNT, assign_folds, growing_order, label_table


def after(n_train: int) -> HeldOut:
    return HeldOut(n_train=n_train, trained_at_seq=n_train, score=Score(value=0.5))


def test_an_assessment_is_due_first_at_20_texts_and_then_at_each_tenth_more():
    assert [assessment_due(None, n) for n in (0, 19, 20, 500)] == [False, False, True, True]
    assert [assessment_due(after(100), n) for n in (100, 109, 110, 91, 90)] == [
        False, False, True, False, True,
    ]  # fmt: skip


@given(st.lists(st.integers(0, 4), min_size=2, max_size=80), st.integers(2, 5), st.integers(0, 99))
def test_folds_share_each_label_out_evenly(targets, n_folds, seed):
    labels = label_table(np.array(targets), 5)
    folds = assign_folds(labels, n_folds, np.random.default_rng(seed))
    counts = labels.sum(axis=0)
    # A text that is alone with its label is always learnt, and no other.
    assert ((folds == ALWAYS_LEARNT) == labels[:, counts == 1].any(axis=1)).all()
    for label in np.flatnonzero(counts > 1):
        mine = np.bincount(folds[labels[:, label]], minlength=n_folds)
        assert mine.max() - mine.min() <= 1
    tested = folds[folds != ALWAYS_LEARNT]
    if len(tested):
        sizes = np.bincount(tested, minlength=n_folds)
        assert sizes.max() - sizes.min() <= 1


def test_folds_share_several_labels_out():
    rng = np.random.default_rng(0)
    labels = rng.random((600, 6)) < [0.5, 0.3, 0.2, 0.1, 0.03, 0.01]
    folds = assign_folds(labels, 5, rng)
    for label in range(6):
        mine = np.bincount(folds[labels[:, label] & (folds >= 0)], minlength=5)
        assert mine.max() - mine.min() <= 3, label
    sizes = np.bincount(folds[folds >= 0], minlength=5)
    assert sizes.max() - sizes.min() <= 2


@given(st.integers(0, 99))
def test_each_beginning_of_a_growing_order_has_labels_in_proportion(seed):
    targets = np.repeat([0, 1, 2], [120, 60, 20])
    labels = label_table(targets, 3)
    order = growing_order(labels, np.random.default_rng(seed))
    assert sorted(order.tolist()) == list(range(200))
    for n in (50, 100, 150):
        counts = labels[order[:n]].sum(axis=0)
        assert np.abs(counts - n * np.array([0.6, 0.3, 0.1])).max() <= 2


def test_a_plan_follows_labels_and_cost():
    def plan(targets, k, **kind):
        labels = label_table(np.array(targets), k)
        return plan_assessment(labels, multilabel=kind.get("multilabel", False))

    assert plan([0] * 20 + [1], 3) is None
    assert plan([0] * 20 + [1] * 2, 3).folds == 2
    assert plan([0] * 20 + [1] * 30, 3).folds == 5
    small, large = plan([0, 1] * 250, 2), plan([0, 1] * 2_000, 2)
    assert (small.fits, large.fits) == (45, 25)
    assert small.shares[0] == pytest.approx(1 / 8)
    assert small.shares[-1] == 1
    many = plan_assessment(np.random.default_rng(0).random((500, 28)) < 0.1, multilabel=True)
    assert many.fits == 13
    # With one label of several, texts without it are the other kind.
    one = np.zeros((10, 1), dtype=bool)
    one[:4] = True
    assert plan_assessment(one, multilabel=True).folds == 4


@pytest.mark.parametrize("multilabel", [False, True])
def test_macro_f1_is_that_of_scikit_learn_in_every_replicate(multilabel):
    rng = np.random.default_rng(3)
    p = rng.dirichlet(np.ones(4), 60).astype(np.float32) * (1.5 if multilabel else 1)
    if multilabel:
        labels = rng.random((60, 4)) < [0.5, 0.3, 0.05, 0.0]
    else:
        labels = label_table(rng.integers(0, 3, 60), 4)
    predicted = predicted_table(p, multilabel=multilabel)
    replicates = Replicates(60, np.random.default_rng(1), replicates=50)

    values = replicates.macro_f1(labels, predicted)

    drawn = np.random.default_rng(1).integers(0, 60, (50, 60))
    for value, chosen in zip(values, [np.arange(60), *drawn], strict=True):
        reference, guess = labels[chosen], predicted[chosen]
        present = np.flatnonzero(reference.any(axis=0) | guess.any(axis=0))
        expected = f1_score(reference, guess, labels=present, average="macro", zero_division=0)
        assert value == pytest.approx(expected, abs=1e-6)
    score = score_of(values)
    assert score.value == values[0]
    assert (score.low, score.high) == tuple(np.percentile(values[1:], [2.5, 97.5]))


def test_rows_without_a_prediction_are_predicted_as_nothing():
    p = np.array([[0.2, 0.8], [np.nan, 0.1]], dtype=np.float32)
    for multilabel in (False, True):
        assert predicted_table(p, multilabel=multilabel).tolist() == [[False, True], [False, False]]


def test_a_point_of_the_curve_is_the_mean_of_its_repeats_and_holds_both_doubts():
    rng = np.random.default_rng(5)
    labels = label_table(rng.integers(0, 2, 300), 2)

    def guess(right):
        told = rng.random(300) < right
        return np.where(told[:, None], labels, ~labels)

    good, bad = guess(0.9), guess(0.6)
    replicates = Replicates(300, rng)
    point = curve_point(80, labels, [good, bad], replicates, rng)
    alone = curve_point(80, labels, [good], replicates, rng)
    mean = np.mean([f1_score(labels, each, average="macro") for each in (good, bad)])
    assert point.score.value == pytest.approx(mean, abs=1e-6)
    assert point.score.low < mean < point.score.high
    assert point.score.high - point.score.low > 2 * (alone.score.high - alone.score.low)
    # Replicates are of the same texts at each point, and read as the interval says.
    assert len(point.replicates) == 400
    assert np.percentile(alone.replicates, 2.5) == pytest.approx(alone.score.low, abs=1e-5)
    nothing = np.zeros((300, 2), dtype=bool)
    assert curve_point(80, nothing, [nothing], replicates, rng) is None
