"""Filters equal plain Python, and what cannot be filtered is said; ids find their rows."""

# ruff: noqa: DTZ001 - files have times without a zone, and so has the column here

from __future__ import annotations

import re
import time
from datetime import date, datetime
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kodkod.api import InvalidInputError, NotFoundError, Split
from kodkod.project.corpus import LiveCorpus
from kodkod.project.query import Condition, Filter

CONTEXT: dict[str, list[Any]] = {
    "int": [1, 2, None, -5],
    "float": [0.5, 2.0, None, -1e300],
    "text": ["a", "Ab", None, ""],
    "flag": [True, False, None, True],
    "day": [date(2024, 1, 1), date(2025, 6, 30), None, date(1999, 12, 31)],
    "moment": [datetime(2024, 1, 1, 12), datetime(2025, 6, 30), None, datetime(1999, 12, 31)],
    "nothing": [None] * 4,
    "list": [[1], [2], None, []],
}
TYPED = {"day": date.fromisoformat, "moment": datetime.fromisoformat}


def corpus(texts: list[str], **context: list[Any]) -> LiveCorpus:
    columns = {f"context.{name}": values for name, values in context.items()}
    frame = pl.DataFrame(
        {
            "id": [f"t{i}" for i in range(len(texts))],
            "text": texts,
            "split": pl.Series([i % 3 for i in range(len(texts))], dtype=pl.UInt8),
            **columns,
        }
    )
    return LiveCorpus(frame, list(context))


FOUR = corpus(["one", "two", "three", "four"], **CONTEXT)


def passed(column: str, op: Any, value: Any = None) -> list[int]:
    where = (Condition(column=column, op=op, value=value),)
    return np.flatnonzero(FOUR.mask(Filter(where=where), "all")).tolist()


COMPARE = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}
VALUES = {
    "int": st.one_of(st.integers(-6, 3), st.sampled_from([0.5, 10**30, -(2**63)])),
    "float": st.one_of(st.sampled_from([0.5, 2, -1e300]), st.floats(-3, 3)),
    "text": st.sampled_from(["a", "A", "", "Ab", "z"]),
    "flag": st.booleans(),
    "day": st.dates(date(1999, 1, 1), date(2026, 1, 1)).map(str) | st.just("2024-01-01"),
    "moment": st.datetimes(datetime(1999, 1, 1), datetime(2026, 1, 1)).map(str),
}


@given(data=st.data(), column=st.sampled_from(sorted(VALUES)), op=st.sampled_from(sorted(COMPARE)))
@settings(max_examples=150)
def test_comparisons_are_pythons_and_null_never_passes(
    data: st.DataObject, column: str, op: str
) -> None:
    value = data.draw(VALUES[column])
    meant = TYPED.get(column, lambda same: same)(value)
    expected = [
        row
        for row, each in enumerate(CONTEXT[column])
        if each is not None and COMPARE[op](each, meant)
    ]
    assert passed(column, op, value) == expected
    if op == "eq":
        assert passed(column, "in", (value,)) == expected


def test_null_tests_lists_and_parts_of_strings() -> None:
    for column in CONTEXT:
        empty = [row for row, each in enumerate(CONTEXT[column]) if each is None]
        assert passed(column, "is_null") == empty
        assert passed(column, "not_null") == [row for row in range(4) if row not in empty]
    assert passed("flag", "in", (True, False)) == [0, 1, 3]
    assert passed("float", "in", (2, 0.5)) == [0, 1]
    assert passed("day", "in", ("2024-01-01", "1999-12-31")) == [0, 3]
    assert passed("int", "in", ()) == []
    assert passed("text", "contains", "b") == [1]
    assert passed("text", "contains", "[") == []
    assert passed("int", "contains", "5") == [3]
    assert passed("nothing", "eq", "x") == []


@pytest.mark.parametrize("op", [*COMPARE, "in", "contains"])
@pytest.mark.parametrize("column", [*CONTEXT, "unknown"])
@pytest.mark.parametrize(
    "value", ["a", "2024-13-45", "2024-01-01T00:00+02:00", 1, 0.5, True, None, 10**40, (), (1, "a")]
)
def test_a_value_of_another_type_is_refused_or_compared_and_never_a_crash(
    op: Any, column: str, value: Any
) -> None:
    fits = {
        "int": (int, float),
        "float": (int, float),
        "text": (str,),
        "flag": (bool,),
    }
    refused = None
    try:
        passed(column, op, value)
    except InvalidInputError as error:
        refused = error.message
    if refused is not None:
        assert column in refused
        return
    assert column != "unknown"
    assert column != "list" or value == ()
    if column in fits and op in COMPARE:
        assert isinstance(value, fits[column])
        assert column == "flag" or not isinstance(value, bool)


TEXTS = st.lists(st.text("ab \né1", max_size=8), min_size=1, max_size=12)
PATTERNS = ["a", "^a", "b$", "a.b", r"\d", "(?i)A", "a|1", "[^a]", "a{2,}", "é", r"^\s*$", "b+1?"]


@given(texts=TEXTS, pattern=st.sampled_from(PATTERNS), split=st.sampled_from([*Split, "all"]))
@settings(max_examples=120)
def test_a_regex_and_a_split_are_pythons(texts: list[str], pattern: str, split: str) -> None:
    # Python's $ also matches before a last newline, Rust's does not.
    meant = re.compile(pattern.replace("$", r"\Z"))
    expected = [
        bool(meant.search(text)) and (split == "all" or i % 3 == Split(split).code)
        for i, text in enumerate(texts)
    ]
    assert corpus(texts).mask(Filter(regex=pattern), split).tolist() == expected


def test_a_filter_over_many_rows_answers_for_each_in_its_place() -> None:
    many = [f"row {i}" for i in range(150_000)]
    found = corpus(many, n=list(range(150_000))).mask(
        Filter(regex=r"7\d9$", where=(Condition(column="n", op="ge", value=1000),)), "all"
    )
    assert found.tolist() == [
        i >= 1000 and str(i)[-3:-2] == "7" and str(i)[-1] == "9" for i in range(150_000)
    ]


@pytest.mark.parametrize("pattern", ["(", "[a", "*", r"(?=a)", r"(a)\1", "((a{100}){100}){100}"])
def test_a_regex_that_cannot_be_used_is_said(pattern: str) -> None:
    with pytest.raises(InvalidInputError, match="cannot be used") as caught:
        FOUR.mask(Filter(regex=pattern), "all")
    assert caught.value.field == "filter.regex"
    # And not only the first time.
    with pytest.raises(InvalidInputError):
        FOUR.mask(Filter(regex=pattern), "all")


def test_a_catastrophic_regex_takes_linear_time() -> None:
    """A backtracking engine would take longer than the universe is old."""
    long = corpus(["a" * 100_000 + "!"])
    started = time.process_time()
    assert not long.mask(Filter(regex="^(a+)+$"), "all").any()
    assert time.process_time() - started < 2


def test_an_id_finds_its_row_exactly_as_it_was_given() -> None:
    ids = ["1", "01", "", " 1", "é", "e\u0301", "1.0", "\U0001d518" * 50]
    frame = pl.DataFrame({"id": ids, "text": ids, "split": pl.Series([0] * 8, dtype=pl.UInt8)})
    found = LiveCorpus(frame, [])

    assert [found.row_of(id_) for id_ in ids] == list(range(8))
    assert found.rows_of(ids[::-1]) == list(range(8))[::-1]
    for absent in ("2", "1 ", "É"):
        with pytest.raises(NotFoundError, match="no text with the id"):
            found.row_of(absent)


def test_a_row_shows_what_was_imported() -> None:
    assert FOUR.context_of(1)["day"] == date(2025, 6, 30)
    assert FOUR.text_of(3) == "four"
    assert FOUR.id_of(2) == "t2"
    assert FOUR.split_of(2) is Split.TEST
