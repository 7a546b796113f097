"""Params of importers and exporters. Sizes are in MB of 1,000,000 bytes."""

from typing import Annotated, Literal

from kodkod.api import Params, easy, medium, pro

__all__ = [
    "CsvExportParams",
    "CsvParams",
    "Encoding",
    "JsonlExportParams",
    "JsonlParams",
    "ParquetExportParams",
    "ParquetParams",
    "Separator",
    "TsvParams",
    "XlsxExportParams",
    "XlsxParams",
]

Separator = Literal["auto", "comma", "semicolon", "tab", "pipe"]

Encoding = Literal[
    "auto",
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "cp1252",
    "latin-1",
    "iso8859-15",
    "mac-roman",
    "cp1250",
    "iso8859-2",
    "cp1251",
    "koi8-r",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "gb18030",
    "big5",
    "cp932",
    "euc-jp",
    "euc-kr",
]


class DelimitedParams(Params, frozen=True):
    """What CSV and TSV share."""

    encoding: Annotated[
        Encoding,
        easy("How the file's characters are written; auto finds out, or says that it cannot"),
    ] = "auto"
    quoting: Annotated[
        Literal["double", "none"],
        medium(
            "double: a field in double quotes may hold separators and line breaks; "
            "none: quotes are characters like any other"
        ),
    ] = "double"


class CsvParams(DelimitedParams, frozen=True):
    """How a CSV file is read."""

    separator: Annotated[Separator, easy("What stands between two fields")] = "auto"


class TsvParams(DelimitedParams, frozen=True):
    """How a TSV file is read."""

    separator: Annotated[Separator, easy("What stands between two fields")] = "tab"


class XlsxParams(Params, frozen=True):
    """How a workbook is read."""

    sheet: Annotated[str, easy("Name of the sheet; empty for the first one")] = ""
    max_unpacked_mb: Annotated[
        int, pro("A workbook that unpacks to more than this is refused", ge=1, le=100_000)
    ] = 1_000
    max_ratio: Annotated[
        int,
        pro("A part of the workbook that unpacks to more than so many times its size is refused "
            "(parts under 10 MB are never refused for it)", ge=2, le=2_000),
    ] = 250  # fmt: skip
    max_cells: Annotated[
        int,
        pro("A sheet whose used area has more cells is refused: each takes 32 bytes of memory, "
            "empty or not", ge=1, le=2_000_000_000),
    ] = 30_000_000  # fmt: skip


class ParquetParams(Params, frozen=True):
    """How a Parquet file is read."""

    max_unpacked_mb: Annotated[
        int, pro("A file that unpacks to more than this is refused", ge=1, le=1_000_000)
    ] = 16_000
    max_cells: Annotated[
        int, pro("A file with more rows times columns is refused", ge=1, le=100_000_000_000)
    ] = 500_000_000


class JsonlParams(Params, frozen=True):
    """How a JSON Lines file is read."""

    max_cells: Annotated[
        int,
        pro(
            "A file with more lines times different keys is refused",
            ge=1,
            le=10_000_000_000,
        ),
    ] = 100_000_000


class CsvExportParams(Params, frozen=True):
    """How a CSV file is written."""

    separator: Annotated[
        Literal["comma", "semicolon", "tab", "pipe"], easy("What stands between two fields")
    ] = "comma"
    bom: Annotated[
        bool,
        medium("Begin with a byte order mark, so that Excel reads accents on a double click"),
    ] = False
    excel_safe: Annotated[
        bool,
        medium(
            "Put an apostrophe before text that a spreadsheet would run as a formula. "
            "This changes those texts: leave it off where the file is read by a program"
        ),
    ] = False


class XlsxExportParams(Params, frozen=True):
    """How a workbook is written."""

    long_texts: Annotated[
        Literal["refuse", "cut"],
        medium("What to do with a text of more than 32,767 characters, which no cell can hold"),
    ] = "refuse"


class ParquetExportParams(Params, frozen=True):
    """How a Parquet file is written."""

    compression: Annotated[
        Literal["zstd", "snappy", "none"],
        pro("zstd is smaller, snappy is older and more widely read"),
    ] = "zstd"


class JsonlExportParams(Params, frozen=True):
    """How a JSON Lines file is written."""
