"""A corpus's texts, read in batches that bound the memory used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq
from numpy.typing import NDArray

from kodkod.api import Split, TextBatch, UnavailableError
from kodkod.project.importing import CONTEXT, LABEL
from kodkod.project.unread import unread_batch

__all__ = ["read_batches", "read_parts", "read_rows", "read_split", "unread_batch"]

BATCH_ROWS = 2_048
PART_TEXTS = 8_192
"""Texts that a model is given at once to predict.

Sorted by length and cut into batches of 32,768 tokens, lognormal lengths (median 70 tokens, cut
at 512) leave 21 % of padding in 2,048 texts, 6 % in 8,192 and 3 % in 16,384; in batches of 8,192
tokens 6 %, 2 % and 1 %. A part is also what a killed run loses: 8,192 texts are a minute and a
half at 100 texts/s.
"""
PART_CHARACTERS = 16_000_000
"""Characters after which a part ends early, so that long documents do not fill the memory."""


def read_batches(folder: Path, *, start: int, n_rows: int) -> Iterator[TextBatch]:
    """Yield the rows from `start` to `n_rows` of the corpus in `folder`, in order.

    Raises:
        UnavailableError: the corpus has fewer rows.
    """
    for first, frame in _read(folder / "complete.parquet", start, n_rows):
        yield _batch(np.arange(first, first + frame.height), frame)


def read_parts(path: Path, rows: NDArray[np.int64], start: int) -> Iterator[TextBatch]:
    """Yield the lines of a table of texts from `start` on, each part large enough for a model.

    Line i is of row `rows[i]`; the table may have more lines.

    Raises:
        UnavailableError: the table has fewer lines.
    """
    gathered: list[TextBatch] = []
    texts = characters = 0
    for first, frame in _read(path, start, len(rows)):
        batch = _batch(rows[first : first + frame.height], frame)
        gathered.append(batch)
        texts += len(batch)
        characters += sum(map(len, batch.texts))
        if texts >= PART_TEXTS or characters >= PART_CHARACTERS:
            yield _joined(gathered)
            gathered, texts, characters = [], 0, 0
    if gathered:
        yield _joined(gathered)


def _read(path: Path, start: int, n_rows: int) -> Iterator[tuple[int, pl.DataFrame]]:
    """Yield (number of the first line, lines), from `start` to `n_rows`."""
    with pq.ParquetFile(path) as file:
        groups, first = _groups_from(file, start)
        for part in file.iter_batches(BATCH_ROWS, row_groups=groups, use_threads=False):
            after = first + part.num_rows
            if after > start and first < n_rows:
                lo, hi = max(start - first, 0), min(n_rows - first, part.num_rows)
                yield first + lo, pl.DataFrame(pl.from_arrow(part.slice(lo, hi - lo)))
            first = after
    if first < n_rows:
        raise UnavailableError(
            f"The corpus has {first} rows on disk and should have {n_rows}; restore it from a "
            "backup, or import it again."
        )


def _groups_from(file: pq.ParquetFile, start: int) -> tuple[list[int], int]:
    """Return the groups that have lines from `start` on, and the number of their first line."""
    first, sizes = 0, [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
    for group, size in enumerate(sizes):
        if first + size > start:
            return list(range(group, len(sizes))), first
        first += size
    return [], first


def read_split(folder: Path, split: Split, splits: NDArray[np.uint8]) -> TextBatch:
    """Return all rows of one split; `splits` has the split of each row of the corpus."""
    rows = np.flatnonzero(splits == split.code)
    return _batch(rows, pl.read_parquet(folder / f"{split}.parquet")[: len(rows)])


def read_rows(folder: Path, rows: NDArray[np.int64]) -> TextBatch:
    """Return the given rows, in their order."""
    return _batch(rows, pl.read_parquet(folder / "complete.parquet")[rows])


def _joined(batches: Sequence[TextBatch]) -> TextBatch:
    if len(batches) == 1:
        return batches[0]
    return TextBatch(
        rows=np.concatenate([each.rows for each in batches]),
        texts=[text for each in batches for text in each.texts],
        context=pl.concat([each.context for each in batches]),
        ids=[id_ for each in batches for id_ in each.ids],
    )


def _batch(rows: NDArray[np.int64], frame: pl.DataFrame) -> TextBatch:
    given: dict[str, pl.Series] = {}
    for prefix in (CONTEXT, LABEL):
        for name in frame.columns:
            if name.startswith(prefix):
                given.setdefault(name.removeprefix(prefix), frame[name])
    context = pl.DataFrame([column.alias(name) for name, column in given.items()])
    return TextBatch(
        rows=rows.astype(np.int64, copy=False),
        texts=frame["text"].to_list(),
        context=context,
        ids=frame["id"].to_list(),
    )
