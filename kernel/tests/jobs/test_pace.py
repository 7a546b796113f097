"""When a job is likely to be done."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kodkod.jobs.pace import Pace


def paced(*notes: tuple[float, float]) -> Pace:
    pace = Pace(0.0)
    for time, fraction in notes:
        pace.note(time, fraction)
    return pace


@given(st.floats(2.0, 10_000.0), st.floats(0.05, 0.95))
def test_a_steady_job_is_told_rightly(total, share):
    steps = [share * i / 20 for i in range(21)]
    pace = paced(*((fraction * total, fraction) for fraction in steps))

    left = pace.remaining(share * total)

    if share * total >= 1.0:
        assert left == pytest.approx((1 - share) * total, rel=0.05)


def test_nothing_is_said_before_anything_moved():
    assert Pace(0.0).remaining(5.0) is None
    assert paced((0.1, 0.01)).remaining(0.2) is None
    assert paced((10.0, 0.0), (20.0, 0.0)).remaining(20.0) is None


def test_what_counts_is_the_speed_of_the_last_minute():
    # Given a first half in ten seconds, and a second that takes a hundred for each tenth
    notes = [(i, i / 20) for i in range(11)]
    notes += [(10.0 + 10 * i, 0.5 + i / 100) for i in range(1, 11)]

    left = paced(*notes).remaining(110.0)

    assert left == pytest.approx(400.0, rel=0.1)


def test_a_job_that_stalls_is_told_ever_later():
    pace = paced((1.0, 0.1), (2.0, 0.2))

    assert pace.remaining(2.0) < pace.remaining(20.0) < pace.remaining(50.0)


def test_a_job_that_is_done_has_nothing_left():
    assert paced((1.0, 0.5), (2.0, 1.0)).remaining(3.0) == 0.0
