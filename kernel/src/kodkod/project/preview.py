"""What a file holds, before anything is made of it: columns, first rows, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import polars as pl
from msgspec import Struct

from kodkod.project.importing import typed

__all__ = ["ColumnRoles", "FileColumn", "FilePreview", "preview"]

Kind = Literal["text", "category", "number", "date", "empty"]

_SHOWN_ROWS = 20
_SHOWN_CHARACTERS = 400
_EXAMPLES = 3
_NAMED_ROWS = 20
_CATEGORIES = 50
_SHORT = 60
"""Characters up to which a value that comes again and again names a category."""
_TEXT_NAMES = ("text", "texts", "texte", "sentence", "content", "body", "message", "tweet", "title")
_ID_NAMES = ("id", "text_id", "doc_id", "document_id", "uuid", "identifier", "identifiant")
_LABEL_NAMES = ("label", "labels", "class", "category", "stance", "sentiment", "code", "étiquette")


class FileColumn(Struct, frozen=True, kw_only=True):
    """A column of a file. `missing` and `repeated` count rows; of each the first 20 are named.

    Rows count from 1, without the header. `longest` is in characters. `repeated_rows` are those
    whose value stood in a row before.
    """

    name: str
    kind: Kind
    distinct: int
    longest: int
    missing: int
    missing_rows: list[int]
    repeated: int
    repeated_rows: list[int]
    examples: list[str]


class ColumnRoles(Struct, frozen=True, kw_only=True):
    """What the columns may be, by their names and values."""

    id_column: str | None
    text_columns: list[str]
    label_columns: list[str]
    context_columns: list[str]


class FilePreview(Struct, frozen=True, kw_only=True):
    """A file's size, columns and first rows (values cut at 400 characters), and a guess."""

    n_rows: int
    columns: list[FileColumn]
    rows: list[list[str | None]]
    guess: ColumnRoles


def preview(raw: pl.DataFrame) -> FilePreview:
    """Look at a table as an importer reads it; texts are not changed."""
    texts = [_as_text(raw[name]) for name in raw.columns]
    columns = [_column(raw[name], text) for name, text in zip(raw.columns, texts, strict=True)]
    first = [text.head(_SHOWN_ROWS).str.slice(0, _SHOWN_CHARACTERS).to_list() for text in texts]
    return FilePreview(
        n_rows=raw.height,
        columns=columns,
        rows=[list(row) for row in zip(*first, strict=True)],
        guess=_guess(columns, raw.height),
    )


def _as_text(column: pl.Series) -> pl.Series:
    try:
        text = column.cast(pl.String, strict=False)
    except pl.exceptions.PolarsError:  # Lists and structs, which no role can have.
        text = pl.Series(column.name, [None if each is None else str(each) for each in column])
    return text.set(text.str.strip_chars() == "", None)


def _column(raw: pl.Series, text: pl.Series) -> FileColumn:
    missing = text.is_null()
    given = text.drop_nulls()
    repeated = ~missing & ~text.is_first_distinct()
    lengths = given.str.len_chars()
    distinct = given.n_unique()
    return FileColumn(
        name=raw.name,
        kind=_kind(raw, given, distinct),
        distinct=distinct,
        longest=int(lengths.max() or 0),  # pyright: ignore[reportArgumentType]
        missing=int(missing.sum()),
        missing_rows=_places(missing),
        repeated=int(repeated.sum()),
        repeated_rows=_places(repeated),
        examples=given.unique(maintain_order=True).head(_EXAMPLES).str.slice(0, 120).to_list(),
    )


def _kind(raw: pl.Series, given: pl.Series, distinct: int) -> Kind:
    if given.is_empty():
        return "empty"
    found = typed(raw).dtype
    if found.is_numeric():
        return "number"
    if found.is_temporal():
        return "date"
    short = (given.str.len_chars() <= _SHORT).all()
    comes_again = distinct <= _CATEGORIES and distinct < max(2, len(given) * 0.5)
    return "category" if short and comes_again else "text"


def _places(marked: pl.Series) -> list[int]:
    return [row + 1 for row in marked.arg_true().head(_NAMED_ROWS)]


def _guess(columns: Sequence[FileColumn], n_rows: int) -> ColumnRoles:
    by_name = {each.name.lower().strip(): each for each in reversed(columns)}

    def named(names: Sequence[str]) -> list[FileColumn]:
        return [by_name[name] for name in names if name in by_name]

    unique = [each for each in named(_ID_NAMES) if each.distinct == n_rows]
    id_ = unique[0] if unique else None
    texts = [each for each in named(_TEXT_NAMES) if each.kind in {"text", "category"}]
    wordy = sorted((each for each in columns if each.kind == "text"), key=lambda c: -c.longest)
    text = next((each for each in [*texts, *wordy] if each is not id_), None)
    labels = [each for each in named(_LABEL_NAMES) if each.kind in {"category", "number"}]
    taken = {each.name for each in [id_, text, *labels] if each is not None}
    context = [
        each.name
        for each in columns
        if each.name not in taken and each.kind in {"category", "date", "number"}
    ]
    return ColumnRoles(
        id_column=None if id_ is None else id_.name,
        text_columns=[] if text is None else [text.name],
        label_columns=[each.name for each in labels],
        context_columns=context,
    )
