"""Frames to XLSX."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from kodkod.api import Exporter, InvalidInputError
from kodkod_formats.cells import flat
from kodkod_formats.params import XlsxExportParams

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["XlsxExporter"]

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
LONGEST_TEXT = 32_767
EXACT = 2**53


class XlsxExporter(Exporter[XlsxExportParams]):
    """One sheet; text is text (never a formula or a link), numbers are numbers.

    Dates are ISO 8601 text, which keeps their time zone and microseconds; integers beyond 2**53
    and numbers that are not finite are text or empty, for a cell holds only floats. Rows go to
    disk as they come.
    """

    def write(self, frames: Iterable[pl.DataFrame], path: Path) -> None:
        """Write `frames` one after the other under one header.

        Raises:
            InvalidInputError: there are more rows or columns than a sheet has, or a text is
                longer than a cell may be. Nothing is left at `path`.
        """
        from xlsxwriter import Workbook

        workbook = Workbook(
            path, {"constant_memory": True, "strings_to_urls": False, "use_zip64": True}
        )
        try:
            self._fill(workbook.add_worksheet("kodkod"), frames)
        except BaseException:
            # Closing is the only way to make the library remove its temporary files.
            workbook.close()
            path.unlink(missing_ok=True)
            raise
        workbook.close()

    def _fill(self, sheet: "Worksheet", frames: Iterable[pl.DataFrame]) -> None:
        at = 0
        for frame in frames:
            if at == 0:
                _check_columns(frame.width)
                self._write_row(sheet, 0, frame.columns)
                at = 1
            if at + frame.height > MOST_ROWS:
                raise InvalidInputError(
                    f"A sheet holds {MOST_ROWS - 1:,} rows and a header, and there are more. "
                    "Export as Parquet or CSV."
                )
            for row in _cells(frame).iter_rows():
                self._write_row(sheet, at, row)
                at += 1

    def _write_row(self, sheet: "Worksheet", at: int, row: Sequence[object]) -> None:
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(at, column, self._fitting(value, at, column))
            elif isinstance(value, bool):
                sheet.write_boolean(at, column, value)
            elif isinstance(value, int | float):
                _write_number(sheet, at, column, value)

    def _fitting(self, text: str, at: int, column: int) -> str:
        # Excel counts UTF-16 units, of which an emoji takes two.
        if len(text) * 2 <= LONGEST_TEXT:
            return text
        units = text.encode("utf-16-le")
        if len(units) <= LONGEST_TEXT * 2:
            return text
        if self.params.long_texts == "refuse":
            raise InvalidInputError(
                f"The text in row {at + 1}, column {column + 1} has {len(units) // 2:,} "
                f"characters, and a cell holds {LONGEST_TEXT:,}. Export as CSV or Parquet, or "
                'set long_texts to "cut".'
            )
        return units[: LONGEST_TEXT * 2].decode("utf-16-le", "ignore")


def _check_columns(width: int) -> None:
    if width > MOST_COLUMNS:
        raise InvalidInputError(
            f"A sheet holds {MOST_COLUMNS:,} columns, and there are {width:,}. "
            "Export as Parquet or CSV."
        )


def _cells(frame: pl.DataFrame) -> pl.DataFrame:
    # XML has no place for these two, and a spreadsheet program would call the file corrupt.
    plain = flat(frame).with_columns(
        pl.col(pl.String).str.replace_all(r"[\x{FFFE}\x{FFFF}]", "\ufffd")
    )
    return plain.with_columns(
        _iso(column) if column.dtype.is_temporal() else column.cast(pl.String)
        for column in plain.iter_columns()
        if column.dtype.is_temporal() or column.dtype.is_decimal()
    )


def _iso(column: pl.Series) -> pl.Series:
    return column.dt.to_string("iso")


def _write_number(sheet: "Worksheet", at: int, column: int, value: float) -> None:
    if isinstance(value, int) and abs(value) > EXACT:
        sheet.write_string(at, column, str(value))
    elif math.isfinite(value):
        sheet.write_number(at, column, value)
