"""XLSX to frame."""

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from kodkod.api import Importer, ImportProblemError
from kodkod_formats.archive_bounds import (
    MB,
    ArchiveBounds,
    check_directory,
    open_archive,
    unpack,
)
from kodkod_formats.damage import damage_reported
from kodkod_formats.params import XlsxParams
from kodkod_formats.sheet_extent import SheetExtent
from kodkod_formats.table import check_names, has_rows

if TYPE_CHECKING:
    from fastexcel import ExcelReader

__all__ = ["XlsxImporter"]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
DAMAGED = "The workbook cannot be read. Open it in a spreadsheet program and save it again."


class XlsxImporter(Importer[XlsxParams]):
    """One sheet of a workbook, its first row in use the names of the columns.

    Every value is text: whole numbers without a decimal point, dates in ISO 8601, formulas by
    their last result. A cell that shows an error is null. Rows without any value are left out.
    """

    def read(self, path: Path) -> pl.DataFrame:
        """Return the sheet's table."""
        _check_kind(path)
        self._check_size(path)
        with damage_reported(DAMAGED):
            import fastexcel

            reader = fastexcel.read_excel(path)
        cells = _load(reader, self._sheet(reader))
        return has_rows(_with_header(cells))

    def _check_size(self, path: Path) -> None:
        bounds = ArchiveBounds(self.params.max_unpacked_mb * MB, self.params.max_ratio)
        with open_archive(path) as archive:
            names = {part.filename for part in archive.infolist()}
            if "[Content_Types].xml" not in names:
                raise ImportProblemError(
                    "This is a zip archive, not an XLSX workbook. Unpack it and import the file "
                    "inside, or save the table as XLSX."
                )
            check_directory(archive, bounds)
            used = 0
            for part in archive.infolist():
                used += self._check_part(archive, part, bounds, used)

    def _check_part(
        self, archive: zipfile.ZipFile, part: zipfile.ZipInfo, bounds: ArchiveBounds, used: int
    ) -> int:
        """Return the bytes that `part` really unpacks to."""
        # Every part is looked at: what a sheet's is called is up to the program that wrote it.
        extent = SheetExtent()
        size = 0
        for block in unpack(archive, part, bounds, used):
            size += len(block)
            extent.feed(block)
        extent.finish()
        self._check_extent(extent)
        return size

    def _check_extent(self, extent: SheetExtent) -> None:
        if extent.rows * extent.columns > self.params.max_cells:
            raise ImportProblemError(
                f"A sheet uses {extent.rows} rows and {extent.columns} columns, more cells than "
                f"the {self.params.max_cells} allowed. Delete stray cells far from the table, or "
                "save the sheet as CSV."
            )

    def _sheet(self, reader: "ExcelReader") -> str:
        names = reader.sheet_names
        if not names:
            raise ImportProblemError("The workbook has no sheet. Save the table as XLSX again.")
        wanted = self.params.sheet or names[0]
        if wanted not in names:
            shown = ", ".join(names[:20])
            raise ImportProblemError(
                f"The workbook has no sheet {wanted!r}. Choose one of: {shown}."
            )
        return wanted


def _check_kind(path: Path) -> None:
    """Refuse what is recognisably something else, each with its own remedy."""
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise ImportProblemError("The file is empty. Choose a workbook with a header and rows.")
    if start == OLE:
        encrypted = ENCRYPTED in path.read_bytes()
        raise ImportProblemError(
            "The workbook is encrypted. Save it without a password, then import it."
            if encrypted
            else "This is a workbook of the old XLS format. Save it as XLSX, then import it."
        )
    if not start.startswith(b"PK"):
        raise ImportProblemError(
            "This is not an XLSX workbook. If it is CSV under another name, give it its own "
            "extension; otherwise save the table as XLSX."
        )


def _load(reader: "ExcelReader", sheet: str) -> pl.DataFrame:
    """Return the cells of `sheet` in use as text, without the rows that are empty."""
    with damage_reported(DAMAGED):
        cells = reader.load_sheet(sheet, header_row=None, dtypes="string").to_polars()
    filled = cells.with_columns(
        pl.when(pl.col(name) != "").then(pl.col(name)) for name in cells.columns
    )
    return filled.filter(~pl.all_horizontal(pl.all().is_null())) if filled.width else filled


def _with_header(cells: pl.DataFrame) -> pl.DataFrame:
    if cells.height == 0:
        raise ImportProblemError(
            "The sheet is empty. Choose a sheet with a header and rows by its name."
        )
    body = cells.slice(1)
    names = ["" if name is None else str(name) for name in cells.row(0)]
    # Formatted columns beside the table have neither a name nor a value.
    kept = [
        i for i, name in enumerate(names) if name or body.to_series(i).null_count() < body.height
    ]
    check_names([names[i] for i in kept], line=1)
    return pl.DataFrame([body.to_series(i).alias(names[i]) for i in kept])
