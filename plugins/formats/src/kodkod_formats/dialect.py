"""Separator and header of a delimited file."""

import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct

from kodkod.api import ImportProblemError
from kodkod_formats.params import Separator

__all__ = ["SEPARATORS", "Dialect", "Header", "Record", "find_dialect", "read_header", "records"]

SEPARATORS: dict[Separator, str] = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}

SAMPLE = 64 * 1024
SAMPLE_RECORDS = 50

LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")

# Python's own limit, 128 KiB a field, is for the whole process and below what a text may have.
csv.field_size_limit(2**31 - 1)


class Dialect(Struct, frozen=True):
    """How fields are told apart; `quote` is None where quotes mean nothing."""

    separator: str
    quote: str | None


class Header(Struct, frozen=True):
    """Names of the columns, the header's physical line (1-based) and where the rows begin."""

    names: list[str]
    line: int
    end: int


class Record(NamedTuple):
    """A record that is no empty line: its first physical line, its end in the text, its fields."""

    line: int
    end: int
    fields: list[str]


def records(text: str, dialect: Dialect, *, strict: bool = True) -> Iterator[Record]:
    """Yield each record, one after the other.

    Raises:
        csv.Error: a quoted field is not closed, or goes on after its closing quote.
    """
    end = 0

    def lines() -> Iterator[str]:
        nonlocal end
        for match in LINE.finditer(text):
            end = match.end()
            yield match.group()

    reader = csv.reader(
        lines(),
        delimiter=dialect.separator,
        quotechar=dialect.quote,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        strict=strict,
    )
    begins = 1
    for fields in reader:
        if fields:
            yield Record(begins, end, fields)
        begins = reader.line_num + 1


def find_dialect(text: str, separator: Separator, default: str, quote: str | None) -> Dialect:
    """Return the dialect in which the beginning of `text` is the most regular table.

    `default` is the separator of a file with one column, where nothing can be found out.
    """
    if separator != "auto":
        return Dialect(SEPARATORS[separator], quote)
    sample = text[:SAMPLE]
    candidates = [Dialect(mark, quote) for mark in SEPARATORS.values()]
    best = max(candidates, key=lambda dialect: _regularity(sample, dialect))
    return best if _regularity(sample, best) > (0, 0) else Dialect(default, quote)


def _regularity(sample: str, dialect: Dialect) -> tuple[float, int]:
    """Return the share of records as long as the header, and that length; zeros for one column."""
    lengths: list[int] = []
    try:
        for record in records(sample, dialect, strict=False):
            lengths.append(len(record.fields))
            if len(lengths) > SAMPLE_RECORDS:
                break
    except csv.Error:
        return 0, 0
    if len(lengths) > 2:
        # Where the sample ends within a record, that one says nothing.
        lengths.pop()
    if not lengths or lengths[0] < 2:
        return 0, 0
    return lengths.count(lengths[0]) / len(lengths), lengths[0]


def read_header(text: str, dialect: Dialect) -> Header:
    """Return the first record of `text`.

    Raises:
        ImportProblemError: there is none, or its quotes are broken.
    """
    try:
        first = next(records(text, dialect), None)
    except csv.Error as error:
        raise ImportProblemError(
            f"The header cannot be read ({error}). Close each quote that opens in the first "
            "line, or set quoting to none.",
            line=1,
        ) from error
    if first is None:
        raise ImportProblemError("The file is empty. Choose a file with a header and rows.")
    return Header(names=first.fields, line=first.line, end=first.end)
