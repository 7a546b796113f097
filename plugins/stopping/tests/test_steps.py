"""Refreshes that are too close together are taken together, and never look more alike for it."""

from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from kodkod.api import Belief
from kodkod_stopping.steps import Step, steps_apart


def beliefs(*pairs):
    """Return a belief for each (labels, change since the one before)."""
    return [
        Belief(
            version=i,
            trained_at_seq=i,
            n_train=n,
            at=datetime(2026, 5, 1, tzinfo=UTC),
            label_ids=(1, 2),
            share=(0.5, 0.5),
            uncertainty=0.5,
            changed=change,
        )
        for i, (n, change) in enumerate(pairs)
    ]


def changed(belief):
    return belief.changed


def test_each_batch_of_labels_is_a_step():
    found = steps_apart(beliefs((10, None), (20, 0.3), (35, 0.2), (45, 0.1)), 10, changed)
    assert found == [Step(20, 0.3), Step(35, 0.2), Step(45, 0.1)]


def test_what_changed_in_between_is_added_up():
    found = steps_apart(
        beliefs((10, None), (12, 0.25), (12, 0.125), (19, 0.125), (20, 0.25), (29, 0.5), (31, 0.0)),
        10,
        changed,
    )
    assert found == [Step(20, 0.75), Step(31, 0.5)]


def test_what_is_not_known_makes_its_step_unknown_and_no_other():
    nan = float("nan")
    found = steps_apart(
        beliefs((10, None), (15, None), (20, 0.1), (30, 0.2), (40, nan), (50, 0.3)), 10, changed
    )
    assert found == [Step(20, None), Step(30, 0.2), Step(40, None), Step(50, 0.3)]


def test_labels_that_are_taken_back_count_as_well():
    assert steps_apart(beliefs((30, None), (25, 0.1), (18, 0.2)), 10, changed)[0].n == 18
    assert steps_apart([], 10, changed) == []
    assert steps_apart(beliefs((30, 0.5)), 10, changed) == []


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(0, 2), min_size=6, max_size=6), min_size=2, max_size=8))
def test_the_sum_is_no_less_than_a_direct_comparison(models):
    """Models are rows of predicted labels, two labels of learning apart each."""
    pairs = [(2, None)]
    for i, (a, b) in enumerate(pairwise(models), start=2):
        pairs.append((2 * i, sum(x != y for x, y in zip(a, b, strict=True)) / 6))
    (*_, last) = steps_apart(beliefs(*pairs), 2 * (len(models) - 1), changed)
    direct = sum(x != y for x, y in zip(models[0], models[-1], strict=True)) / 6
    assert last.change >= direct - 1e-12
