"""From a file's table to a corpus: ids exact, texts whole, columns typed, rows divided."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, cast

import numpy as np
import polars as pl
from msgspec import Meta, Struct

from kodkod.api import Importer, ImporterSpec, ImportProblemError, InvalidInputError, SplitPlan
from kodkod.plugins import PluginRegistry

__all__ = [
    "CONTEXT",
    "LABEL",
    "ProjectConfig",
    "append_rows",
    "build_corpus",
    "read_table",
    "texts_to_predict",
    "typed",
]

CONTEXT = "context."
"""Prefix of context columns in a corpus, so that a column called `text` harms nothing."""
LABEL = "label."
"""Prefix of label columns in a corpus."""

_NAMED = 5
_INTEGER = r"^-?(0|[1-9][0-9]{0,17})$"
# Not beyond the 15 digits that a float keeps: a long number is a name (of a post, a person).
_NUMBER = r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?([eE][-+]?[0-9]{1,2})?$"


class ProjectConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a file becomes a project.

    Without `id_column` rows are numbered. `text_columns` are joined by a blank line.
    `label_columns` are kept aside (never shown to annotators) and can become annotations of a
    scheme; `context_columns` are shown beside the text and can be filtered by. `importer` and
    `importer_params` override what the file's extension says. With `leave_out_faulty` rows without
    a text or an id, and those whose id stood in a row before, are left out instead of refused.
    """

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    text_columns: Annotated[tuple[str, ...], Meta(min_length=1, max_length=20)]
    id_column: str | None = None
    label_columns: tuple[str, ...] = ()
    context_columns: tuple[str, ...] = ()
    language: Annotated[str, Meta(max_length=35)] = "en"
    split: SplitPlan = SplitPlan()
    importer: str | None = None
    importer_params: dict[str, Any] = {}
    leave_out_faulty: bool = False


def read_table(
    path: Path,
    filename: str,
    registry: PluginRegistry,
    importer: str | None = None,
    params: dict[str, Any] | None = None,
) -> pl.DataFrame:
    """Read a file by the importer named, or by the one for its extension.

    Raises:
        InvalidInputError: no importer reads such files.
        ImportProblemError: the file cannot be read; the message names line or column.
    """
    name = importer or _importer_for(filename, registry)
    return cast("Importer[Any]", registry.build("importer", name, params)).read(path)


def build_corpus(
    raw: pl.DataFrame, config: ProjectConfig, registry: PluginRegistry
) -> pl.DataFrame:
    """Return the corpus: `id`, `text`, `split`, and the context and label columns, prefixed.

    Raises:
        InvalidInputError: a column is missing, an id is missing or twice there, a text is
            empty, or the split does not fit.
    """
    raw = _sound(raw, config)
    frame = _columns(raw, config)
    codes = registry.split(raw, config.split)
    return frame.with_columns(split=pl.Series(np.asarray(codes, dtype=np.uint8)))


def append_rows(
    corpus: pl.DataFrame, raw: pl.DataFrame, config: ProjectConfig, split: int
) -> pl.DataFrame:
    """Return `corpus` with the rows of `raw` after it, all in one split (`Split.code`).

    Raises:
        InvalidInputError: as `build_corpus`, or an id is in the corpus already.
    """
    new = _columns(_sound(raw, config), config, corpus).with_columns(
        split=pl.lit(split, dtype=pl.UInt8)
    )
    known = new.filter(pl.col("id").is_in(corpus["id"].implode()))
    if known.height:
        ids = ", ".join(repr(each) for each in known["id"].head(_NAMED))
        raise InvalidInputError(
            f"{known.height} of the ids are in the project already: {ids}; leave those rows out.",
            field=config.id_column,
        )
    try:
        return pl.concat([corpus, new.select(corpus.columns)], how="vertical_relaxed")
    except pl.exceptions.PolarsError as error:
        raise InvalidInputError(
            f"The new rows' columns are of other types than the project's: {error}"
        ) from error


def texts_to_predict(raw: pl.DataFrame, config: ProjectConfig) -> pl.DataFrame:
    """Return `id`, `text` and what there is of the project's context and label columns.

    The file must have the project's text columns. Without its id column lines are numbered.

    Raises:
        InvalidInputError: a text column is missing, an id is missing or twice there, or a text
            is empty.
    """
    if raw.height == 0:
        raise ImportProblemError("The file has a header and no rows; there is nothing to predict.")
    missing = [name for name in config.text_columns if name not in raw.columns]
    if missing:
        raise InvalidInputError(
            f"The file has no column {missing[0]!r}, which the project's texts are made of; its "
            f"columns are {', '.join(map(repr, raw.columns))}. Rename one.",
            field="file",
        )
    there = set(raw.columns)
    return pl.DataFrame(
        [
            _ids(raw, config.id_column if config.id_column in there else None, 0),
            _texts(raw, config.text_columns),
            *(typed(raw[n]).alias(CONTEXT + n) for n in config.context_columns if n in there),
            *(raw[n].alias(LABEL + n) for n in config.label_columns if n in there),
        ]
    )


def _importer_for(filename: str, registry: PluginRegistry) -> str:
    suffix = Path(filename).suffix.lower()
    known: list[str] = []
    for registered in registry.components("importer"):
        spec = cast("ImporterSpec", registered.spec)
        if suffix in spec.extensions:
            return spec.name
        known.extend(spec.extensions)
    raise InvalidInputError(
        f"No importer reads files ending in {suffix or 'nothing'!r}; known are "
        f"{', '.join(sorted(known))}. Rename the file, or name the importer.",
        field="file",
    )


def _sound(raw: pl.DataFrame, config: ProjectConfig) -> pl.DataFrame:
    """Leave out the rows that cannot be coded, where that is wanted."""
    if not config.leave_out_faulty or raw.height == 0:
        return raw
    _check_names(raw, config)
    texts = [pl.col(name).cast(pl.String, strict=False) for name in config.text_columns]
    sound = pl.any_horizontal(
        (text.str.strip_chars() != "").fill_null(value=False) for text in texts
    )
    if config.id_column is not None:
        ids = pl.col(config.id_column).cast(pl.String, strict=False)
        sound &= (ids != "").fill_null(value=False)
    found = raw.filter(sound)
    if config.id_column is not None:
        found = found.unique(config.id_column, keep="first", maintain_order=True)
    if found.height == 0:
        raise ImportProblemError("No row has both a text and an id; there is nothing to code.")
    return found


def _columns(
    raw: pl.DataFrame, config: ProjectConfig, corpus: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return id, text, context and label columns; those to append have the corpus's types."""
    if raw.height == 0:
        raise ImportProblemError("The file has a header and no rows; there is nothing to code.")
    _check_names(raw, config)
    return pl.DataFrame(
        [
            _ids(raw, config.id_column, 0 if corpus is None else corpus.height),
            _texts(raw, config.text_columns),
            *(_context(raw[name], corpus) for name in config.context_columns),
            *(raw[name].alias(LABEL + name) for name in config.label_columns),
        ]
    )


def _context(column: pl.Series, corpus: pl.DataFrame | None) -> pl.Series:
    name = CONTEXT + column.name
    if corpus is None or column.dtype != pl.String:
        return typed(column).alias(name)
    there = corpus.schema[name]
    if there == pl.String or column.null_count() == len(column):
        return column.cast(there).alias(name)
    new = typed(column)
    if new.dtype != there and not (new.dtype.is_numeric() and there.is_numeric()):
        raise InvalidInputError(
            f"The column {column.name!r} is of type {there} in the project, and not all of its "
            "values in the new rows are; correct them or leave them empty.",
            field=column.name,
        )
    return new.alias(name)


def _check_names(raw: pl.DataFrame, config: ProjectConfig) -> None:
    split = config.split
    wanted = {
        "id_column": (config.id_column,),
        "text_columns": config.text_columns,
        "label_columns": config.label_columns,
        "context_columns": config.context_columns,
        "split.column": (split.column,),
        "split.stratify_by": (split.stratify_by,),
    }
    for field, names in wanted.items():
        for name in names:
            if name is not None and name not in raw.columns:
                raise InvalidInputError(
                    f"{field} names {name!r}, which the file does not have; its columns are "
                    f"{', '.join(map(repr, raw.columns))}.",
                    field=field,
                )
        if len(set(names)) < len(names):
            raise InvalidInputError(f"{field} names a column twice.", field=field)


def _ids(raw: pl.DataFrame, column: str | None, first: int) -> pl.Series:
    if column is None:
        return pl.Series("id", np.arange(first, first + raw.height)).cast(pl.String)
    try:
        ids = raw[column].cast(pl.String).alias("id")
    except pl.exceptions.PolarsError as error:
        raise InvalidInputError(
            f"The column {column!r} cannot be used as id: {error}", field=column
        ) from error
    missing = ids.is_null() | (ids == "")
    if missing.any():
        raise ImportProblemError(
            f"{_rows(missing)} no id in the column {column!r}; every text needs one.",
            column=column,
        )
    twice = ids.is_duplicated()
    if twice.any():
        first = ids.filter(twice)[0]
        places = ", ".join(str(row + 1) for row in (ids == first).arg_true().head(_NAMED))
        raise ImportProblemError(
            f"The id {first!r} stands in rows {places} of the column {column!r} "
            f"({int(twice.sum())} rows share their id with another); make ids unique, or leave "
            "id_column out to number the rows.",
            column=column,
        )
    return ids


def _texts(raw: pl.DataFrame, columns: tuple[str, ...]) -> pl.Series:
    parts = [pl.col(name).cast(pl.String, strict=False) for name in columns]
    filled = [pl.when(part.str.strip_chars() != "").then(part) for part in parts]
    try:
        texts = raw.select(pl.concat_str(filled, separator="\n\n", ignore_nulls=True)).to_series()
    except pl.exceptions.PolarsError as error:
        names = ", ".join(map(repr, columns))
        raise InvalidInputError(
            f"The text columns {names} cannot be read as text: {error}", field=columns[0]
        ) from error
    empty = texts.is_null() | (texts.str.strip_chars() == "")
    if empty.any():
        names = ", ".join(map(repr, columns))
        raise ImportProblemError(
            f"{_rows(empty)} no text in {names}; fill them in or leave those rows out.",
            column=columns[0],
        )
    return texts.alias("text")


def _rows(marked: pl.Series) -> str:
    places = marked.arg_true()
    shown = ", ".join(str(row + 1) for row in places.head(_NAMED))
    more = f" and {len(places) - _NAMED} more" if len(places) > _NAMED else ""
    return f"Row {shown} has" if len(places) == 1 else f"Rows {shown}{more} have"


def typed(column: pl.Series) -> pl.Series:
    """Give a column of strings the type that all its values have, so that filters compare."""
    if column.dtype != pl.String:
        return column
    given = column.drop_nulls()
    if given.is_empty():
        return column
    if given.str.contains(_INTEGER).all():
        return column.cast(pl.Int64)
    if given.str.contains(_NUMBER).all():
        return column.cast(pl.Float64)
    dates = given.str.to_date("%Y-%m-%d", strict=False)
    return column.str.to_date("%Y-%m-%d") if dates.null_count() == 0 else column
