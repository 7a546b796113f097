"""ProbCover: by hand, and against scikit-activeml step by step."""

import numpy as np
import pytest
from skactiveml.pool import ProbCover as ScikitActivemlProbCover
from small_text.query_strategies.vector_space import ProbCover as SmallTextProbCover
from small_text.vector_indexes.base import VectorIndexFactory
from small_text.vector_indexes.knn import KNNIndex

from kodkod_selection.kmeans import kmeans
from kodkod_selection.probcover import ProbCover, ProbCoverParams, cover, pure_radius

from .pools import blobs, order, pool, texts


def circle(*degrees):
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


NONE = circle()


def test_the_most_covering_first_by_hand():
    x = circle(0, 10, 20, 30, 90, 95, 180)
    radius = 2 * np.sin(np.radians(10.5 / 2))

    # 10 covers 0, 10, 20, and so does 20 with 30; the lower row wins. Then 90 and 95 cover two
    # each, 30 only itself (20 is covered), 180 itself.
    assert cover(x, NONE, 4, radius).tolist() == [1, 4, 2, 6]
    # With a labelled text at 92, 90 and 95 are covered already.
    assert cover(x, circle(92), 4, radius).tolist() == [1, 2, 6]


def test_what_covers_nothing_new_is_not_picked():
    x = circle(0, 1, 2)

    assert cover(x, NONE, 3, 1.0).tolist() == [0]
    assert order(ProbCover, pool(embeddings=x), ProbCoverParams(batch=3, radius=1))[0] == 0


def test_the_pure_radius_by_hand():
    x = circle(0, 10, 30, 90)
    assigned = np.array([0, 0, 0, 1])
    chords = 2 * np.sin(np.radians(np.array([90, 80, 60, 60]) / 2))

    # All pure: up to the nearest stranger, 60 degrees away. With half of them: 80 degrees.
    assert pure_radius(x, assigned, 0.99) == pytest.approx(chords[2], abs=1e-6)
    assert pure_radius(x, assigned, 0.5) == pytest.approx(chords[1], abs=1e-6)
    assert pure_radius(x, np.zeros(4, dtype=int), 0.95) == 2


def test_the_radius_is_the_one_that_the_paper_s_grid_would_come_to():
    x, _ = blobs([60, 50, 40], spread=0.15, seed=2)
    y = np.full(len(x), np.nan)
    grid = np.arange(0.05, 2, 0.05)
    reference = ScikitActivemlProbCover(
        n_classes=3,
        deltas=grid,
        alpha=0.95,
        cluster_algo_dict={"n_init": 10, "random_state": 0},
        random_state=0,
    )
    reference.query(x, y, batch_size=1)

    clusters = kmeans(x, 3, np.random.default_rng(0))
    radius = pure_radius(x, clusters.assigned, 0.95)

    assert reference.delta_max_ <= radius < reference.delta_max_ + 0.05


@pytest.mark.filterwarnings("ignore:The maximum purity")  # it says so of any single radius
@pytest.mark.parametrize("seed", range(3))
def test_every_pick_is_one_of_the_best_by_scikit_activeml(seed):
    x, _ = texts(300, dim=4, seed=seed)
    labelled = np.sort(np.random.default_rng(seed).choice(300, 15, replace=False))
    given = pool(embeddings=x, labelled=labelled, targets=[0] * 15)

    picked = order(ProbCover, given, ProbCoverParams(batch=15, radius=0.4))[:15]

    y = np.full(300, np.nan)
    y[labelled] = 0
    for row in picked:
        reference = ScikitActivemlProbCover(deltas=[0.4], random_state=0)
        _, (degrees,) = reference.query(x, y, batch_size=1, return_utilities=True)
        assert degrees[row] == np.nanmax(degrees)
        y[row] = 0


def test_why_small_text_is_no_reference():
    """Its error, so that the errata page stays true: if this fails, compare again."""
    x, radius = circle(0, 10, 20, 30, 90, 180), 2 * np.sin(np.radians(10.5 / 2))
    none = np.zeros(0, dtype=int)

    theirs = SmallTextProbCover(VectorIndexFactory(KNNIndex), k=5, ball_radius=radius)
    picked = theirs.sample(None, None, np.arange(6), none, none, 4, x)

    # What 10 covers still counts for 20, and at last a text comes twice.
    assert picked.tolist() == [1, 2, 0, 0]
    assert cover(x, NONE, 4, radius).tolist() == [1, 2, 4, 5]
