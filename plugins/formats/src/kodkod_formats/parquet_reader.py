"""Parquet to frame.

pyarrow reads the file, not polars: on a damaged one polars may ask for 2**61 bytes and end the
process with it, where pyarrow raises.
"""

from pathlib import Path

import polars as pl
import pyarrow as pa
from pyarrow import parquet

from kodkod.api import Importer, ImportProblemError
from kodkod_formats.damage import damage_reported
from kodkod_formats.params import ParquetParams
from kodkod_formats.parquet_text import text_paths, text_size, unpacked_type
from kodkod_formats.table import check_names, has_rows

__all__ = ["ParquetImporter"]

MAGIC = b"PAR1"
SMALLEST = 12
MB = 1_000_000
DAMAGED = "The Parquet file is damaged. Write or download it again, and check its size."


class ParquetImporter(Importer[ParquetParams]):
    """Typed columns, nested ones included, as they are."""

    def read(self, path: Path) -> pl.DataFrame:
        """Return the file's table, types kept."""
        _check_ends(path)
        with damage_reported(DAMAGED):
            metadata = parquet.read_metadata(path)
        self._check_directory(metadata)
        with damage_reported(DAMAGED):
            packed = parquet.ParquetFile(path, read_dictionary=text_paths(metadata.schema)).read()
            packed.validate(full=True)
            check_names(packed.column_names)
            self._check_texts(packed)
            frame = _frame(packed)
        return has_rows(frame)

    def _check_directory(self, metadata: parquet.FileMetaData) -> None:
        """Check what the file says of itself.

        Raises:
            ImportProblemError: it would unpack to more than the params allow.
        """
        with damage_reported(DAMAGED):
            groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
            unpacked = sum(group.total_byte_size for group in groups)
            leaves = range(metadata.num_columns)
            values = [sum(group.column(i).num_values for group in groups) for i in leaves]
            fixed = sum(values[i] * max(metadata.schema.column(i).length, 0) for i in leaves)
        self._check_bytes(max(unpacked, fixed))
        cells = max(sum(values), metadata.num_rows * metadata.num_columns)
        if cells > self.params.max_cells:
            raise _too_large(f"has {metadata.num_rows} rows and {cells} values", "max_cells")

    def _check_texts(self, packed: pa.Table) -> None:
        self._check_bytes(sum(text_size(c) for column in packed.columns for c in column.chunks))

    def _check_bytes(self, size: int) -> None:
        if size > self.params.max_unpacked_mb * MB:
            raise _too_large(f"unpacks to {size // MB} MB", "max_unpacked_mb")


def _frame(packed: pa.Table) -> pl.DataFrame:
    fields = [field.with_type(unpacked_type(field.type)) for field in packed.schema]
    return pl.DataFrame(pl.from_arrow(packed.cast(pa.schema(fields))))


def _check_ends(path: Path) -> None:
    """Refuse what does not begin and end as Parquet does."""
    size = path.stat().st_size
    if size == 0:
        raise ImportProblemError("The file is empty. Choose a Parquet file with rows.")
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(-min(4, size), 2)
        end = file.read(4)
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
