from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kodkod.api import InvalidInputError
from kodkod.project.drawn_samples import DrawPlan, Strata, draw_sample, strata_of_labels
from kodkod.project.query import Condition

ALLOCATIONS = st.sampled_from(["proportional", "equal", "neyman"])


def strata_of(sizes: list[int]) -> Strata:
    of_row = np.repeat(np.arange(len(sizes)), sizes)
    deviations = np.linspace(0.1, 0.5, len(sizes))
    return Strata([f"s{each}" for each in range(len(sizes))], of_row, deviations)


@given(
    sizes=st.lists(st.integers(2, 300), min_size=1, max_size=6),
    share=st.floats(0.0, 1.0),
    allocation=ALLOCATIONS,
    seed=st.integers(0, 1_000),
)
def test_a_sample_has_its_size_and_no_stratum_gives_more_than_it_has(
    sizes, share, allocation, seed
):
    least = 2 * len(sizes)
    n = least + round(share * (sum(sizes) - least))
    rows = np.arange(sum(sizes)) + 10
    plan = DrawPlan(n=n, allocation=allocation, seed=seed)
    drawn = draw_sample(plan, rows, strata_of(sizes))
    assert len(np.unique(drawn.rows)) == n
    assert np.isin(drawn.rows, rows).all()
    counted = np.bincount(drawn.stratum_of, minlength=len(sizes)).tolist()
    assert counted == [each.drawn for each in drawn.strata]
    assert all(
        min(2, each.size) <= each.drawn <= each.size or len(sizes) == 1 for each in drawn.strata
    )
    assert draw_sample(plan, rows, strata_of(sizes)).rows.tolist() == drawn.rows.tolist()


def test_allocations_by_hand():
    """Of 900 and 100 texts, deviations 0.1 and 0.5: Neyman's shares are 90 to 50."""

    def drawn(allocation) -> list[int]:
        plan = DrawPlan(n=140, allocation=allocation)
        return [
            each.drawn for each in draw_sample(plan, np.arange(1_000), strata_of([900, 100])).strata
        ]

    assert drawn("proportional") == [126, 14]
    assert drawn("equal") == [70, 70]
    assert drawn("neyman") == [90, 50]


def test_every_text_is_as_probable_as_its_stratum_says():
    strata, times = strata_of([60, 20]), 3_000
    counts = np.zeros(80)
    for seed in range(times):
        counts[
            draw_sample(DrawPlan(n=20, allocation="equal", seed=seed), np.arange(80), strata).rows
        ] += 1
    expected = np.repeat([10 / 60, 10 / 20], [60, 20])
    deviations = np.sqrt(expected * (1 - expected) / times)
    assert (np.abs(counts / times - expected) < 4.5 * deviations).all()


def test_more_than_there_is_is_refused():
    with pytest.raises(InvalidInputError, match="draw fewer"):
        draw_sample(DrawPlan(n=11), np.arange(10), strata_of([10]))
    with pytest.raises(InvalidInputError, match="draw more"):
        draw_sample(DrawPlan(n=3), np.arange(20), strata_of([10, 10]))


def test_the_first_texts_of_a_sample_are_a_smaller_one():
    """Of 300 draws the first text is in the smaller stratum as often as its share is drawn."""
    strata, first = strata_of([60, 20]), 0
    for seed in range(300):
        plan = DrawPlan(n=20, allocation="equal", seed=seed)
        first += int(draw_sample(plan, np.arange(80), strata).stratum_of[0])
    assert abs(first / 300 - 0.5) < 4.5 * np.sqrt(0.25 / 300)


@pytest.mark.parametrize(
    ("plan", "of"),
    [
        (DrawPlan(n=1), "the corpus"),
        (DrawPlan(n=1, split="test"), "the test split"),
        (
            DrawPlan(
                n=1,
                where=(
                    Condition(column="year", op="in", value=(2020, 2021)),
                    Condition(column="side", op="not_null"),
                ),
                regex="tax",
            ),
            "the corpus where year in [2020,2021] and side not_null and the text matches tax",
        ),
    ],
)
def test_a_plan_says_which_texts_it_is_about(plan, of):
    assert plan.population == of


def test_strata_of_labels_that_stand_for_themselves_go_by_their_thresholds():
    p = np.float32([[0.6, 0.9], [0.6, 0.7], [0.1, 0.7], [0.2, 0.3]])
    found = strata_of_labels(p, ["a", "b"], np.float32([0.5, 0.8]))
    assert [found.names[each] for each in found.of_row] == ["a", "a", "(none)", "(none)"]
    # Labels of which a text has one have no threshold.
    found = strata_of_labels(p, ["a", "b"], None)
    assert [found.names[each] for each in found.of_row] == ["b", "b", "b", "b"]
    assert found.deviations == pytest.approx([np.sqrt(0.65 * 0.35)])
