"""What the numbers are."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from kodkod.api import InvalidParamsError, TextBatch, decode_params
from kodkod.testing.recording import RecordingContext
from kodkod_features.column import Column
from kodkod_features.params import ColumnParams, RegexParams
from kodkod_features.regex import Regex


def batch(texts: list[str], **context: Any) -> TextBatch:
    return TextBatch(np.arange(len(texts)), texts, pl.DataFrame(context))


def vectors(feature: Any, train: TextBatch, other: TextBatch, folder: Path) -> np.ndarray:
    ctx = RecordingContext(folder)
    feature.fit(train, ctx)
    return feature.transform(other, ctx)


def patterns(*given: str, **more: Any) -> Regex:
    return Regex(decode_params(RegexParams, {"patterns": list(given), **more}))


def column(name: str, **more: Any) -> Column:
    return Column(decode_params(ColumnParams, {"column": name, **more}))


TEXTS = batch(["Cats and cats", "no such thing", "cat" * 10, ""])


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, [[1, 1], [0, 1], [1, 0], [0, 0]]),
        ({"value": "count"}, [[2, 1], [0, 1], [10, 0], [0, 0]]),
        ({"value": "count", "ignore_case": False}, [[1, 1], [0, 1], [10, 0], [0, 0]]),
        ({"value": "rate"}, [[2000 / 13, 1000 / 13], [0, 1000 / 13], [1000 / 3, 0], [0, 0]]),
    ],
)
def test_patterns(more, expected, tmp_path):
    found = vectors(patterns("cat", r"\b(and|such)\b", **more), TEXTS, TEXTS, tmp_path)
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_a_flag_of_one_pattern_does_not_reach_the_next(tmp_path):
    found = vectors(patterns("a|b", "c", value="count"), TEXTS, batch(["abc"]), tmp_path)
    assert found.tolist() == [[2, 1]]


def test_what_is_no_pattern_is_said_with_its_number(tmp_path):
    with pytest.raises(InvalidParamsError, match=r"Pattern 2, '\(', is no regular"):
        vectors(patterns("a", "("), TEXTS, TEXTS, tmp_path)


def test_a_pattern_that_others_need_ages_for_is_quick(tmp_path):
    found = vectors(patterns("(a+)+$"), TEXTS, batch(["a" * 200_000 + "b"]), tmp_path)
    assert found.tolist() == [[0]]


def test_numbers_are_standardised_by_the_train_split(tmp_path):
    train = batch(["a"] * 4, x=["1", "3", None, "5"])
    other = batch(["b"] * 4, x=["3", "x", None, "inf"])
    spread = np.std([1, 3, 5])
    found = vectors(column("x", readable=0.9), train, other, tmp_path)
    np.testing.assert_allclose(found, [[0, 0], [0, 1], [0, 1], [0, 1]], atol=1e-6)
    found = vectors(column("x"), train, batch(["b"], x=["5"]), tmp_path)
    np.testing.assert_allclose(found, [[2 / spread, 0]], rtol=1e-6)


def test_a_column_that_is_always_the_same_is_zero(tmp_path):
    found = vectors(column("x"), batch(["a"] * 2, x=[7, 7]), batch(["b"], x=[7]), tmp_path)
    assert found.tolist() == [[0, 0]]


def test_categories_beyond_the_most_frequent_are_others(tmp_path):
    train = batch(["t"] * 6, x=["b", "b", "a", "c", "c", None])
    found = vectors(
        column("x", most_categories=2), train, batch(["t"] * 4, x=["c", "a", "new", None]), tmp_path
    )
    # Columns: b, c, others, missing.
    assert found.tolist() == [[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 1, 0], [0, 0, 0, 1]]


def test_a_column_may_be_called_anything(tmp_path):
    train = batch(["t"] * 2, count=["a", "b"])
    assert vectors(column("count"), train, train, tmp_path).tolist() == [[1, 0, 0, 0], [0, 1, 0, 0]]


@pytest.mark.parametrize(
    "values",
    [
        ["2024-01-01", "2024-07-01"],
        ["2024-01-01T00:00:00", "2024-07-01 00:00:00"],
        ["2024-01-01T02:00:00+02:00", "2024-07-01T00:00:00Z"],
        ["2024-01", "2024-07"],
        [date(2024, 1, 1), date(2024, 7, 1)],
    ],
)
def test_dates_in_their_forms(values, tmp_path):
    train = batch(["t"] * 2, x=values)
    found = vectors(column("x", kind="date"), train, train, tmp_path)
    assert found.shape == (2, 6)
    np.testing.assert_allclose(found[:, 0], [-1, 1], atol=1e-6)
    np.testing.assert_allclose(np.hypot(found[:, 1], found[:, 2]), 1, rtol=1e-5)
    np.testing.assert_allclose(np.hypot(found[:, 3], found[:, 4]), 1, rtol=1e-5)
    assert found[:, 5].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "2.5", "-3e2"], "number"),
        (["2024-01-01", "2023-12-31"], "date"),
        (["1", "2", "many"], "category"),
        ([True, False], "number"),
        ([None, None], "category"),
    ],
)
def test_what_a_column_holds(values, kind, tmp_path):
    ctx = RecordingContext(tmp_path)
    column("x").fit(batch(["t"] * len(values), x=values), ctx)
    assert any(line.endswith(f"read as {kind}") for line in ctx.lines)


def test_what_is_not_there_is_said(tmp_path):
    train = batch(["t"], x=["a"])
    with pytest.raises(InvalidParamsError, match="no context or label column 'y'; it has x"):
        vectors(column("y"), train, train, tmp_path)
    with pytest.raises(InvalidParamsError, match="can be read as a date"):
        vectors(column("x", kind="date"), train, train, tmp_path)
