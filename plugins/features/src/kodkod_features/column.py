"""A column of the corpus as numbers."""

from __future__ import annotations

import math
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Feature, InvalidParamsError, JobContext, PluginError, TextBatch
from kodkod_features.params import ColumnKind, ColumnParams

__all__ = ["Column"]

_YEAR_DAYS = 365.25
_WEEK_DAYS = 7


class Learnt(Struct, frozen=True, kw_only=True):
    """How the train split's column is read: its mean and spread, or its categories."""

    kind: ColumnKind
    mean: float = 0.0
    spread: float = 1.0
    categories: list[str] = []


class Column(Feature[ColumnParams]):
    """A column of the corpus, its values missing or never seen marked in dimensions of their own.

    - number: the standardised value, 0 where it is missing; 1 where it is missing.
    - category: 1 for each of the most frequent categories; 1 for any other; 1 where missing.
    - date: standardised days; sine and cosine of the place in the year and in the week, since the
      ends of both meet; 1 where it is missing.
    """

    _learnt: Learnt | None = None

    def fit(self, batch: TextBatch, ctx: JobContext) -> None:
        """Learn from the train split how to read the column.

        Raises:
            InvalidParamsError: there is no such column, or nothing in it can be so read.
        """
        column = self._column(batch)
        kind = self.params.kind
        if kind == "auto":
            kind = _kind_of(column, self.params.readable)
            ctx.log(f"the column {self.params.column!r} is read as {kind}")
        if kind == "category":
            values = column.cast(pl.String).drop_nulls().rename("value")
            counts = values.value_counts().sort(["count", "value"], descending=[True, False])
            names = counts["value"].head(self.params.most_categories).to_list()
            self._learnt = Learnt(kind=kind, categories=sorted(names))
            return
        numbers = (_numbers if kind == "number" else _days)(column).drop_nulls()
        if not len(numbers):
            raise InvalidParamsError(
                f"No value of the column {self.params.column!r} can be read as a {kind}; "
                "choose another kind.",
                field="kind",
            )
        mean = float(numbers.mean() or 0.0)  # type: ignore[arg-type]
        spread = float(numbers.std(ddof=0) or 0.0)  # type: ignore[arg-type]
        self._learnt = Learnt(kind=kind, mean=mean, spread=spread or 1.0)

    def transform(self, batch: TextBatch, ctx: JobContext) -> NDArray[np.float32]:
        """Return float32 `[n, dim]`; `dim` follows from the kind (see the class).

        Raises:
            InvalidParamsError: there is no such column.
        """
        if self._learnt is None:
            raise PluginError("dataset-column was asked for vectors before fit or load")
        ctx.progress(0.0, f"reading the column {self.params.column}")
        column, learnt = self._column(batch), self._learnt
        if learnt.kind == "category":
            return _one_hot(column.cast(pl.String), learnt.categories)
        if learnt.kind == "number":
            numbers = _numbers(column)
            return np.column_stack([_standardised(numbers, learnt), numbers.is_null()]).astype(
                np.float32
            )
        days = _days(column)
        return np.column_stack(
            [
                _standardised(days, learnt),
                *_around(days, _YEAR_DAYS),
                *_around(days, _WEEK_DAYS),
                days.is_null(),
            ]
        ).astype(np.float32)

    def save(self, folder: Path) -> None:
        """Write `column.json`."""
        if self._learnt is None:
            raise PluginError("dataset-column was saved before fit or load")
        (folder / "column.json").write_bytes(msgspec.json.encode(self._learnt))

    def load(self, folder: Path) -> None:
        """Read what `save` wrote."""
        self._learnt = msgspec.json.decode((folder / "column.json").read_bytes(), type=Learnt)

    def _column(self, batch: TextBatch) -> pl.Series:
        name = self.params.column
        if name in batch.context.columns:
            return batch.context[name]
        if not len(batch) and not batch.context.columns:
            return pl.Series(name, [], dtype=pl.String)
        there = ", ".join(batch.context.columns) or "none"
        raise InvalidParamsError(
            f"The corpus has no context or label column {name!r}; it has {there}.", field="column"
        )


def _kind_of(column: pl.Series, readable: float) -> ColumnKind:
    if column.dtype.is_numeric() or column.dtype == pl.Boolean:
        return "number"
    if column.dtype.is_temporal():
        return "date"
    there = len(column) - column.null_count()
    if there and len(_numbers(column).drop_nulls()) >= readable * there:
        return "number"
    if there and len(_days(column).drop_nulls()) >= readable * there:
        return "date"
    return "category"


def _numbers(column: pl.Series) -> pl.Series:
    """Return the values as float64, null where they are no finite number."""
    numbers = column.cast(pl.Float64, strict=False)
    return pl.select(pl.when(numbers.is_finite()).then(numbers)).to_series()


def _days(column: pl.Series) -> pl.Series:
    """Return days since 1970 as float64, null where there is no date (ISO 8601 or a year)."""
    if column.dtype.is_temporal():
        moments = column.cast(pl.Datetime("us"), strict=False)
    else:
        text = column.cast(pl.String).str.strip_chars()
        moments = pl.select(
            pl.coalesce(
                text.str.to_datetime(
                    "%+", strict=False, time_unit="us", time_zone="UTC"
                ).dt.replace_time_zone(None),
                text.str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False, time_unit="us"),
                text.str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us"),
                text.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us")),
                (text + "-01").str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us")),
                (text + "-01-01").str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us")),
            )
        ).to_series()
    return moments.cast(pl.Int64).cast(pl.Float64) / 86_400e6


def _standardised(numbers: pl.Series, learnt: Learnt) -> NDArray[np.float64]:
    return ((numbers - learnt.mean) / learnt.spread).fill_null(0.0).to_numpy()


def _around(days: pl.Series, period: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    angle = days.to_numpy().astype(np.float64) * (2 * math.pi / period)
    missing = days.is_null().to_numpy()
    return np.where(missing, 0, np.sin(angle)), np.where(missing, 0, np.cos(angle))


def _one_hot(column: pl.Series, categories: list[str]) -> NDArray[np.float32]:
    place = {name: number for number, name in enumerate(categories)}
    other, missing = len(categories), len(categories) + 1
    found = np.zeros((len(column), len(categories) + 2), dtype=np.float32)
    for row, value in enumerate(column.to_list()):
        found[row, missing if value is None else place.get(value, other)] = 1
    return found
