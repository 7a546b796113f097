"""The spans that a model predicts, beside the matrix of its probabilities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from kodkod.api import Span, UnavailableError

__all__ = ["SPANS", "SpansWriter", "StoredSpans", "open_spans", "span_table", "write_spans"]

SPANS = "spans.parquet"
_SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("label", pa.int64()),
        ("score", pa.float32()),
    ]
)


def span_table(
    rows: NDArray[np.int64],
    spans: Sequence[Sequence[Span]],
    scores: Sequence[Sequence[float]],
    ids: Mapping[str, int],
) -> pa.Table:
    """Return the spans of some rows as lines of the file; `ids` gives each label's id."""
    lines = [
        (row, span.start, span.end, ids[span.label], score)
        for row, found, sure in zip(rows.tolist(), spans, scores, strict=True)
        for span, score in zip(found, sure, strict=True)
    ]
    columns = list(zip(*lines, strict=True)) or [()] * len(_SCHEMA)
    arrays = [
        pa.array(column, type=field.type) for column, field in zip(columns, _SCHEMA, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=_SCHEMA)


class SpansWriter:
    """Appends tables of spans, whose rows ascend from one to the next."""

    def __init__(self, file: pq.ParquetWriter) -> None:
        self._file = file

    def append(self, table: pa.Table) -> None:
        """Write the spans of some rows after those that are there."""
        if table.num_rows:
            self._file.write_table(table)

    def copy(self, path: Path) -> None:
        """Write the spans in another file after those that are there, a group at a time."""
        with pq.ParquetFile(path) as source:
            for group in range(source.num_row_groups):
                self.append(source.read_row_group(group))


@contextmanager
def write_spans(folder: Path) -> Iterator[SpansWriter]:
    """Give a writer of the spans in `folder`, which exists."""
    with pq.ParquetWriter(folder / SPANS, _SCHEMA, compression="lz4") as file:
        yield SpansWriter(file)


class StoredSpans:
    """Spans on disk, read a group of rows at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def values(self, rows: NDArray[np.int64], names: Mapping[int, str]) -> list[list[Span]]:
        """Return the spans of each of `rows`, which ascend; `names` gives the name of a label's id.

        A span whose label has no name is left out.

        Raises:
            UnavailableError: the file is missing or damaged.
        """
        found: list[list[Span]] = [[] for _ in range(len(rows))]
        for place, start, end, label, _ in self._lines(rows):
            if label in names:
                found[place].append(Span(start, end, names[label]))
        return [sorted(set(each)) for each in found]

    def scored(
        self, rows: NDArray[np.int64], names: Mapping[int, str]
    ) -> list[list[tuple[Span, float]]]:
        """Return the spans of each of `rows` as `values` does, each with its probability."""
        found: list[dict[Span, float]] = [{} for _ in range(len(rows))]
        for place, start, end, label, score in self._lines(rows):
            if label in names:
                span = Span(start, end, names[label])
                found[place][span] = max(score, found[place].get(span, 0.0))
        return [sorted(each.items()) for each in found]

    def _lines(self, rows: NDArray[np.int64]) -> Iterator[tuple[int, int, int, int, float]]:
        if not len(rows):
            return
        try:
            with pq.ParquetFile(self._path) as file:
                for group in _groups_between(file, int(rows[0]), int(rows[-1])):
                    frame: Any = pl.from_arrow(file.read_row_group(group))
                    place = np.searchsorted(rows, frame["row"].to_numpy())
                    place[place == len(rows)] = 0
                    wanted = rows[place] == frame["row"].to_numpy()
                    kept = frame.with_columns(row=pl.Series(place)).filter(pl.Series(wanted))
                    yield from kept.iter_rows()
        except (OSError, pa.ArrowException) as error:
            raise UnavailableError(
                f"The predicted spans cannot be read ({error}); let the model predict again."
            ) from error


def open_spans(folder: Path) -> StoredSpans | None:
    """Return the spans in a folder of predictions, or None where the model gives none."""
    path = folder / SPANS
    return StoredSpans(path) if path.exists() else None


def _groups_between(file: pq.ParquetFile, first: int, last: int) -> list[int]:
    """Return the groups that may have spans of rows from `first` to `last`."""
    groups: list[int] = []
    for group in range(file.num_row_groups):
        bounds = file.metadata.row_group(group).column(0).statistics
        if bounds is None or not bounds.has_min_max or (bounds.min <= last and bounds.max >= first):
            groups.append(group)
    return groups
