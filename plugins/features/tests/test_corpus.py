"""From the corpus on disk to its imported vectors, by the ids that it came with."""

from __future__ import annotations

import numpy as np
import polars as pl

from kodkod.api import Split, decode_params
from kodkod.jobs.texts import read_batches, read_split
from kodkod.store.corpus import write_corpus
from kodkod.testing import RecordingContext
from kodkod_features.imported import ImportedMatrix
from kodkod_features.params import ImportedMatrixParams

N = 5_000


def test_texts_of_a_corpus_meet_vectors_in_another_order(tmp_path, files):
    # Given a corpus, and a file of vectors that has its ids shuffled
    splits = np.arange(N, dtype=np.uint8) % 3
    ids = [f"doc-{i:05}" for i in range(N)]
    (tmp_path / "corpus").mkdir()
    write_corpus(
        tmp_path / "corpus", pl.DataFrame({"id": ids, "text": ["text"] * N, "split": splits})
    )
    order = np.random.default_rng(0).permutation(N)
    vectors = np.column_stack([order, -order]).astype(np.float32)
    frame = pl.DataFrame({"id": [ids[i] for i in order], "v": pl.Series(vectors)})
    frame.write_parquet(tmp_path / "vectors.parquet")

    # When it is computed as a job does
    (tmp_path / "job").mkdir()
    ctx = RecordingContext(tmp_path / "job", project=files(tmp_path))
    feature = ImportedMatrix(decode_params(ImportedMatrixParams, {"file": "vectors.parquet"}))
    feature.fit(read_split(tmp_path / "corpus", Split.TRAIN, splits), ctx)
    found = [
        feature.transform(batch, ctx)
        for batch in read_batches(tmp_path / "corpus", start=10, n_rows=N)
    ]

    # Then each row has its own, across the batches
    rows = np.arange(10, N, dtype=np.float32)
    np.testing.assert_array_equal(np.concatenate(found), np.column_stack([rows, -rows]))
