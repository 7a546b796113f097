from __future__ import annotations

import msgspec
import numpy as np
import polars as pl
import pytest

from kodkod.api import ConflictError, InvalidInputError
from kodkod.project.estimation import (
    Covariate,
    EstimateQuestion,
    covariates_of,
    design_of_sample,
    random_draws,
    whole_split_design,
)
from kodkod.store.database import now
from kodkod.store.drawn_samples import DrawnSample, Stratum
from kodkod.store.draws import FirstDraws

FRAME = pl.DataFrame({"age": [20, 30, 40, 50], "side": ["left", "right", "left", "up"]})


def drawn_at_random(n: int, pool: int, strategy: str | None = "random") -> FirstDraws:
    rows = np.arange(n)
    return FirstDraws(rows, rows + 1, [strategy] * n, 1 / (pool - rows))


def test_random_draws_are_a_simple_random_sample():
    frame = random_draws(drawn_at_random(10, 1_000), np.arange(1_000), np.arange(10))
    assert frame.design.inclusion.tolist() == [0.01] * 10
    assert frame.design.stratum_sizes.tolist() == [1_000]


@pytest.mark.parametrize("strategy", ["breaking-ties", None])
def test_other_strategies_are_refused_with_what_to_draw(strategy):
    with pytest.raises(ConflictError, match=r"known probability.*Draw a sample"):
        random_draws(drawn_at_random(10, 1_000, strategy), np.arange(1_000), np.arange(10))


def test_random_draws_of_a_part_are_refused():
    """One over the probability says that 200 texts were open, of 2,000."""
    with pytest.raises(ConflictError, match="by a filter"):
        random_draws(drawn_at_random(10, 200), np.arange(2_000), np.arange(10))


def a_sample(**changed) -> DrawnSample:
    """Three of the rows 1, 3, 4 and 5, of which two strata are made."""
    sample = DrawnSample(
        id="s",
        project_id=1,
        name="s",
        plan={"n": 3, "split": "test"},
        population=6,
        strata=[Stratum(name="a", size=2, drawn=1), Stratum(name="b", size=2, drawn=2)],
        rows=[5, 1, 3],
        stratum_of=[1, 0, 1],
        created_at=now(),
    )
    return msgspec.structs.replace(sample, **changed)


TEST_ROWS = np.array([1, 3, 4, 5, 6, 7])


def test_rows_that_were_added_since_are_not_of_the_sample():
    frame = design_of_sample(a_sample(), TEST_ROWS, np.array([1, 3, 5]))
    assert frame.rows.tolist() == [1, 3, 4, 5]
    assert frame.design.rows.tolist() == [0, 1, 3]
    assert frame.design.strata.tolist() == [0, 1, 1]
    assert frame.design.inclusion.tolist() == [0.5, 1, 1]
    assert (frame.of, frame.notes) == ("the test split", ())


def test_texts_without_a_label_are_left_out_only_if_that_is_said():
    with pytest.raises(ConflictError, match="2 of the 3 texts"):
        design_of_sample(a_sample(), TEST_ROWS, np.array([1]))
    frame = design_of_sample(a_sample(), TEST_ROWS, np.array([1, 3]), left_out=True)
    # Of the second stratum one text in two has answered.
    assert frame.design.rows.tolist() == [0, 1]
    assert frame.design.inclusion.tolist() == [0.5, 0.5]
    assert frame.design.stratum_sizes.tolist() == [2, 2]
    assert "1 of the 3 texts" in frame.notes[0]
    assert "on the assumption" in frame.notes[0]


def test_a_corpus_that_is_another_one_is_refused():
    with pytest.raises(ConflictError, match="draw another"):
        design_of_sample(a_sample(), np.array([1, 3]), np.array([1, 3, 5]))


def test_a_test_split_counts_where_it_is_all_annotated():
    everything, split = np.arange(10), np.array([2, 4, 6, 8])
    whole = whole_split_design(everything, split, split, left_out=False)
    assert whole.design.inclusion.tolist() == [0.4] * 4
    with pytest.raises(ConflictError, match="1 of the 4 texts"):
        whole_split_design(everything, split, split[:3], left_out=False)
    rest = whole_split_design(everything, split, split[:3], left_out=True)
    assert rest.design.inclusion.tolist() == [0.3] * 3
    assert "1 of the 4 texts" in rest.notes[0]


def test_categories_have_indicators_but_for_the_reference():
    question = EstimateQuestion(
        kind="linear",
        covariates=(Covariate(column="age", standardise=True), Covariate(column="side")),
    )
    (table,) = covariates_of(FRAME, question, 4)
    assert table.names == ("intercept", "age", "side=right", "side=up")
    assert table.values[:, 2].tolist() == [0, 1, 0, 0]
    assert table.values[:, 1].mean() == pytest.approx(0)
    assert table.values[:, 1].std() == pytest.approx(1)


@pytest.mark.parametrize(
    ("question", "match"),
    [
        (EstimateQuestion(kind="linear"), "Name a covariate"),
        (EstimateQuestion(kind="mean-by-group"), "Name the column"),
        (EstimateQuestion(kind="mean-by-group", by="no"), "no context column 'no'"),
        (
            EstimateQuestion(
                kind="linear", covariates=(Covariate(column="side", reference="down"),)
            ),
            "no value 'down'",
        ),
    ],
)
def test_questions_that_do_not_fit_are_refused(question, match):
    with pytest.raises(InvalidInputError, match=match):
        covariates_of(FRAME, question, 4)


def test_missing_values_are_refused():
    frame = pl.DataFrame({"age": [1, None]})
    question = EstimateQuestion(kind="linear", covariates=(Covariate(column="age"),))
    with pytest.raises(InvalidInputError, match="missing values"):
        covariates_of(frame, question, 2)


def test_a_share_needs_no_context_columns():
    (table,) = covariates_of(pl.DataFrame(), EstimateQuestion(), 3)
    assert table.values.tolist() == [[1], [1], [1]]
