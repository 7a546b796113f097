"""Suspected labels: by hand and against cleanlab."""

from __future__ import annotations

import numpy as np
import pytest
from cleanlab.filter import find_label_issues
from cleanlab.multilabel_classification import get_label_quality_scores as qualities_of_several
from cleanlab.rank import get_label_quality_scores

from kodkod.project.label_errors import suspect


def noisy(seed, n=300, k=4):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, k, n)
    p = rng.dirichlet(np.ones(k), n) + 2 * np.eye(k)[truth]
    given = np.where(rng.random(n) < 0.15, rng.integers(0, k, n), truth)
    return (p / p.sum(axis=1, keepdims=True)), given


def test_by_hand():
    p = np.array([[0.9, 0.1], [0.3, 0.7], [0.6, 0.4], [0.05, 0.95]])

    found = suspect(p, np.array([0, 0, 1, 1]))

    # Thresholds (0.9 + 0.3) / 2 and (0.4 + 0.95) / 2: text 1 reaches the second label alone,
    # and text 2 the first alone.
    assert found.flagged.tolist() == [False, True, True, False]
    assert found.suggested[[1, 2]].tolist() == [[False, True], [True, False]]
    assert found.quality == pytest.approx([0.9, 0.3, 0.4, 0.95])


@pytest.mark.parametrize("seed", range(3))
def test_cleanlab_suspects_the_same_in_the_same_order(seed):
    p, given = noisy(seed)

    found = suspect(p, given)

    reference = find_label_issues(
        given,
        p,
        filter_by="confident_learning",
        return_indices_ranked_by="normalized_margin",
        n_jobs=1,
    )
    ours = np.flatnonzero(found.flagged)
    assert ours[np.argsort(found.quality[ours], kind="stable")].tolist() == reference.tolist()
    expected = get_label_quality_scores(given, p, method="normalized_margin")
    np.testing.assert_allclose(found.quality, expected, atol=1e-9)
    # What it suggests is another label than the given.
    assert not found.suggested[ours, given[ours]].any()


def test_of_several_labels_cleanlab_suspects_the_same():
    rng = np.random.default_rng(0)
    p = rng.random((200, 4))
    given = ((p > 0.5) ^ (rng.random((200, 4)) < 0.1)).astype(np.uint8)
    lists = [np.flatnonzero(row).tolist() for row in given]

    found = suspect(p, given)

    flagged = [
        find_label_issues(
            given[:, column],
            np.column_stack([1 - p[:, column], p[:, column]]),
            filter_by="confident_learning",
            n_jobs=1,
        )
        for column in range(4)
    ]
    np.testing.assert_array_equal(found.flagged, np.any(flagged, axis=0))
    np.testing.assert_array_equal(found.suggested, given.astype(bool) ^ np.transpose(flagged))
    expected = qualities_of_several(lists, p, method="normalized_margin")
    np.testing.assert_allclose(found.quality, expected, atol=1e-9)


def test_a_label_that_no_text_has_is_never_suggested():
    p = np.array([[0.2, 0.1, 0.7], [0.6, 0.4, 0.0], [0.3, 0.6, 0.1]])

    found = suspect(p, np.array([0, 0, 1]))

    assert not found.suggested[:, 2].any()


def test_one_label_in_all():
    found = suspect(np.ones((3, 1)), np.zeros(3, np.int64))

    assert not found.flagged.any()
