"""A corpus's texts, read in batches that bound the memory used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq
from numpy.typing import NDArray

from kodkod.api import Split, TextBatch, UnavailableError
from kodkod.project.importing import CONTEXT, LABEL
from kodkod.project.unread import unread_batch

__all__ = ["read_batches", "read_rows", "read_split", "unread_batch"]

BATCH_ROWS = 2_048


def read_batches(folder: Path, *, start: int, n_rows: int) -> Iterator[TextBatch]:
    """Yield the rows from `start` to `n_rows` of the corpus in `folder`, in order.

    Raises:
        UnavailableError: the corpus has fewer rows.
    """
    with pq.ParquetFile(folder / "complete.parquet") as file:
        first = 0
        for part in file.iter_batches(BATCH_ROWS, use_threads=False):
            after = first + part.num_rows
            if after > start and first < n_rows:
                lo, hi = max(start - first, 0), min(n_rows - first, part.num_rows)
                frame = pl.DataFrame(pl.from_arrow(part.slice(lo, hi - lo)))
                yield _batch(np.arange(first + lo, first + hi), frame)
            first = after
    if first < n_rows:
        raise UnavailableError(
            f"The corpus has {first} rows on disk and should have {n_rows}; restore it from a "
            "backup, or import it again."
        )


def read_split(folder: Path, split: Split, splits: NDArray[np.uint8]) -> TextBatch:
    """Return all rows of one split; `splits` has the split of each row of the corpus."""
    rows = np.flatnonzero(splits == split.code)
    return _batch(rows, pl.read_parquet(folder / f"{split}.parquet")[: len(rows)])


def read_rows(folder: Path, rows: NDArray[np.int64]) -> TextBatch:
    """Return the given rows, in their order."""
    return _batch(rows, pl.read_parquet(folder / "complete.parquet")[rows])


def _batch(rows: NDArray[np.int64], frame: pl.DataFrame) -> TextBatch:
    given: dict[str, pl.Series] = {}
    for prefix in (CONTEXT, LABEL):
        for name in frame.columns:
            if name.startswith(prefix):
                given.setdefault(name.removeprefix(prefix), frame[name])
    context = pl.DataFrame([column.alias(name) for name, column in given.items()])
    return TextBatch(
        rows=rows.astype(np.int64, copy=False), texts=frame["text"].to_list(), context=context
    )
