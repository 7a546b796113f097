"""JSON values, one a row, to a column that loses nothing."""

import json
from collections.abc import Sequence
from itertools import chain

import polars as pl

__all__ = ["column_of"]

INT64 = range(-(2**63), 2**63)
EXACT_FLOAT = 2**53


def column_of(name: str, values: Sequence[object]) -> pl.Series:
    """Return `values` in the narrowest type that keeps each of them as it was written.

    Strings, booleans, integers and floats stay such where all values are; lists of strings or
    of integers stay lists. Anything else becomes text: a string as it is, every other value as
    JSON. So an integer beyond 64 bits, or one among strings, keeps all of its digits.
    """
    dtype = _scalar_type(values) or _list_type(values)
    if dtype is not None:
        return pl.Series(name, values, dtype=dtype)
    return pl.Series(name, [_text(value) for value in values], dtype=pl.String)


def _scalar_type(values: Sequence[object]) -> type[pl.DataType] | None:
    types = set(map(type, values)) - {type(None)}
    if types <= {str}:
        return pl.String
    if types == {bool}:
        return pl.Boolean
    if types == {int}:
        return pl.Int64 if all(value is None or value in INT64 for value in values) else None
    if types <= {int, float}:
        whole = (value for value in values if isinstance(value, int))
        return pl.Float64 if all(abs(value) <= EXACT_FLOAT for value in whole) else None
    return None


def _list_type(values: Sequence[object]) -> pl.DataType | None:
    if not all(value is None or isinstance(value, list) for value in values):
        return None
    items = list(chain.from_iterable(value for value in values if isinstance(value, list)))
    inner = _scalar_type(items)
    return pl.List(inner) if inner in (pl.String, pl.Int64) else None


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
