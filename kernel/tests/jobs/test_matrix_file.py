"""Matrices written a part at a time are those that NumPy and SciPy would have written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix, random, vstack

from kodkod.api import PluginError
from kodkod.jobs.matrix_file import write_matrix
from kodkod.store.matrices import Manifest, MatrixFolder


def manifest(rows: int, dim: int, *, sparse: bool) -> Manifest:
    return Manifest(
        component="c", params={}, corpus_fingerprint="f", rows=rows, dim=dim, sparse=sparse
    )


def write(folder, parts, *, sparse=False):
    folder.mkdir()
    with write_matrix(folder) as writer:
        for part in parts:
            writer.append(part)
        writer.finish(manifest(writer.rows, writer.dim, sparse=sparse))
    return MatrixFolder(folder)


sizes = st.lists(st.integers(0, 7), min_size=1, max_size=6)


@given(sizes=sizes, dim=st.integers(1, 5), seed=st.integers(0, 9))
def test_parts_make_the_whole(tmp_path_factory, sizes, dim, seed):
    rng = np.random.default_rng(seed)
    parts = [rng.random((n, dim), dtype=np.float32) for n in sizes]

    written = write(tmp_path_factory.mktemp("m") / "x", parts)

    np.testing.assert_array_equal(written.open_dense(), np.vstack(parts))


@given(sizes=sizes, dim=st.integers(1, 5), seed=st.integers(0, 9))
def test_sparse_parts_make_the_whole(tmp_path_factory, sizes, dim, seed):
    parts = [random(n, dim, 0.4, format="csr", dtype=np.float32, random_state=seed) for n in sizes]

    written = write(tmp_path_factory.mktemp("m") / "x", parts, sparse=True).open()

    np.testing.assert_array_equal(written.toarray(), vstack(parts).toarray())


@pytest.mark.parametrize("sparse", [False, True])
def test_a_matrix_is_continued(tmp_path, sparse):
    first = np.arange(6, dtype=np.float32).reshape(3, 2)
    make = csr_matrix if sparse else np.asarray
    # By the store's own writer, whose index types are SciPy's.
    old = tmp_path / "old"
    old.mkdir()
    MatrixFolder(old).write(make(first), manifest(3, 2, sparse=sparse))
    new = tmp_path / "new"
    new.mkdir()

    with write_matrix(new) as writer:
        writer.copy(old, manifest(3, 2, sparse=sparse))
        writer.append(make(first + 1))
        writer.finish(manifest(writer.rows, 2, sparse=sparse))

    opened = MatrixFolder(new).open()
    whole = opened.toarray() if sparse else opened
    np.testing.assert_array_equal(whole, np.vstack([first, first + 1]))


def test_parts_of_different_width_are_refused(tmp_path):
    with pytest.raises(PluginError, match="3 columns"):
        write(tmp_path / "x", [np.zeros((1, 2), np.float32), np.zeros((1, 3), np.float32)])
