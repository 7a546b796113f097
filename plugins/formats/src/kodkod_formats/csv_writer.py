"""Frames to CSV."""

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from kodkod.api import Exporter
from kodkod_formats.cells import flat
from kodkod_formats.dialect import SEPARATORS
from kodkod_formats.params import CsvExportParams

__all__ = ["CsvExporter"]

FORMULA = r"^[=+\-@\t\r]"
"""How a cell begins that spreadsheets take for a formula (OWASP, CSV injection)."""


class CsvExporter(Exporter[CsvExportParams]):
    """UTF-8, quoted as RFC 4180 has it; an empty text is `""` and a missing one is nothing.

    Frames are written as they come and not kept.
    """

    def write(self, frames: Iterable[pl.DataFrame], path: Path) -> None:
        """Write `frames` one after the other, the header once."""
        with path.open("wb") as file:
            for i, frame in enumerate(frames):
                cells = self._harmless(flat(frame))
                cells.write_csv(
                    file,
                    include_header=i == 0,
                    include_bom=i == 0 and self._needs_mark(frame),
                    separator=SEPARATORS[self.params.separator],
                    # A missing value alone on its line would make the line empty, which readers
                    # skip: in a file of one column it is written as two quotes.
                    quote_style="always" if cells.width == 1 else "necessary",
                )

    def _needs_mark(self, frame: pl.DataFrame) -> bool:
        # Behind a mark of the file, a name that begins with U+FEFF keeps its own.
        return self.params.bom or any(name.startswith("\ufeff") for name in frame.columns[:1])

    def _harmless(self, frame: pl.DataFrame) -> pl.DataFrame:
        if not self.params.excel_safe:
            return frame
        renamed = {name: _guarded(name) for name in frame.columns}
        return frame.with_columns(
            pl.when(pl.col(name).str.contains(FORMULA))
            .then("'" + pl.col(name))
            .otherwise(pl.col(name))
            .alias(name)
            for name, dtype in frame.schema.items()
            if dtype == pl.String
        ).rename(renamed)


def _guarded(name: str) -> str:
    return "'" + name if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name
