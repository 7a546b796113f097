"""Which annotated texts are shown as examples: properties that hold for every pool."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kodkod.project.few_shot import ExamplePicker
from kodkod.store.prompts import ExamplePlan

CORPUS = 60


def labels_of(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


@st.composite
def pools(draw: st.DrawFn) -> tuple[np.ndarray, list[list[str]]]:
    """Draw annotated rows, ascending, and their labels: several, one or none each."""
    rows = sorted(draw(st.sets(st.integers(0, CORPUS - 1), max_size=25)))
    labels = st.lists(st.sampled_from("abc"), max_size=3, unique=True)
    values = draw(st.lists(labels, min_size=len(rows), max_size=len(rows)))
    return np.array(rows, dtype=np.int64), values


plans = st.builds(
    ExamplePlan,
    how=st.sampled_from(["none", "random", "nearest", "balanced"]),
    n=st.integers(1, 12),
    per_text=st.booleans(),
    seed=st.integers(0, 5),
)


def vectors_of(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, 8)).astype(np.float32)


@given(plans, pools(), st.integers(0, CORPUS - 1), st.integers(0, CORPUS))
def test_examples_are_annotated_others_each_once_and_as_many_as_there_are(plan, pool, row, known):
    rows, values = pool
    picker = ExamplePicker(plan, rows, values, labels_of, vectors_of(known))

    picked = picker.pick(row)

    assert row not in picked
    assert set(picked) <= set(rows.tolist())
    assert len(set(picked)) == len(picked)
    others = [each for each in rows.tolist() if each != row]
    near = [each for each in others if each < known]
    there = near if plan.how == "nearest" and row < known and near else others
    assert len(picked) == (0 if plan.how == "none" else min(plan.n, len(there)))


@given(plans, pools(), st.lists(st.integers(0, CORPUS - 1), min_size=2, max_size=5))
def test_a_text_gets_the_same_examples_whatever_was_asked_before(plan, pool, asked):
    rows, values = pool

    def picker() -> ExamplePicker:
        return ExamplePicker(plan, rows, values, labels_of, vectors_of(CORPUS))

    one = picker()
    assert [one.pick(row) for row in asked] == [picker().pick(row) for row in asked]


@pytest.mark.parametrize("how", ["random", "balanced"])
def test_all_texts_share_examples_unless_each_is_to_have_its_own(how: str):
    rows, values = np.arange(0, 40, 2), [["a"], ["b"]] * 10

    def picked(**options: object) -> set[tuple[int, ...]]:
        plan = ExamplePlan(how=how, n=5, **options)
        picker = ExamplePicker(plan, rows, values, labels_of)
        return {tuple(picker.pick(row)) for row in range(1, 40, 2)}

    assert len(picked()) == 1
    assert picked() == picked()
    assert picked(seed=1) != picked()
    assert len(picked(per_text=True)) > 1


@given(st.integers(1, 9), st.integers(0, 5), st.booleans())
def test_balanced_examples_take_labels_in_turn_however_rare_they_are(n, seed, per_text):
    # Given a label that one text in twenty has
    values = [["rare"] if i % 20 == 0 else ["common"] for i in range(100)]
    plan = ExamplePlan(how="balanced", n=n, seed=seed, per_text=per_text)
    picker = ExamplePicker(plan, np.arange(100), values, labels_of)

    counts = Counter(values[row][0] for row in picker.pick(1_000))

    assert abs(counts["rare"] - counts["common"]) <= 1
    assert counts.total() == n


def test_a_label_that_runs_out_leaves_its_turns_to_the_others():
    values = [["rare"], *[["common"]] * 9]
    plan = ExamplePlan(how="balanced", n=6)
    picked = ExamplePicker(plan, np.arange(10), values, labels_of).pick(99)
    assert len(picked) == 6
    assert 0 in picked


@given(st.integers(0, 39), st.integers(1, 8))
def test_the_nearest_are_those_of_the_greatest_cosine_the_nearest_last(row, n):
    vectors = vectors_of(40)
    vectors[7] *= 100  # a long vector is no nearer
    rows = np.arange(0, 40, 3)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    likeness = {int(each): float(unit[each] @ unit[row]) for each in rows if each != row}
    expected = sorted(likeness, key=likeness.__getitem__)[-n:]

    plan = ExamplePlan(how="nearest", n=n, feature="f")
    picker = ExamplePicker(plan, rows, [["a"]] * len(rows), labels_of, vectors)

    assert picker.pick(row) == expected


def test_a_text_that_came_after_the_vectors_gets_examples_nevertheless():
    rows = np.array([1, 3, 5, 9])
    plan = ExamplePlan(how="nearest", n=2, feature="f")
    picker = ExamplePicker(plan, rows, [["a"]] * 4, labels_of, vectors_of(6))

    assert set(picker.pick(0)) <= {1, 3, 5}
    assert len(picker.pick(8)) == 2
    assert picker.pick(8) == picker.pick(7)
