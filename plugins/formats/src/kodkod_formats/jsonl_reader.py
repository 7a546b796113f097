"""JSON Lines to frame."""

from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from kodkod.api import Importer, ImportProblemError
from kodkod_formats.encoding import decode_utf8
from kodkod_formats.jsonl_columns import column_of
from kodkod_formats.params import JsonlParams
from kodkod_formats.table import check_names

__all__ = ["JsonlImporter"]


class JsonlImporter(Importer[JsonlParams]):
    """One object on each line; the columns are all keys, in order of their first appearance."""

    def read(self, path: Path) -> pl.DataFrame:
        """Return the file's table, types kept where a column has one (see `column_of`)."""
        rows = _objects(decode_utf8(path.read_bytes()))
        if not rows:
            raise ImportProblemError("The file is empty. Choose a file with one object a line.")
        names = list(dict.fromkeys(key for row in rows for key in row))
        self._check_cells(len(rows), len(names))
        if not names:
            raise ImportProblemError("The objects have no keys. Give each text a key, e.g. text.")
        check_names(names)
        return pl.DataFrame([column_of(name, [row.get(name) for row in rows]) for name in names])

    def _check_cells(self, rows: int, keys: int) -> None:
        if rows * keys > self.params.max_cells:
            raise ImportProblemError(
                f"The file has {rows} lines and {keys} different keys, more cells than the "
                f"{self.params.max_cells} allowed. Use the same keys on every line."
            )


def _objects(text: str) -> list[dict[str, Any]]:
    decoder = msgspec.json.Decoder()
    rows: list[dict[str, Any]] = []
    # JSON allows other line breaks, such as U+2028, inside strings: `splitlines` would cut there.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = decoder.decode(line)
        except (msgspec.MsgspecError, RecursionError, ValueError) as error:
            raise _bad_json(number, line, error) from error
        if not isinstance(row, dict):
            raise _no_object(number, row)
        rows.append(row)
    return rows


def _bad_json(number: int, line: str, error: Exception) -> ImportProblemError:
    if number == 1 and line.lstrip().startswith("["):
        return _array(number)
    reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
    return ImportProblemError(
        f"Line {number} is not valid JSON: {reason}. Write one object on each line, missing "
        "values as null and numbers beyond 64 bits in quotes.",
        line=number,
    )


def _no_object(number: int, row: object) -> ImportProblemError:
    if number == 1 and isinstance(row, list):
        return _array(number)
    kind = "a list" if isinstance(row, list) else f"the value {str(row)[:40]!r}"
    return ImportProblemError(
        f'Line {number} holds {kind}, not an object. Write {{"column": value, ...}} on each line.',
        line=number,
    )


def _array(number: int) -> ImportProblemError:
    return ImportProblemError(
        "The file is one JSON array. Write each of its objects on a line of its own, without "
        "the brackets around them and the commas between them.",
        line=number,
    )
