"""Frames to Parquet."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
from pyarrow import parquet

from kodkod.api import Exporter
from kodkod_formats.params import ParquetExportParams

__all__ = ["ParquetExporter"]

GROUP = 65_536
"""Rows of a row group: small ones make readers slow, large ones make the writer's memory grow."""


class ParquetExporter(Exporter[ParquetExportParams]):
    """Every type as it is, but categories, which are written as text."""

    def write(self, frames: Iterable[pl.DataFrame], path: Path) -> None:
        """Write `frames` in row groups of about 65,536 rows, one group in memory at a time."""
        writer: parquet.ParquetWriter | None = None
        try:
            for group in _groups(frames):
                table = _arrow(group)
                if writer is None:
                    writer = parquet.ParquetWriter(
                        path, table.schema, compression=self.params.compression
                    )
                writer.write_table(table, row_group_size=2 * GROUP)
        finally:
            if writer is not None:
                writer.close()


def _groups(frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    gathered: list[pl.DataFrame] = []
    rows = 0
    written = False
    for frame in frames:
        gathered.append(frame)
        rows += frame.height
        if rows >= GROUP:
            yield pl.concat(gathered)
            gathered, rows, written = [], 0, True
    if gathered and (rows or not written):
        yield pl.concat(gathered)


def _arrow(frame: pl.DataFrame) -> pa.Table:
    # Categories of two frames differ, and so would their Arrow types.
    plain = frame.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
    # Older readers know no string views.
    return plain.to_arrow(compat_level=pl.CompatLevel.oldest())
