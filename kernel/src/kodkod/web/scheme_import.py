"""Annotations that came with the corpus: a label column becomes entries of source `import`."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import polars as pl

from kodkod.api import InvalidInputError, InvalidValueError, Split
from kodkod.project.corpus import LiveCorpus
from kodkod.project.importing import LABEL
from kodkod.project.scheme import LiveScheme
from kodkod.store.log import NewEntry
from kodkod.web.services import Services

__all__ = ["import_column", "labels_of_column"]

_CHUNK = 5_000
_MANY = 1_000


def labels_of_column(corpus: LiveCorpus, column: str) -> list[str]:
    """Return the labels that a column uses, sorted.

    Raises:
        InvalidInputError: there is no such label column, or it has too many values to be one.
    """
    labels: set[str] = set()
    for value in _values(_column(corpus, column)):
        for each in value if isinstance(value, list) else [value]:
            labels.add(_name(each))
        if len(labels) > _MANY:
            raise InvalidInputError(
                f"The column {column!r} has over {_MANY} different values; it is no label column.",
                field="from_column",
            )
    return sorted(labels)


async def import_column(
    services: Services,
    scheme: LiveScheme,
    column: str,
    splits: tuple[str, ...],
    user_id: int,
) -> int:
    """Write a column's values to the log, and return how many there were.

    Raises:
        InvalidInputError: a value does not fit the scheme; the message names the row's id.
    """
    entries = await asyncio.to_thread(_entries, scheme, column, splits, user_id)
    for start in range(0, len(entries), _CHUNK):
        await services.log.append(entries[start : start + _CHUNK])
    return len(entries)


def _entries(
    scheme: LiveScheme, column: str, splits: tuple[str, ...], user_id: int
) -> list[NewEntry]:
    corpus, wanted = scheme.corpus, {Split(name).code for name in splits}
    entries: list[NewEntry] = []
    for row, value in enumerate(_values(_column(corpus, column), keep_missing=True)):
        if value is None or int(corpus.splits[row]) not in wanted:
            continue
        if isinstance(value, list) and scheme.row.type == "multiclass" and len(value) == 1:
            value = value[0]
        elif isinstance(value, str) and scheme.row.type == "multilabel":
            value = [value]
        try:
            raw = scheme.coder.code(value, corpus.text_of(row))
        except InvalidValueError as error:
            raise InvalidInputError(
                f"{column} of the text {corpus.id_of(row)!r}: {error.message}",
                field="from_column",
            ) from error
        entries.append(
            NewEntry(
                project_id=scheme.row.project_id,
                scheme_id=scheme.row.id,
                op="set",
                row=row,
                user_id=user_id,
                value=raw,
                source="import",
            )
        )
    return entries


def _column(corpus: LiveCorpus, name: str) -> pl.Series:
    if LABEL + name not in corpus.frame.columns:
        known = [each.removeprefix(LABEL) for each in corpus.frame.columns if LABEL in each]
        raise InvalidInputError(
            f"There is no label column {name!r}; there are {', '.join(known) or 'none'}.",
            field="from_column",
        )
    return corpus.frame[LABEL + name]


def _name(said: Any) -> str:
    """Return the label of one thing that a cell says; what is amiss is told on coding it."""
    if isinstance(said, dict) and "label" in said:
        return str(said["label"])
    return str(said)


def _values(column: pl.Series, *, keep_missing: bool = False) -> list[Any]:
    values = [_value(each) for each in column.to_list()]
    return values if keep_missing else [each for each in values if each is not None]


def _value(cell: Any) -> Any:
    """Read a cell: a list as it is, JSON where it is a list or says so, else one label."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, list):
        return [_item(each) for each in cell]
    text = str(cell)
    if text.startswith("[") and text.endswith("]"):
        try:
            return [_item(each) for each in msgspec.json.decode(text)]
        except msgspec.DecodeError:
            return text
    return text


def _item(said: Any) -> Any:
    """Take a label that is a number as its digits; what cannot be one is told on coding it."""
    return str(said) if isinstance(said, int | float) else said
