"""Parquet to frame."""

from pathlib import Path

import polars as pl
from pyarrow import parquet

from kodkod.api import Importer, ImportProblemError
from kodkod_formats.damage import damage_reported
from kodkod_formats.params import ParquetParams
from kodkod_formats.table import check_names, has_rows

__all__ = ["ParquetImporter"]

MAGIC = b"PAR1"
SMALLEST = 12
MB = 1_000_000


class ParquetImporter(Importer[ParquetParams]):
    """Typed columns, nested ones included, as they are."""

    def read(self, path: Path) -> pl.DataFrame:
        """Return the file's table, types kept."""
        _check_ends(path)
        self._check_size(path)
        with damage_reported(
            "The Parquet file is damaged. Write or download it again, and check its size."
        ):
            frame = pl.read_parquet(path, glob=False, hive_partitioning=False)
        check_names(frame.columns)
        return has_rows(frame)

    def _check_size(self, path: Path) -> None:
        """Check what the file says of itself.

        Raises:
            ImportProblemError: it would unpack to more than the params allow.
        """
        with damage_reported(
            "The Parquet file's directory is damaged. Write or download the file again."
        ):
            metadata = parquet.read_metadata(path)
            unpacked = sum(
                metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups)
            )
            rows, columns = metadata.num_rows, metadata.num_columns
        if unpacked > self.params.max_unpacked_mb * MB:
            raise _too_large(f"unpacks to {unpacked // MB} MB", "max_unpacked_mb")
        if rows * columns > self.params.max_cells:
            raise _too_large(f"has {rows} rows and {columns} columns", "max_cells")


def _check_ends(path: Path) -> None:
    """Refuse what does not begin and end as Parquet does."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(-min(4, size), 2)
        end = file.read(4)
    if size == 0:
        raise ImportProblemError("The file is empty. Choose a Parquet file with rows.")
    if start == b"PARE":
        raise ImportProblemError(
            "The Parquet file is encrypted. Write it without encryption, then import it."
        )
    if start != MAGIC:
        raise ImportProblemError(
            "This is not a Parquet file. Give it the extension of its own format, or write the "
            "table as Parquet."
        )
    if end != MAGIC or size < SMALLEST:
        raise ImportProblemError(
            "The Parquet file is truncated: its end is missing. Write or download it again."
        )


def _too_large(what: str, param: str) -> ImportProblemError:
    return ImportProblemError(
        f"The Parquet file is refused: it {what}. Import fewer columns or rows, or raise {param}."
    )
