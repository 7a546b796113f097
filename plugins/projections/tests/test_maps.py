"""What is near in the vectors is near on the map, whatever the matrix is like."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix, random_array
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier

from kodkod.api import InvalidInputError
from kodkod_projections.pacmap import Pacmap
from kodkod_projections.params import PacmapParams, PcaParams, TsneParams
from kodkod_projections.pca import Pca
from kodkod_projections.placing import Landmarks
from kodkod_projections.reduction import Reduction
from kodkod_projections.tsne import Tsne

GROUPS = 5
QUICK = {"steps": 60}


def grouped(n: int, dim: int = 80, seed: int = 0):
    """Return vectors about five middles, and which."""
    middles = np.random.default_rng(99).standard_normal((GROUPS, dim))
    rng = np.random.default_rng(seed)
    of = rng.integers(GROUPS, size=n)
    return (middles[of] + 0.5 * rng.standard_normal((n, dim))).astype(np.float32), of


def right_neighbours(points, of, others, of_others) -> float:
    return KNeighborsClassifier(5).fit(points, of).score(others, of_others)


@pytest.fixture(scope="module")
def learnt():
    """A map of which a third was learnt from, on disk."""
    from kodkod.testing import RecordingContext

    matrix, of = grouped(600)
    made = Pacmap(PacmapParams(sample=200, **QUICK))
    return made, matrix, of, made.fit(matrix, RecordingContext(None, seed=3))


def test_rows_outside_the_sample_lie_with_their_like(learnt, job_context):
    made, _, of, points = learnt
    assert len(made._points) == 200
    new, of_new = grouped(150, seed=5)
    assert right_neighbours(points, of, made.transform(new, job_context), of_new) > 0.97
    assert right_neighbours(made._points, of[_sampled(made, points)], points, of) > 0.97


def _sampled(made, points):
    """Return the rows whose points are those that were laid out."""
    known = {tuple(each): i for i, each in enumerate(np.round(points, 3).tolist())}
    return np.array([known[tuple(each)] for each in np.round(made._points, 3).tolist()])


def test_a_map_that_was_learnt_from_a_sample_is_the_same_from_a_mapped_file(
    learnt, tmp_path, job_context
):
    _, matrix, _, points = learnt
    np.save(tmp_path / "matrix.npy", matrix)
    mapped = np.load(tmp_path / "matrix.npy", mmap_mode="r")
    job_context.seed = 3
    again = Pacmap(PacmapParams(sample=200, **QUICK)).fit(mapped, job_context)
    np.testing.assert_array_equal(again, points)


def test_another_seed_makes_another_map(learnt, job_context):
    _, matrix, _, points = learnt
    job_context.seed = 4
    other = Pacmap(PacmapParams(sample=200, **QUICK)).fit(matrix, job_context)
    assert not np.allclose(other, points, atol=0.1)


def test_lengths_of_vectors_count_only_where_so_wished(job_context):
    matrix, _ = grouped(120)
    lengths = np.random.default_rng(1).uniform(0.01, 100, (120, 1)).astype(np.float32)
    same = Pca(PcaParams(normalise=True)).fit(matrix * lengths, job_context)
    np.testing.assert_allclose(
        same, Pca(PcaParams(normalise=True)).fit(matrix, job_context), atol=1e-4
    )
    other = Pca(PcaParams()).fit(matrix * lengths, job_context)
    assert not np.allclose(other, same, atol=1)


def test_pca_is_scikit_learns_but_for_signs(job_context):
    matrix, _ = grouped(30_000, dim=12)
    matrix += 1000  # A mean far from zero costs digits, if sums of squares are taken as they are.
    points = Pca(PcaParams()).fit(matrix, job_context)
    expected = PCA(2).fit_transform(matrix.astype(np.float64))
    signs = np.sign((points * expected).sum(axis=0))
    np.testing.assert_allclose(points, expected * signs, atol=2e-3)
    assert len(job_context.reports) > 4  # in blocks, each of which may be cancelled


@pytest.mark.parametrize("shape", [(400, 3_000), (300, 5_000)], ids=["sparse", "dense"])
def test_wide_vectors_are_reduced_by_a_truncated_svd(shape, job_context):
    n, width = shape
    rng = np.random.default_rng(0)
    of = np.arange(n) % GROUPS
    matrix = random_array(shape, density=0.002, rng=rng, dtype=np.float32).tolil()
    for i in range(n):
        matrix[i, of[i] * 50 + rng.integers(50, size=12)] = 2.0
    matrix = csr_matrix(matrix)
    given = matrix if width == 3_000 else matrix.toarray()
    made = Pacmap(PacmapParams(**QUICK))
    points = made.fit(given, job_context)
    assert right_neighbours(points[::2], of[::2], points[1::2], of[1::2]) > 0.95
    assert made._vectors.shape[1] <= 50
    again = made.transform(given[:7], job_context)
    np.testing.assert_allclose(again, points[:7], atol=1e-2)


def test_a_sparse_row_that_is_not_finite_has_no_point(job_context):
    matrix = csr_matrix(grouped(50, dim=20)[0])
    matrix.data[matrix.indptr[7]] = np.nan
    matrix.data[matrix.indptr[50] - 1] = np.inf
    points = Pca(PcaParams()).fit(matrix, job_context)
    assert np.flatnonzero(np.isnan(points).any(axis=1)).tolist() == [7, 49]


def test_nothing_but_rows_that_are_not_finite_is_refused(job_context):
    matrix = np.full((20, 4), np.nan, dtype=np.float32)
    with pytest.raises(InvalidInputError, match="choose another split"):
        Pacmap(PacmapParams()).fit(matrix, job_context)


def test_tsne_tells_its_divergence_and_can_be_stopped_within(job_context):
    matrix, of = grouped(150)
    made = Tsne(TsneParams(early=30, steps=40, perplexity=10))
    points = made.fit(matrix, job_context)
    assert right_neighbours(points[::2], of[::2], points[1::2], of[1::2]) > 0.95
    told = [each.metrics for each in job_context.reports if "divergence" in each.metrics]
    assert [each["step"] for each in told] == list(range(10, 71, 10))
    assert told[-1]["divergence"] < told[0]["divergence"]


def test_a_landmark_is_placed_where_it_is_and_others_between():
    vectors = np.array([[0, 0], [1, 0], [1000, 1000]], dtype=np.float32)
    points = np.array([[0, 0], [10, 0], [500, 500]], dtype=np.float32)
    there = Landmarks(vectors, points, 2)
    np.testing.assert_allclose(there.place(vectors), points, atol=1e-3)
    # Half-way, and at a quarter: weights 16/9 and 16 of the inverse squares.
    between = np.array([[0.5, 0], [0.25, 0]], dtype=np.float32)
    np.testing.assert_allclose(there.place(between), [[5, 0], [1, 0]], atol=1e-4)


def test_a_reduction_of_one_column_and_of_one_row():
    reduction = Reduction(dims=50, normalise=False)
    reduction.fit(np.array([[1.0], [3.0]], "f4"), np.random.default_rng(0), lambda done: None)
    np.testing.assert_allclose(reduction.apply(np.array([[5.0]], "f4")), [[3.0]])
    one = csr_matrix(np.ones((1, 300), dtype=np.float32))
    reduction.fit(one, np.random.default_rng(0), lambda done: None)
    assert np.isfinite(reduction.apply(one)).all()
