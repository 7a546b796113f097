"""Which texts an annotator would get from an order."""

from __future__ import annotations

import numpy as np
import pytest

from kodkod.simulation.pool import drawn

ORDER = np.array([4, 2, 0, 1, 3, 5])
MAY = np.array([True, True, False, True, True, True])


def test_the_first_that_may_be_drawn_come_in_turn():
    rng = np.random.default_rng(0)
    assert drawn(ORDER, MAY, 3, 0.0, rng).tolist() == [4, 0, 1]
    assert drawn(ORDER, MAY, 99, 0.0, rng).tolist() == [4, 0, 1, 3, 5]


def test_a_coin_that_always_falls_on_random_draws_each_text_as_often():
    first = [int(drawn(ORDER, MAY, 1, 1.0, np.random.default_rng(i))[0]) for i in range(4_000)]
    shares = np.bincount(first, minlength=6) / len(first)
    assert shares[2] == 0
    np.testing.assert_allclose(shares[MAY], 0.2, atol=0.03)


def test_the_text_in_front_has_what_the_spec_says():
    # The spec's share over the five that may be drawn, and all of the rest.
    front = [drawn(ORDER, MAY, 1, 0.5, np.random.default_rng(i))[0] == 4 for i in range(4_000)]
    assert np.mean(front) == pytest.approx(0.5 / 5 + 0.5, abs=0.03)


def test_no_text_is_drawn_twice():
    for seed in range(50):
        found = drawn(ORDER, MAY, 5, 0.5, np.random.default_rng(seed))
        assert sorted(found) == [0, 1, 3, 4, 5]
