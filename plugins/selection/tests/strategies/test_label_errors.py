"""Likely mistakes: by hand and against cleanlab."""

import numpy as np
import pytest
from cleanlab.filter import find_label_issues
from cleanlab.multilabel_classification import get_label_quality_scores as several_scores
from cleanlab.rank import get_label_quality_scores

from kodkod_selection.label_errors import LabelErrors, LabelErrorsParams
from kodkod_selection.label_quality import (
    QUALITIES,
    confident_thresholds,
    lowered,
    off_diagonal,
    quality_of_several,
)

from .pools import NAN, order, pool

METHODS = {
    "self-confidence": "self_confidence",
    "margin": "normalized_margin",
    "entropy": "confidence_weighted_entropy",
}
P = np.float32([[0.9, 0.1], [0.8, 0.2], [0.2, 0.8], [0.4, 0.6], [0.5, 0.5], [NAN, NAN]])


def noisy(seed, n=300, k=4):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, k, n)
    p = rng.dirichlet(np.ones(k), n) + 2 * np.eye(k)[truth]
    given = np.where(rng.random(n) < 0.15, rng.integers(0, k, n), truth)
    return p / p.sum(axis=1, keepdims=True), given


def several(seed, n=200, k=5):
    rng = np.random.default_rng(seed)
    p = rng.random((n, k))
    return p, ((p > 0.5) ^ (rng.random((n, k)) < 0.1)).astype(np.uint8)


@pytest.mark.parametrize("measure", METHODS)
def test_the_worst_label_first_by_hand(measure):
    # Labelled: 1 as b (p 0.2), 3 as a (0.4), 2 as b (0.8), 0 as a (0.9); the others after them.
    given = pool(P, labelled=[0, 1, 2, 3], targets=[0, 1, 1, 0])

    assert order(LabelErrors, given, LabelErrorsParams(measure=measure)) == [1, 3, 2, 0, 4, 5]


def test_confident_learning_flags_by_hand():
    p, targets = (
        np.array([[0.9, 0.1], [0.3, 0.7], [0.6, 0.4], [0.05, 0.95]]),
        np.array([0, 0, 1, 1]),
    )

    thresholds = confident_thresholds(p, targets)

    # Means of p of the given label: (0.9 + 0.3) / 2 and (0.4 + 0.95) / 2.
    assert thresholds.tolist() == pytest.approx([0.6, 0.675])
    # Row 1 reaches b alone, and is an a; row 2 reaches a alone, and is a b.
    assert off_diagonal(p, targets, thresholds).tolist() == [False, True, True, False]


def test_a_flag_counts_more_than_quality():
    # Row 2 has the least p of its label but reaches no threshold (0.4, 0.7, 0.6); row 0 reaches b.
    p = [[0.1, 0.9, 0.0], [0.7, 0.2, 0.1], [0.39, 0.55, 0.06], [0.1, 0.5, 0.4], [0.1, 0.1, 0.8]]
    given = {"labelled": range(5), "targets": [0, 0, 2, 1, 2]}
    measure = "self-confidence"

    flagged = order(LabelErrors, pool(p, **given), LabelErrorsParams(measure=measure))
    plain = order(
        LabelErrors, pool(p, **given), LabelErrorsParams(measure=measure, flagged_first=False)
    )

    assert plain == [2, 0, 3, 1, 4]
    assert flagged[0] in {0, 2}
    assert flagged.index(0) < flagged.index(3)


@pytest.mark.parametrize(
    ("measure", "adjusted"),
    [*((measure, False) for measure in METHODS), ("self-confidence", True), ("margin", True)],
)
def test_cleanlab_has_the_same_qualities(measure, adjusted):
    p, given = noisy(0)

    expected = get_label_quality_scores(
        given, p, method=METHODS[measure], adjust_pred_probs=adjusted
    )
    seen = lowered(p, confident_thresholds(p, given)) if adjusted else p

    np.testing.assert_allclose(QUALITIES[measure](seen, given), expected, atol=1e-6)


@pytest.mark.parametrize("measure", METHODS)
@pytest.mark.parametrize("seed", range(3))
def test_the_flagged_rows_and_their_order_are_cleanlab_s(seed, measure):
    p, targets = noisy(seed)
    given = pool(p, labelled=range(300), targets=targets.tolist(), held_out=p.astype(np.float32))

    reference = find_label_issues(
        targets,
        p,
        filter_by="confident_learning",
        return_indices_ranked_by=METHODS[measure],
        n_jobs=1,
    )
    ours = order(LabelErrors, given, LabelErrorsParams(measure=measure))

    assert 10 < len(reference) < 100
    assert ours[: len(reference)] == reference.tolist()


@pytest.mark.parametrize("measure", METHODS)
def test_of_several_labels_cleanlab_has_the_same_quality(measure):
    p, targets = several(0)

    expected = several_scores(
        [np.flatnonzero(row).tolist() for row in targets], p, method=METHODS[measure]
    )
    _, quality = quality_of_several(p, targets, QUALITIES[measure], adjusted=False)

    np.testing.assert_allclose(quality, expected, atol=1e-6)


def test_of_several_labels_the_worst_text_is_first():
    p, targets = several(1)
    given = pool(p, labelled=range(200), targets=targets, multilabel=True)

    worst = order(LabelErrors, given, LabelErrorsParams(flagged_first=False))[0]

    _, quality = quality_of_several(
        p.astype(np.float32).astype(float), targets, QUALITIES["margin"], adjusted=False
    )
    assert worst == int(np.argmin(quality))


def test_cross_validated_predictions_count_where_there_are_some():
    held_out = np.float32([[0.1, 0.9], [0.9, 0.1]])
    given = pool(P, labelled=[0, 1], targets=[0, 0], held_out=held_out)

    # The guide believes both; what has not learnt from them doubts the first.
    assert order(LabelErrors, given, LabelErrorsParams())[:2] == [0, 1]


def test_a_label_that_the_guide_does_not_know_has_no_quality():
    given = pool(P, labelled=[0, 1], targets=[-1, 1])

    assert order(LabelErrors, given, LabelErrorsParams()) == [1, 0, 2, 3, 4, 5]
