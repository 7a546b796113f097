"""How well people code: intervals against statsmodels and published examples, drift, haste."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from kodkod.project.annotators import (
    Coded,
    Ratio,
    halves,
    hasty,
    label_shift,
    newcombe,
    periods,
    speed_change,
)
from kodkod.project.fold import Answer

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def coded(values: str, seconds: float = 10.0, characters: int = 200) -> list[Coded]:
    return [
        Coded(
            answer=Answer(seq, 1, value, "human", "", seconds, DAY + timedelta(minutes=seq)),
            row=seq,
            value=value,
            characters=characters,
            right=None,
            attention=False,
            decided=None,
            agreed=Ratio(0, 0),
            outdated=False,
        )
        for seq, value in enumerate(values)
    ]


def labels_of(value) -> list[str]:
    return [value]


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_that_of_statsmodels(counts):
    count, of = counts
    expected = proportion_confint(count, of, method="wilson")
    assert Ratio(count, of).wilson() == pytest.approx(expected, abs=1e-9)


def test_newcombe_gives_the_published_example():
    # Newcombe (1998), table II, example a: 56/70 and 48/80, method 10: 0.0524 to 0.3339.
    change, low, high = newcombe(Ratio(48, 80), Ratio(56, 70))
    assert (change, low, high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


@given(
    st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)
def test_newcombe_is_that_of_statsmodels(before, after):
    low, high = confint_proportions_2indep(*after, *before, method="newcomb", compare="diff")
    found = newcombe(Ratio(*before), Ratio(*after))
    assert found[1:] == pytest.approx((max(low, -1), min(high, 1)), abs=1e-9)


def test_of_nothing_nothing_is_said():
    assert Ratio(0, 0).share is None
    assert Ratio(0, 0).wilson() is None
    assert newcombe(Ratio(0, 0), Ratio(1, 2)) is None
    assert speed_change([], coded("ab")) is None
    assert label_shift([], coded("ab"), labels_of) is None


def test_haste_is_faster_than_four_times_silent_reading():
    # 952 characters are 10 s at 95.2 characters a second
    assert hasty(coded("a", seconds=10.1, characters=952)).count == 0
    assert hasty(coded("a", seconds=9.9, characters=952)).count == 1


@given(st.integers(1, 500), st.integers(1, 50))
def test_periods_are_all_answers_once_in_order(n_answers, n):
    answers = coded("a" * n_answers)
    parts = periods(answers, n)
    assert [each for part in parts for each in part.coded] == answers
    assert len(parts) <= n
    assert all(len(part.coded) >= 10 for part in parts) or len(parts) == 1


def test_a_shift_of_labels_is_measured_and_tested():
    before, after = halves(coded("a" * 30 + "b" * 20 + "a" * 10 + "b" * 40))
    distance, p = label_shift(before, after, labels_of)
    assert distance == pytest.approx(0.4)
    assert p == pytest.approx(chi2_contingency([[30, 20], [10, 40]]).pvalue)
    # where cells are too small for the test, it says nothing
    assert label_shift(coded("aab"), coded("abb"), labels_of)[1] is None
    assert label_shift(coded("aa"), coded("aa"), labels_of) == (0.0, None)


def test_speed_is_that_of_the_second_half_against_the_first():
    assert speed_change(coded("aaa", seconds=20), coded("aaa", seconds=5)) == 0.25
