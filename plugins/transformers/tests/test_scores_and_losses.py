"""Scores, thresholds and losses against their definitions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn import metrics

from kodkod_transformers.losses import balanced_weights, several_labels_loss, single_label_loss
from kodkod_transformers.scores import best_thresholds, macro_f1

f1_score: Any = metrics.f1_score
POSITIONS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60)


@settings(max_examples=40)
@given(POSITIONS)
def test_macro_f1_is_that_of_scikit_learn(pairs):
    truth, guess = np.array(pairs).T

    expected = f1_score(truth, guess, average="macro", zero_division=0.0)
    assert macro_f1(truth, guess) == pytest.approx(expected)


@settings(max_examples=40)
@given(arrays(np.uint8, (9, 6), elements=st.integers(0, 1)))
def test_macro_f1_of_several_labels_leaves_out_labels_that_nothing_has(cells):
    truth, guess = cells[:, :3], cells[:, 3:]
    used = (truth | guess).any(axis=0)

    each = [f1_score(truth[:, i], guess[:, i], zero_division=0.0) for i in np.flatnonzero(used)]
    assert macro_f1(truth, guess) == pytest.approx(np.mean(each) if each else 1.0)


@settings(max_examples=40)
@given(
    arrays(np.uint8, (12, 1), elements=st.integers(0, 1)),
    arrays(np.float32, (12, 1), elements=st.sampled_from([0.1, 0.25, 0.5, 0.6, 0.75, 0.9])),
)
def test_no_threshold_is_better_than_the_chosen_one(truth, scores):
    chosen = best_thresholds(truth, scores)[0]

    if not 3 <= truth.sum() < 12:
        assert chosen == 0.5
        return
    tried = [0.05, 0.2, 0.3, 0.55, 0.7, 0.8, 0.95]
    best = max(f1_score(truth[:, 0], scores[:, 0] >= each) for each in tried)
    assert f1_score(truth[:, 0], scores[:, 0] >= chosen) >= best - 1e-9


def test_losses_of_one_label_by_hand():
    logits, targets = torch.tensor([[2.0, 0.0], [0.0, 1.0]]), torch.tensor([0, 0])
    sure = torch.tensor([1 / (1 + math.exp(-2)), 1 / (1 + math.exp(1))])
    plain = -torch.log(sure)

    found = single_label_loss(logits, targets, None, 0.0, 0.0)
    focal = single_label_loss(logits, targets, None, 2.0, 0.0)
    weighed = single_label_loss(logits, targets, torch.tensor([3.0, 1.0]), 0.0, 0.0)
    smooth = single_label_loss(logits, targets, None, 0.0, 0.2)

    torch.testing.assert_close(found, plain)
    torch.testing.assert_close(focal, (1 - sure) ** 2 * plain)
    torch.testing.assert_close(weighed, 3 * plain)
    torch.testing.assert_close(smooth, 0.9 * plain - 0.1 * torch.log(1 - sure))


def test_losses_of_several_labels_by_hand():
    logits, targets = torch.tensor([[0.0, 2.0]]), torch.tensor([[1.0, 0.0]])
    one, two = math.log(2), math.log(1 + math.exp(2))
    unsure = 1 / (1 + math.exp(-2))

    found = several_labels_loss(logits, targets, None, 0.0, 0.0)
    focal = several_labels_loss(logits, targets, None, 2.0, 0.0)
    weighed = several_labels_loss(logits, targets, torch.tensor([5.0, 9.0]), 0.0, 0.0)

    torch.testing.assert_close(found, torch.tensor([(one + two) / 2]))
    torch.testing.assert_close(focal, torch.tensor([(0.25 * one + unsure**2 * two) / 2]))
    torch.testing.assert_close(weighed, torch.tensor([(5 * one + two) / 2]))


def test_balanced_weights_make_all_labels_weigh_the_same():
    targets = np.array([0] * 90 + [1] * 9 + [2])

    weights = balanced_weights(targets, 3)

    assert weights[targets].mean() == pytest.approx(1)
    assert [weights[targets][targets == i].sum() for i in range(3)] == pytest.approx([100 / 3] * 3)
    assert balanced_weights(np.eye(4, dtype=np.uint8), 4).tolist() == [3, 3, 3, 3]
