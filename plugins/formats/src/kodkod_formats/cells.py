"""Columns that a flat file cannot hold, as text."""

import base64
import json
import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeAlias

import polars as pl
from polars.datatypes import DataType, DataTypeClass

PolarsDataType: TypeAlias = DataType | DataTypeClass

__all__ = ["flat", "has_binary"]


def flat(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with nested columns as JSON text, bytes as base64, durations as ISO 8601."""
    return frame.with_columns(
        _flat_column(column) for column in frame.iter_columns() if _is_odd(column.dtype)
    )


def has_binary(dtype: PolarsDataType) -> bool:
    """Say whether values of `dtype` are bytes or hold bytes."""
    if isinstance(dtype, pl.Struct):
        return any(has_binary(field) for field in dtype.to_schema().values())
    if isinstance(dtype, pl.List | pl.Array):
        return has_binary(dtype.inner)
    return dtype == pl.Binary


def _is_odd(dtype: PolarsDataType) -> bool:
    return dtype.is_nested() or dtype in (pl.Binary, pl.Duration, pl.Categorical, pl.Enum, pl.Null)


def _flat_column(column: pl.Series) -> pl.Series:
    if column.dtype.is_nested():
        return pl.Series(column.name, [_json(v) for v in column], dtype=pl.String)
    if column.dtype == pl.Binary:
        return column.bin.encode("base64")
    if column.dtype == pl.Duration:
        return column.dt.to_string("iso")
    return column.cast(pl.String)


def _json(value: object) -> str | None:
    if value is None:
        return None
    plain = value.to_list() if isinstance(value, pl.Series) else value
    return json.dumps(_finite(plain), ensure_ascii=False, allow_nan=False, default=_plain)


def _finite(value: object) -> object:
    """Return `value` with NaN and infinities, which JSON lacks, as null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return value


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"PT{value.total_seconds():.6f}S"
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
