"""Figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kodkod.simulation.curves import area, interval, labels_needed


def test_the_area_is_the_mean_height_of_the_line():
    assert area([0, 10, 20], [0.0, 0.5, 1.0]) == pytest.approx(0.5)
    # Points that are not evenly apart weigh by their distance: (0.4 * 10 + 0.7 * 30) / 40.
    assert area([25, 35, 65], [0.3, 0.5, 0.9]) == pytest.approx((0.4 * 10 + 0.7 * 30) / 40)
    assert area([25], [0.3]) == 0.3


def test_labels_needed_are_read_off_the_line_between_two_points():
    n, scores = [25, 50, 75, 100], [0.2, 0.4, 0.3, 0.8]
    assert labels_needed(n, scores, 0.3) == pytest.approx(37.5)
    assert labels_needed(n, scores, 0.4) == 50  # the first time, though it falls again
    assert labels_needed(n, scores, 0.55) == pytest.approx(87.5)
    assert labels_needed(n, scores, 0.1) == 25
    assert labels_needed(n, scores, 0.81) is None


def test_the_interval_is_students():
    # Mean 0.5, standard deviation 0.1, five values; t with 4 degrees of freedom is 2.776.
    values = [0.5 - 0.1 * 2**0.5, 0.5, 0.5, 0.5, 0.5 + 0.1 * 2**0.5]
    found = interval(values)
    assert found.value == pytest.approx(0.5)
    assert found.high == pytest.approx(0.5 + 2.776 * 0.1 / 5**0.5, abs=1e-4)
    assert found.low == pytest.approx(0.5 - 2.776 * 0.1 / 5**0.5, abs=1e-4)


def test_one_value_has_no_interval():
    found = interval([0.4])
    assert (found.value, found.low, found.high) == (0.4, None, None)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=50))
def test_the_interval_is_scipys(values):
    found = interval(values)
    error = stats.sem(values)
    low, high = stats.t.interval(0.95, len(values) - 1, loc=np.mean(values), scale=error or 1e-300)
    assert found.low == pytest.approx(low, abs=1e-9)
    assert found.high == pytest.approx(high, abs=1e-9)
