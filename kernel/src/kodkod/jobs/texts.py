"""A corpus's texts, read in batches that bound the memory used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import overload

import numpy as np
import polars as pl
import pyarrow.parquet as pq
from numpy.typing import NDArray

from kodkod.api import PluginError, Split, TextBatch, UnavailableError
from kodkod.project.importing import CONTEXT, LABEL

__all__ = ["UnreadTexts", "read_batches", "read_rows", "read_split", "unread_batch"]

BATCH_ROWS = 2_048


class UnreadTexts(Sequence[str]):
    """The texts of a batch for a component that said that it reads none."""

    def __init__(self, n: int) -> None:
        self._n = n

    def __len__(self) -> int:
        return self._n

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        raise PluginError(
            "A component whose spec says that it reads features asked for texts; "
            'its spec must say reads="texts".'
        )


def unread_batch(rows: NDArray[np.int64]) -> TextBatch:
    """Return a batch of `rows` with neither texts nor context."""
    return TextBatch(rows=rows, texts=UnreadTexts(len(rows)), context=pl.DataFrame())


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
