"""A file is there whole or not at all; corpora and matrices read back as they were written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.sparse import csr_matrix, issparse

from kodkod.api import UnavailableError
from kodkod.store.corpus import facts_of, read_corpus, write_corpus
from kodkod.store.files import discard, whole_file, whole_folder
from kodkod.store.matrices import Manifest, MatrixFolder, read_manifest


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def fail(path: Path, text: str) -> None:
    path.write_text(text)
    raise ZeroDivisionError


def test_an_exception_half_way_leaves_nothing_new(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("old")

    for path in (tmp_path / "old", tmp_path / "new"):
        with pytest.raises(ZeroDivisionError), whole_file(path) as aside:
            fail(aside, "half")

    assert names(tmp_path) == ["old"]
    assert (tmp_path / "old").read_text() == "old"


def test_a_whole_file_replaces_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with whole_file(tmp_path / "a") as aside:
        aside.write_text("new")
        assert (tmp_path / "a").read_text() == "old"
    assert names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_text() == "new"


def test_a_folder_half_way_leaves_the_old_one(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "model") as aside:
        (aside / "weights").write_text("1")
    with pytest.raises(ZeroDivisionError), whole_folder(tmp_path / "model") as aside:
        fail(aside / "weights", "2")
    assert names(tmp_path) == ["model", "weights"]
    assert (tmp_path / "model" / "weights").read_text() == "1"

    with whole_folder(tmp_path / "model") as aside:
        (aside / "sub").mkdir()
        (aside / "sub" / "config").write_text("3")
    assert names(tmp_path) == ["config", "model", "sub"]

    discard(tmp_path / "model")
    discard(tmp_path / "model")
    assert names(tmp_path) == []


def corpus() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "id": ["01", "1", "é\n"],
            "text": ["ab", "c", "日本"],
            "split": pl.Series([0, 2, 0], dtype=pl.UInt8),
            "context.year": [2020, None, 2022],
        }
    )


def test_a_corpus_reads_back_as_it_was_written_with_its_splits(tmp_path: Path) -> None:
    facts = write_corpus(tmp_path, corpus())

    assert read_corpus(tmp_path).equals(corpus())
    assert read_corpus(tmp_path, texts=False).columns == ["id", "split"]
    assert facts.n_rows == 3
    assert facts.splits == {"train": 2, "valid": 0, "test": 1}
    assert pl.read_parquet(tmp_path / "test.parquet")["id"].to_list() == ["1"]
    assert names(tmp_path) == ["complete.parquet", "test.parquet", "train.parquet", "valid.parquet"]


def test_rows_that_were_never_registered_are_not_read(tmp_path: Path) -> None:
    write_corpus(tmp_path, corpus())
    assert read_corpus(tmp_path, n_rows=2).equals(corpus().head(2))


def test_a_fingerprint_is_of_ids_and_texts_whatever_lies_behind_the_frame() -> None:
    whole = corpus()
    part = pl.concat([whole, whole]).head(3)
    assert facts_of(part).fingerprint == facts_of(whole).fingerprint
    assert (
        facts_of(whole.slice(1)).fingerprint
        == facts_of(pl.DataFrame(whole.slice(1).to_dicts(), schema=whole.schema)).fingerprint
    )

    moved = whole.with_columns(text=pl.Series(["a", "bc", "日本"]))
    assert facts_of(moved).fingerprint != facts_of(whole).fingerprint


def manifest(rows: int, dim: int, *, sparse: bool) -> Manifest:
    return Manifest(
        component="tfidf",
        params={"n": 1},
        corpus_fingerprint="f",
        rows=rows,
        dim=dim,
        sparse=sparse,
        columns=[4, 2],
    )


@pytest.mark.parametrize("shape", [(5, 3), (0, 3)])
def test_a_dense_matrix_reads_back_mapped(tmp_path: Path, shape: tuple[int, int]) -> None:
    matrix = np.arange(np.prod(shape), dtype=np.float64).reshape(shape)[:, ::-1]

    MatrixFolder(tmp_path).write(matrix.astype(np.float32), manifest(*shape, sparse=False))

    found = MatrixFolder(tmp_path).open()
    assert isinstance(found, np.memmap)
    assert found.dtype == np.float32
    assert np.array_equal(found, matrix)
    assert read_manifest(tmp_path) == manifest(*shape, sparse=False)


@pytest.mark.parametrize("density", [0.0, 0.4])
def test_a_sparse_matrix_reads_back_without_becoming_dense(tmp_path: Path, density: float) -> None:
    rng = np.random.default_rng(1)
    dense = (rng.random((6, 4)) * (rng.random((6, 4)) < density)).astype(np.float32)

    MatrixFolder(tmp_path).write(csr_matrix(dense), manifest(6, 4, sparse=True))

    found = MatrixFolder(tmp_path).open()
    assert issparse(found)
    assert found.dtype == np.float32
    assert np.array_equal(found.toarray(), dense)  # type: ignore[union-attr]


def test_a_damaged_manifest_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="compute it again"):
        read_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text('{"component":')
    with pytest.raises(UnavailableError, match="compute it again"):
        read_manifest(tmp_path)
