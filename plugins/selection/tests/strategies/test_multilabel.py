"""Several labels a text: by hand, against small-text, and against the papers' loops."""

import math

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from small_text.query_strategies.multi_label import (
    AdaptiveActiveLearning,
    CategoryVectorInconsistencyAndRanking,
    _label_cardinality_inconsistency,
)

from kodkod_selection.adaptive import Adaptive, AdaptiveParams, best_weight, separation_margin
from kodkod_selection.cvirs import (
    Cvirs,
    CvirsParams,
    ranked_margins,
    vector_distance,
    vector_inconsistency,
)
from kodkod_selection.label_cardinality import (
    LabelCardinality,
    LabelCardinalityParams,
    cardinality_inconsistency,
)

from .pools import NAN, GivenProbabilities, GivenRows, order, pool, texts

P = np.float32([[0.9, 0.8, 0.7], [0.9, 0.2, 0.1], [0.4, 0.1, 0.1], [0.6, 0.55, 0.3], [NAN] * 3])
GIVEN = {"labelled": [0, 1], "targets": np.uint8([[1, 1, 0], [1, 0, 0]]), "multilabel": True}


def random_pool(seed, n=120, k=6, labelled=25, **more):
    rng = np.random.default_rng(seed)
    p = rng.random((n, k), dtype=np.float32)
    rows = np.sort(rng.choice(n, labelled, replace=False))
    targets = (rng.random((labelled, k)) < 0.4).astype(np.uint8)
    return pool(p, labelled=rows, targets=targets, multilabel=True, seed=seed, **more)


# -- label cardinality -----------------------------------------------------------------------


def test_the_distance_from_the_usual_number_by_hand():
    given = pool(P, **GIVEN)

    # Two labelled rows have 1.5 labels on average; predicted are 3, 1, 0, 2 labels.
    expected = [1.5, 0.5, 1.5, 0.5, NAN]
    np.testing.assert_allclose(cardinality_inconsistency(given, 0.5), expected)
    # Of those that tie, by the label closest to undecided: 0.4 before 0.7; 0.55 before 0.2.
    assert order(LabelCardinality, given, LabelCardinalityParams()) == [2, 0, 3, 1, 4]


def test_with_nothing_labelled_the_usual_number_is_that_of_predictions():
    given = pool(P, labelled=[], targets=np.zeros((0, 3), dtype=np.uint8), multilabel=True)

    np.testing.assert_allclose(cardinality_inconsistency(given, 0.5), [1.5, 0.5, 1.5, 0.5, NAN])


@pytest.mark.parametrize("seed", range(3))
def test_small_text_has_the_same_inconsistency(seed):
    given = random_pool(seed)

    reference = _label_cardinality_inconsistency(given.probabilities, csr_matrix(given.targets))

    np.testing.assert_allclose(cardinality_inconsistency(given, 0.5), reference, atol=1e-5)


def test_ties_are_broken_as_far_as_texts_are_drawn_soon():
    given = random_pool(0, n=9_000, candidates=np.arange(0, 9_000, 2))

    drawn = order(LabelCardinality, given, LabelCardinalityParams())

    distance = cardinality_inconsistency(given, 0.5)
    undecided = np.abs(given.probabilities - 0.5).min(axis=1)
    outside = np.isin(np.arange(9_000), given.candidates, invert=True)
    assert sorted(drawn) == list(range(9_000))
    assert drawn[:4_000] == np.lexsort((undecided, -distance, outside))[:4_000].tolist()
    assert np.array_equal(distance[drawn[:4_500]], np.sort(distance[~outside])[::-1])
    assert np.array_equal(distance[drawn[4_500:]], np.sort(distance[outside])[::-1])


# -- CVIRS -----------------------------------------------------------------------------------


def entropy_of(*shares):
    return -sum(share * math.log(share) for share in shares if share > 0)


def distance_by_the_paper(a, b):
    """Reyes, Morell and Ventura (2018), equations for d_E and f, one pair at a time."""
    k = len(a)
    pairs = list(zip(a, b, strict=True))
    if all(x != y for x, y in pairs):
        return 1.0
    cells = [pairs.count(cell) / k for cell in ((1, 1), (1, 0), (0, 1), (0, 0))]
    joint = entropy_of(*cells)
    if joint == 0:
        return 0.0
    singles = sum(entropy_of(sum(v) / k, 1 - sum(v) / k) for v in (a, b))
    return (2 * joint - singles) / joint


def cvirs_by_the_paper(p, targets):
    n, k = p.shape
    scores = []
    margins = [[abs(p[i][j] - (1 - p[i][j])) for j in range(k)] for i in range(n)]
    for i in range(n):
        points = 0
        for j in range(k):
            rank = 1 + sum(margins[other][j] < margins[i][j] for other in range(n))
            points += n - rank
        mine = [int(value >= 0.5) for value in p[i]]
        unlike = [distance_by_the_paper(mine, given.tolist()) for given in targets]
        scores.append(points / (k * (n - 1)) * sum(unlike) / len(unlike))
    return scores


def test_distances_of_label_vectors_by_hand():
    a = np.array([[1, 1, 0, 0]], dtype=bool)
    b = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 1, 1], [1, 1, 1, 0]], dtype=bool)

    # The same; independent; opposite; and (2 * 1.0397 - 0.6931 - 0.5623) / 1.0397.
    np.testing.assert_allclose(vector_distance(a, b)[0], [0, 1, 1, 0.7925], atol=1e-4)


def test_distances_of_constant_vectors():
    nothing, everything = np.zeros((1, 3), dtype=bool), np.ones((1, 3), dtype=bool)

    assert vector_distance(nothing, nothing) == 0
    assert vector_distance(nothing, everything) == 1


def test_ranked_margins_by_hand():
    p = np.float32([[0.5, 0.9], [0.6, 0.5], [0.9, 0.6]])

    # Ranks by margin: 1, 2, 3 in the first label; 3, 1, 2 in the second. (n - rank) / (2 * 2).
    np.testing.assert_allclose(ranked_margins(p), [0.5, 0.75, 0.25])


@pytest.mark.parametrize("seed", range(3))
def test_cvirs_is_the_paper_s_loop(seed):
    given = random_pool(seed)

    expected = np.argsort(
        -np.array(cvirs_by_the_paper(given.probabilities, given.targets)), kind="stable"
    )

    assert order(Cvirs, given, CvirsParams())[:25] == expected[:25].tolist()


def test_beyond_the_subpool_cvirs_ranks_margins():
    given = random_pool(0)
    margins = np.argsort(-ranked_margins(given.probabilities), kind="stable").tolist()

    picked = order(Cvirs, given, CvirsParams(subpool=30))

    assert set(picked[:30]) == set(margins[:30])
    assert picked[30:] == margins[30:]
    assert picked[:30] != margins[:30]


def test_why_small_text_is_no_reference_for_cvirs():
    """Its errors, so that the errata page stays true: if this fails, compare again."""
    theirs = CategoryVectorInconsistencyAndRanking(pbar=None)
    p = np.array([[0.5, 0.9], [0.6, 0.5], [0.9, 0.6]])

    # The margin is |p - sum of p| instead of |p - (1 - p)|, and what is called ranks are argsort's
    # places, which are the inverse permutation of ranks.
    margins = np.abs(p - p.sum(axis=1, keepdims=True))
    np.testing.assert_array_equal(theirs._rank_by_margin(p), np.argsort(margins.T, axis=1))
    # The distance is the Hamming distance: the entropy distance is worked out and dropped.
    a, b = np.array([[1, 1, 0, 0]]), np.array([[1, 0, 0, 0]])
    (inconsistency,) = theirs._compute_vector_inconsistency(csr_matrix(b), a, 4)
    assert inconsistency == 0.25
    assert vector_inconsistency(a > 0, b > 0)[0] == pytest.approx(
        distance_by_the_paper([1, 1, 0, 0], [1, 0, 0, 0])
    )


def test_with_nothing_labelled_cvirs_ranks_margins():
    given = pool(P[:4], labelled=[], targets=np.zeros((0, 3), dtype=np.uint8), multilabel=True)

    expected = np.argsort(-ranked_margins(P[:4]), kind="stable")

    assert order(Cvirs, given, CvirsParams()) == expected.tolist()


# -- adaptive --------------------------------------------------------------------------------


def test_the_separation_margin_by_hand():
    # Least of the present less the best of the absent; a missing side is the threshold.
    np.testing.assert_allclose(
        separation_margin(P, 0.5), [0.7 - 0.5, 0.9 - 0.2, 0.5 - 0.4, 0.55 - 0.3, NAN], atol=1e-6
    )


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        # Only uncertainty: margins 0.2, 0.7, 0.1, 0.25.
        (1.0, [2, 0, 3, 1, 4]),
        # Only the number of labels: 1.5, 0.5, 1.5, 0.5.
        (0.0, [0, 2, 1, 3, 4]),
        # sqrt(1.5 / 0.2), sqrt(0.5 / 0.7), sqrt(1.5 / 0.1), sqrt(0.5 / 0.25).
        (0.5, [2, 0, 3, 1, 4]),
    ],
)
def test_the_weighed_order_by_hand(weight, expected):
    assert order(Adaptive, pool(P, **GIVEN), AdaptiveParams(weight=weight)) == expected


@pytest.mark.parametrize("seed", range(4))
def test_the_weight_is_the_one_that_leaves_the_least_loss_after_training_anew(seed):
    rng = np.random.default_rng(seed)
    x = texts(60, dim=6, seed=seed)[0]
    y = np.where(rng.random((30, 4)) < 0.4, 1.0, -1.0)
    offered, unlabelled = x[30:36], x[36:]
    believed = np.where(rng.random((6, 4)) < 0.4, 1.0, -1.0)

    losses = []
    for row, labels in zip(offered, believed, strict=True):
        learnt = np.hstack([np.vstack([x[:30], row]), np.ones((31, 1))]).astype(float)
        weights = np.linalg.solve(learnt.T @ learnt + np.eye(7), learnt.T @ np.vstack([y, labels]))
        scores = np.hstack([unlabelled, np.ones((len(unlabelled), 1))]) @ weights
        losses.append(np.maximum(0, 1 - np.abs(scores)).sum())

    assert best_weight(x[:30], y, offered, believed, unlabelled) == int(np.argmin(losses))


def test_the_weight_is_chosen_where_there_are_embeddings():
    x = texts(120, dim=6)[0]
    given = random_pool(0, embeddings=x)
    fixed = {
        tuple(order(Adaptive, random_pool(0, embeddings=x), AdaptiveParams(weight=w / 10)))
        for w in range(11)
    }

    assert tuple(order(Adaptive, given, AdaptiveParams())) in fixed


def test_why_small_text_is_no_reference_for_adaptive():
    """Its differences, so that the errata page stays true: if this fails, compare again."""
    p, y = P[:3], csr_matrix([[1, 1, 0]])
    rows, none = np.arange(3), np.zeros(0, dtype=int)

    by_threshold = [
        AdaptiveActiveLearning(prediction_threshold=threshold)
        .score(GivenProbabilities(p), GivenRows(rows), rows, none, y)
        .tolist()
        for threshold in (0.1, 0.5, 0.9)
    ]

    # The threshold changes nothing; the margin is between the two likeliest labels, and the
    # number of labels' distance has 1 added: sqrt((|2 - 1| + 1) / (0.9 - 0.2)) in the second row.
    assert by_threshold[0] == by_threshold[1] == by_threshold[2]
    assert by_threshold[0][1] == pytest.approx(math.sqrt(2 / 0.7), rel=1e-6)


def test_without_embeddings_both_count_the_same():
    half = order(Adaptive, random_pool(1), AdaptiveParams(weight=0.5))

    assert order(Adaptive, random_pool(1), AdaptiveParams()) == half
