"""CSV and TSV to frame."""

import csv
from pathlib import Path
from typing import TypeVar

import polars as pl
import pyarrow as pa
from pyarrow import csv as arrow_csv

from kodkod.api import Importer, ImportProblemError
from kodkod_formats.dialect import Dialect, Header, find_dialect, read_header, records
from kodkod_formats.encoding import count_breaks, decode
from kodkod_formats.params import CsvParams, TsvParams
from kodkod_formats.quotes import well_quoted
from kodkod_formats.table import check_names, has_rows

__all__ = ["CsvImporter", "TsvImporter"]

P = TypeVar("P", CsvParams, TsvParams)

BLOCK = 4 * 1024 * 1024
LARGEST_BLOCK = 2**31 - 1
SHOWN = 5


class _DelimitedImporter(Importer[P]):
    default_separator: str

    def read(self, path: Path) -> pl.DataFrame:
        """Return the file's table, every value as the characters that stand in the file."""
        data = path.read_bytes()
        if data.startswith(b"PK\x03\x04"):
            raise ImportProblemError(
                "This is a workbook or a zip archive, not a text file. "
                "Give it its own extension (.xlsx), or unpack it."
            )
        text = decode(data, self.params.encoding)
        quote = '"' if self.params.quoting == "double" else None
        dialect = find_dialect(text, self.params.separator, self.default_separator, quote)
        header = read_header(text, dialect)
        check_names(header.names, line=header.line)
        return has_rows(_read_rows(text, header, dialect))


class CsvImporter(_DelimitedImporter[CsvParams]):
    """Fields between commas, semicolons, tabs or bars."""

    default_separator = ","


class TsvImporter(_DelimitedImporter[TsvParams]):
    """Fields between tabs."""

    default_separator = "\t"


def _read_rows(text: str, header: Header, dialect: Dialect) -> pl.DataFrame:
    """Return the rows behind the header.

    The quick reader knows neither lines nor some of the ways in which a file is broken. Where
    it fails, or the quotes look odd, Python's reader goes over the file to name the line.
    """
    # The line break in front keeps pyarrow from taking a U+FEFF that begins the first text for a
    # byte order mark; it reads an empty line as nothing.
    rows = b"\n" + text[header.end :].encode()
    try:
        table = _parse(rows, header.names, dialect, BLOCK)
    except pa.ArrowInvalid as error:
        _name_the_line(text, header, dialect)
        raise ImportProblemError(
            f"The rows cannot be told apart ({str(error)[:200]}). Save the file as UTF-8 CSV "
            "with every text in double quotes."
        ) from error
    if dialect.quote and not well_quoted(rows, dialect.separator):
        _name_the_line(text, header, dialect)
    return pl.DataFrame(pl.from_arrow(table))


def _parse(rows: bytes, names: list[str], dialect: Dialect, block: int) -> pa.Table:
    # pyarrow takes a file of blank lines for an error and not for a table of no rows.
    if not rows.strip(b"\r\n"):
        return pa.table({name: pa.array([], pa.large_string()) for name in names})
    try:
        return arrow_csv.read_csv(
            pa.BufferReader(rows),
            read_options=arrow_csv.ReadOptions(column_names=names, block_size=block),
            parse_options=arrow_csv.ParseOptions(
                delimiter=dialect.separator,
                quote_char=dialect.quote or False,
                newlines_in_values=dialect.quote is not None,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                null_values=[""],
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid as error:
        # A row longer than a block; one block for the whole file is slower and always enough.
        if "straddl" in str(error) and block < len(rows) <= LARGEST_BLOCK:
            return _parse(rows, names, dialect, len(rows))
        raise


def _name_the_line(text: str, header: Header, dialect: Dialect) -> None:
    """Raise ImportProblemError for the first broken record; return if there is none."""
    ragged: list[tuple[int, int]] = []
    end = 0
    try:
        for record in records(text, dialect):
            end = record.end
            if len(record.fields) != len(header.names):
                ragged.append((record.line, len(record.fields)))
    except csv.Error as error:
        if not ragged:
            raise _broken_quote(text, end) from error
    if ragged:
        raise _ragged(ragged, len(header.names))


def _broken_quote(text: str, end: int) -> ImportProblemError:
    line = count_breaks(text[:end]) + 1
    return ImportProblemError(
        f"The record that begins on line {line} has a quote that is not closed, or characters "
        "behind a closing quote. Write a quote inside a quoted text twice, "
        'or set quoting to "none".',
        line=line,
    )


def _ragged(ragged: list[tuple[int, int]], expected: int) -> ImportProblemError:
    line, found = ragged[0]
    also = ""
    if len(ragged) > 1:
        shown = [str(other) for other, _ in ragged[1:SHOWN]] + ["..."] * (len(ragged) > SHOWN)
        also = f" ({len(ragged) - 1} more lines like it: {', '.join(shown)})"
    return ImportProblemError(
        f"Line {line} has {found} {_fields(found)} where the header has {expected}{also}. "
        "Put texts that hold the separator in double quotes, or set the separator.",
        line=line,
    )


def _fields(count: int) -> str:
    return "field" if count == 1 else "fields"
