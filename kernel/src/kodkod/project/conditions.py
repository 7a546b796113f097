"""Conditions on context columns: each value is read as the column's type, or refused."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from kodkod.api import InvalidInputError
from kodkod.project.query import Condition

__all__ = ["condition_expression"]

_COMPARE: dict[str, Callable[[pl.Expr, Any], pl.Expr]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
_INT64 = 2**63


def condition_expression(condition: Condition, column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Return a condition as an expression over `column`, which is of `dtype`; null fails it.

    Dates are given as ISO 8601 strings.

    Raises:
        InvalidInputError: the value does not fit the column.
    """
    if isinstance(dtype, (pl.Categorical, pl.Enum)):
        column, dtype = column.cast(pl.String), pl.String()
    value = condition.value
    match condition.op:
        case "is_null":
            return column.is_null()
        case "not_null":
            return column.is_not_null()
        case "in":
            values = value if isinstance(value, tuple) else (value,)
            if not values:
                return pl.lit(value=False)
            return pl.any_horizontal(
                [column == _literal(condition, each, dtype) for each in values]
            )
        case "contains":
            if not isinstance(value, str):
                raise _misfit(condition, value, "a string to look for")
            if dtype.is_nested():
                raise _incomparable(condition, dtype)
            return column.cast(pl.String).str.contains(value, literal=True)
        case _:
            return _COMPARE[condition.op](column, _literal(condition, value, dtype))


def _literal(condition: Condition, value: object, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.String:
        if isinstance(value, str):
            return pl.lit(value)
        raise _misfit(condition, value, "a string")
    if dtype == pl.Boolean:
        if isinstance(value, bool):
            return pl.lit(value)
        raise _misfit(condition, value, "true or false")
    if dtype.is_numeric():
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            fits = isinstance(value, float) or -_INT64 <= value < _INT64
            return pl.lit(value if fits else float(value))
        raise _misfit(condition, value, "a number")
    if isinstance(dtype, (pl.Date, pl.Datetime)):
        return _moment(condition, value, dtype)
    if dtype == pl.Null:
        return pl.lit(None, dtype=pl.Null)
    raise _incomparable(condition, dtype)


def _moment(condition: Condition, value: object, dtype: pl.Date | pl.Datetime) -> pl.Expr:
    wanted = "a date such as 2026-01-31"
    if not isinstance(value, str):
        raise _misfit(condition, value, wanted)
    try:
        if isinstance(dtype, pl.Date):
            return pl.lit(date.fromisoformat(value))
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise _misfit(condition, value, wanted) from error
    if dtype.time_zone is None:
        if moment.tzinfo is not None:
            raise _misfit(condition, value, "a time without a zone")
    elif moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(dtype.time_zone))
    return pl.lit(moment)


def _misfit(condition: Condition, value: object, wanted: str) -> InvalidInputError:
    return InvalidInputError(
        f"The condition {condition.op!r} on {condition.column!r} needs {wanted}, not {value!r}.",
        field="filter.where",
    )


def _incomparable(condition: Condition, dtype: pl.DataType) -> InvalidInputError:
    return InvalidInputError(
        f"The column {condition.column!r} holds values of type {dtype}, which cannot be compared; "
        "use is_null or not_null.",
        field="filter.where",
    )
