"""Neighbours: exact ones against plain NumPy, the index's against exact ones, files that break."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from kodkod.store.matrices import Manifest, MatrixFolder
from kodkod.store.neighbours import (
    INDEXED_FROM,
    ExactNeighbours,
    OpenNeighbours,
    build_index,
    carry_index,
    indexed_rows,
    is_indexed,
)

N, DIM, ADDED = INDEXED_FROM, 24, 1_500


def clustered(n: int, seed: int = 0) -> np.ndarray:
    """Vectors of different lengths around fifty directions, as texts lie around topics."""
    rng = np.random.default_rng(seed)
    topics = rng.standard_normal((50, DIM))
    x = topics[rng.integers(50, size=n)] + 0.7 * rng.standard_normal((n, DIM))
    return (x * rng.uniform(0.5, 2, (n, 1))).astype(np.float32)


X = clustered(N + ADDED)


def store(folder: Path, vectors: np.ndarray, *, rows: int | None = None, sparse: bool = False):
    folder.mkdir(exist_ok=True)
    manifest = Manifest(
        component="c",
        params={},
        corpus_fingerprint="",
        rows=len(vectors) if rows is None else rows,
        dim=vectors.shape[1],
        sparse=sparse,
    )
    MatrixFolder(folder).write(vectors, manifest)
    return folder


def nearest(vectors: np.ndarray, wanted: np.ndarray, k: int) -> np.ndarray:
    def unit(x):
        return x.astype(np.float64) / np.linalg.norm(x.astype(np.float64), axis=1, keepdims=True)

    return np.argsort(-(unit(wanted) @ unit(vectors).T), axis=1, kind="stable")[:, :k]


def recall(found: np.ndarray, expected: np.ndarray) -> float:
    hits = [len({*a} & {*b}) for a, b in zip(found.tolist(), expected.tolist(), strict=True)]
    return sum(hits) / expected.size


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with an index over N vectors, and what `progress` heard."""
    folder = store(tmp_path_factory.mktemp("features") / "made", X[:N])
    heard: list[float] = []
    assert build_index(folder, heard.append) == N
    return folder, heard


@pytest.fixture
def copy(made, tmp_path):
    """A folder of its own with the same matrix and index."""
    folder = store(tmp_path / "copy", X[:N])
    carry_index(made[0], folder)
    # Not the same file: a test may damage it.
    whole = (folder / "neighbours.usearch").read_bytes()
    (folder / "neighbours.usearch").unlink()
    (folder / "neighbours.usearch").write_bytes(whole)
    return folder


def test_exact_neighbours_are_those_of_plain_numpy():
    vectors = clustered(300)
    wanted = clustered(20, seed=1)

    found = ExactNeighbours(vectors).near(wanted, 10)

    assert found.dtype == np.int64
    np.testing.assert_array_equal(found, nearest(vectors, wanted, 10))


def test_of_equal_vectors_the_lower_row_comes_first_and_what_is_not_there_is_minus_one():
    vectors = np.array([[0, 1], [2, 0], [1, 0], [0, 0], [3, 0]], dtype=np.float32)

    near = ExactNeighbours(vectors).near

    assert near(np.array([[5, 0]], np.float32), 2).tolist() == [[1, 2]]
    assert near(np.array([[5, 0]], np.float32), 7).tolist() == [[1, 2, 4, 0, 3, -1, -1]]
    assert near(np.zeros((1, 2), np.float32), 1).tolist() == [[0]]
    assert near(np.zeros((0, 2), np.float32), 1).shape == (0, 1)


def test_the_index_finds_what_is_near(made):
    folder, heard = made
    index = OpenNeighbours().of(folder)
    wanted = clustered(200, seed=2)

    found = index.near(wanted, 10)

    assert (found.shape, found.dtype) == ((200, 10), np.int64)
    assert recall(found, nearest(X[:N], wanted, 10)) >= 0.95
    # One vector is asked about as several are, and a long list comes whole.
    assert index.near(wanted[:1], 10).tolist() == found[:1].tolist()
    long = index.near(wanted[:5], 2_000)
    assert recall(long, nearest(X[:N], wanted[:5], 2_000)) >= 0.95
    assert index.near(wanted[:0], 10).shape == (0, 10)
    # Progress was heard often, and in order.
    assert heard == sorted(heard)
    assert (heard[0], heard[-1], len(heard)) == (0.0, 1.0, -(-N // 512) + 1)


def test_many_may_ask_at_once(made):
    index = OpenNeighbours().of(made[0])
    wanted = clustered(160, seed=3).reshape(16, 10, DIM)
    alone = [index.near(each, 30).tolist() for each in wanted]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda each: index.near(each, 30).tolist(), wanted))

    assert together == alone


def test_only_what_was_added_is_indexed(made, tmp_path):
    # Given the longer matrix, beginning with the old one's index
    old, _ = made
    new = store(tmp_path / "longer", X)
    carry_index(old, new)
    assert (indexed_rows(new), is_indexed(new)) == (N, False)
    before = OpenNeighbours().of(new)
    assert before.near(X[-1:], 1)[0, 0] < N

    # When it is extended
    heard: list[float] = []
    assert build_index(new, heard.append) == N + ADDED

    # Then only the new rows were added, and they are found like the others
    assert len(heard) == -(-ADDED // 512) + 1
    assert is_indexed(new)
    index = OpenNeighbours().of(new)
    wanted = X[N::10]
    found = index.near(wanted, 10)
    assert (found[:, 0] == np.arange(N, N + ADDED, 10)).mean() > 0.95
    assert recall(found, nearest(X, wanted, 10)) >= 0.95
    # And the index that it began with is as it was, on disk and where it is open
    assert indexed_rows(old) == N
    assert before.near(X[-1:], 1)[0, 0] < N


def test_an_index_is_opened_once_and_again_when_it_has_changed(copy):
    opened = OpenNeighbours()
    first = opened.of(copy)
    assert opened.of(copy) is first

    store(copy, X)
    build_index(copy, lambda _: None)

    second = opened.of(copy)
    assert second is not first
    assert second.near(X[-1:], 1).tolist() == [[len(X) - 1]]
    opened.forget(copy)
    assert opened.of(copy) is not second


def test_few_vectors_and_sparse_ones_have_no_index(tmp_path):
    few = store(tmp_path / "few", X[:100])
    assert OpenNeighbours().of(few).near(X[:1], 1).tolist() == [[0]]
    # (Of a sparse one nothing but the manifest is looked at.)
    sparse = store(tmp_path / "sparse", X[:100], rows=N, sparse=True)
    assert OpenNeighbours().of(sparse) is None


def broken(whole: bytes) -> dict[str, bytes]:
    middle = len(whole) // 2
    flipped = bytes([whole[middle] ^ 255])
    return {
        "half": whole[:middle],
        "one byte short": whole[:-1],
        "a byte changed": whole[:middle] + flipped + whole[middle + 1 :],
        "something else": b"x" * len(whole),
        "nothing": b"",
    }


def test_a_damaged_index_is_not_used_said_once_and_made_anew(copy):
    file = copy / "neighbours.usearch"
    whole = file.read_bytes()
    for what, data in broken(whole).items():
        file.write_bytes(data)
        opened = OpenNeighbours()
        with capture_logs() as logs:
            assert opened.of(copy) is None, what
            assert opened.of(copy) is None, what
        assert [entry["log_level"] for entry in logs] == ["warning"], what

    heard: list[float] = []
    build_index(copy, heard.append)

    assert len(heard) > 10
    assert OpenNeighbours().of(copy).near(X[7:8], 1).tolist() == [[7]]


def test_without_an_index_there_are_no_neighbours_until_one_is_made(tmp_path):
    folder = store(tmp_path / "new", X[:N])
    opened = OpenNeighbours()
    with capture_logs() as logs:
        assert opened.of(folder) is None
        assert opened.of(folder) is None
    assert len(logs) == 1
    assert not is_indexed(folder)


def test_what_is_stopped_leaves_the_old_index_and_nothing_else(copy):
    class StopError(Exception):
        pass

    def stop(fraction: float) -> None:
        if fraction > 0.5:
            raise StopError

    store(copy, X)
    files = sorted(copy.iterdir())

    with pytest.raises(StopError):
        build_index(copy, stop)

    assert sorted(copy.iterdir()) == files
    assert indexed_rows(copy) == N
    assert OpenNeighbours().of(copy) is not None
