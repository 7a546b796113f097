"""What stopping rules are given: places, columns, and which draws have a probability."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from kodkod.api import HeldOut, NoParams, Score
from kodkod.project.coding import Coder
from kodkod.project.fold import SchemeFold
from kodkod.project.guide import Predictions
from kodkod.project.learning_history import (
    Recorded,
    align_columns,
    defined_probabilities,
    learning_history,
)
from kodkod.store.beliefs import Assessment, AssessmentFacts
from kodkod.store.draws import FirstDraws
from kodkod.store.labels import Label
from kodkod.store.log import Entry
from kodkod_schemes.multiclass import Multiclass
from kodkod_schemes.multilabel import Multilabel
from kodkod_schemes.params import MultilabelParams
from kodkod_schemes.span import SpanParams, Spans

NO_DRAWS = FirstDraws(np.zeros(0, int), np.zeros(0, int), [], np.zeros(0))
LABELS = [
    Label(id=id_, name=name, color=None, description="") for id_, name in ((4, "a"), (7, "b"))
]
SPLITS = np.array([0, 2, 0, 0, 1, 0], dtype=np.uint8)


def said(values: dict[int, str], n_rows: int = len(SPLITS), scheme_type=None) -> SchemeFold:
    """Return a fold in which user 1 gave these raw values, in this order."""
    fold = SchemeFold(n_rows)
    fold.coder = Coder(scheme_type or Multiclass(NoParams()), LABELS, {})
    for seq, (row, raw) in enumerate(values.items(), start=1):
        fold.apply(
            Entry(
                seq=seq,
                created_at=datetime(2026, 5, 1, tzinfo=UTC),
                project_id=1,
                scheme_id=1,
                op="set",
                row=row,
                user_id=1,
                value=raw,
            )
        )
    return fold


def history_of(fold, predictions=None, assessment=None, draws=NO_DRAWS, overlap=1):
    recorded = Recorded(beliefs=(), assessments=(), assessment=assessment, draws=draws)
    return learning_history(
        fold,
        fold.coder,
        SPLITS,
        predictions,
        recorded,
        overlap=overlap,
        uniform={"random"},
        seed=[1],
    )


def predicted(p, ids=(4, 7)) -> Predictions:
    return Predictions(
        version=3,
        probabilities=np.array(p, dtype=np.float32),
        label_ids=ids,
        trained_at_seq=9,
        n_train=2,
    )


def test_rows_become_places_among_those_that_can_be_annotated():
    # Given answers in every split, and predictions of all rows but the last
    fold = said({5: '"7"', 1: '"4"', 0: '"4"', 3: '"7"'})
    p = [[0.1 * row, 1 - 0.1 * row] for row in range(5)]

    history = history_of(fold, predicted(p))

    # Then rows 0, 2, 3 and 5 of the train split are places 0 to 3
    assert history.n_rows == 4
    assert history.labelled.tolist() == [0, 2, 3]
    assert history.targets.tolist() == [0, 1, 1]
    assert history.probabilities[:3, 0].tolist() == pytest.approx([0.0, 0.2, 0.3])
    assert np.isnan(history.probabilities[3]).all()
    assert (history.labels, history.multilabel) == (("a", "b"), False)


def test_where_all_rows_can_be_annotated_predictions_are_not_copied():
    fold = said({0: '"4"'}, n_rows=3)
    predictions = predicted([[0.5, 0.5]] * 3)
    recorded = Recorded(beliefs=(), assessments=(), assessment=None, draws=NO_DRAWS)
    splits = np.zeros(3, dtype=np.uint8)
    history = learning_history(
        fold, fold.coder, splits, predictions, recorded, overlap=1, uniform=(), seed=[1]
    )
    assert np.shares_memory(history.probabilities, predictions.probabilities)


def test_columns_are_the_labels_of_now():
    p = np.array([[0.5, 0.2, 0.3], [0.1, 0.1, 0.8]], dtype=np.float32)
    # 3 was merged into 2 and that into 4; 9 is new, 7 has moved to the front.
    aligned = align_columns(p, [7, 3, 4], [7, 9, 4], {3: 2, 2: 4}, several=False)
    np.testing.assert_allclose(aligned[:, [0, 2]], [[0.5, 0.5], [0.1, 0.9]])
    assert np.isnan(aligned[:, 1]).all()
    several = align_columns(p, [7, 3, 4], [4], {3: 4, 7: None}, several=True)
    np.testing.assert_allclose(several, [[0.3], [0.8]])


def test_held_out_predictions_are_those_of_the_rows_that_were_assessed():
    fold = said({5: '"7"', 0: '"4"', 3: '"7"'})
    facts = AssessmentFacts(
        held_out=HeldOut(n_train=2, trained_at_seq=2, score=Score(value=0.5)),
        curve=[],
        label_ids=[7, 4],
        model="m",
        params={},
        features=[],
        seed=0,
    )
    # Row 2 is annotated no more, row 3 was not yet.
    p = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8]], dtype=np.float32)
    history = history_of(fold, assessment=Assessment(facts, np.array([0, 2, 5]), p))
    np.testing.assert_allclose(history.held_out[[0, 2]], [[0.1, 0.9], [0.8, 0.2]])
    assert np.isnan(history.held_out[1]).all()
    assert history.probabilities is None


def test_several_labels_and_passages():
    fold = said({0: '["4","7"]', 3: "[]"}, scheme_type=Multilabel(MultilabelParams()))
    history = history_of(fold)
    assert history.multilabel
    assert history.targets.tolist() == [[1, 1], [0, 0]]
    fold = said({}, scheme_type=Spans(SpanParams()))
    assert history_of(fold) is None


def test_nothing_is_annotated_and_nothing_predicted():
    history = history_of(said({}))
    assert history.labelled.tolist() == []
    assert history.turn.tolist() == []
    assert history.targets.shape == (0,)
    assert (history.probabilities, history.held_out) == (None, None)


def test_turns_are_the_order_of_the_first_values():
    fold = said({5: '"7"', 0: '"4"', 3: '"7"'})
    draws = FirstDraws(
        np.array([0, 1, 3, 5]),
        np.array([12, 2, 30, 4]),
        ["random", "random", "mixed", None],
        np.array([1 / 3, 0.5, 0.9, np.nan]),
    )
    history = history_of(fold, draws=draws)
    # Places 0, 2, 3: row 5 came first, then row 0, then row 3.
    assert history.turn.tolist() == [1, 2, 0]
    np.testing.assert_allclose(history.selection_probability, [1 / 3, 0.9, np.nan])
    history = history_of(fold, draws=draws, overlap=2)
    np.testing.assert_allclose(history.selection_probability, [1 / 3, np.nan, np.nan])


def test_a_uniform_draw_counts_only_if_it_was_from_most_of_what_was_left():
    given = np.array([1 / 100, 1 / 95, 1 / 20, 1 / 250, np.nan, 0.3])
    uniform = np.array([True, True, True, True, True, False])
    left = np.array([100, 100, 100, 100, 100, 100])
    found = defined_probabilities(given, uniform, left, overlap=1)
    # From all; from nearly all (others had leases); from a search; with texts that another
    # annotator had had; unknown; and one that only explores, as it was given.
    np.testing.assert_allclose(found, [0.01, 0.01, np.nan, 0.01, np.nan, 0.3])
