"""How topics are spread over time, and over the values of a context column."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from kodkod.api import NO_TOPIC, InvalidInputError
from kodkod.project.corpus import LiveCorpus
from kodkod.project.importing import CONTEXT

__all__ = ["Bin", "by_column", "over_time"]

Bin = Literal["day", "week", "month", "quarter", "year"]
_EVERY: dict[str, str] = {"day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}
_MOST_VALUES = 1_000


def over_time(
    corpus: LiveCorpus, assigned: NDArray[np.int32], column: str, every: Bin
) -> pl.DataFrame:
    """Return `value` (the first day of the bin, ISO 8601), `topic` and `texts`.

    Whole numbers are years. Weeks begin on Monday.

    Raises:
        InvalidInputError: there is no such column, or it has no dates.
    """
    given = _column(corpus, column, len(assigned))
    if given.dtype.is_integer():
        given = pl.select(pl.date(pl.lit(given), 1, 1)).to_series()
    elif given.dtype == pl.String:
        given = given.str.to_datetime(strict=False, time_zone="UTC")
    if not given.dtype.is_temporal() or given.null_count() == len(given):
        raise InvalidInputError(
            f"The column {column!r} has no dates; choose one with dates such as 2026-01-31, or "
            "with years.",
            field="column",
        )
    binned = given.dt.truncate(_EVERY[every]).dt.date().cast(pl.String)
    return _counted(binned, assigned)


def by_column(corpus: LiveCorpus, assigned: NDArray[np.int32], column: str) -> pl.DataFrame:
    """Return `value`, `topic` and `texts` for each value of a context column.

    Raises:
        InvalidInputError: there is no such column, or it has too many values for a table.
    """
    given = _column(corpus, column, len(assigned))
    if given.dtype.is_nested():
        raise InvalidInputError(
            f"The column {column!r} holds lists; choose another.", field="column"
        )
    if given.n_unique() > _MOST_VALUES:
        raise InvalidInputError(
            f"The column {column!r} has {given.n_unique()} values, more than {_MOST_VALUES}; "
            "choose one with fewer, or look at it over time.",
            field="column",
        )
    return _counted(given, assigned)


def _column(corpus: LiveCorpus, column: str, n: int) -> pl.Series:
    if column not in corpus.context_columns:
        raise InvalidInputError(
            f"There is no context column {column!r}; there are "
            f"{', '.join(corpus.context_columns) or 'none'}.",
            field="column",
        )
    return corpus.frame[CONTEXT + column].head(n)


def _counted(values: pl.Series, assigned: NDArray[np.int32]) -> pl.DataFrame:
    topics = pl.Series("topic", np.asarray(assigned)[: len(values)])
    frame = pl.DataFrame([values.alias("value"), topics.replace(NO_TOPIC, None)])
    counted = frame.group_by("value", "topic").agg(pl.len().alias("texts"))
    return counted.sort("value", "topic", nulls_last=True).with_columns(
        pl.col("value").cast(pl.String)
    )
