"""Predictions put beside annotations: columns, thresholds, passages, and what was learnt."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from kodkod.api import NoParams, Span, Split
from kodkod.jobs.beside import align_columns, put_beside, stamp_of
from kodkod.jobs.coding import Coding
from kodkod.jobs.places import ProjectPlaces
from kodkod.jobs.validation import CrossValidated
from kodkod.store.artefacts import ModelRow
from kodkod.store.database import now
from kodkod.store.labels import Label
from kodkod.store.learnt import write_learnt
from kodkod.store.matrices import Manifest, MatrixFolder
from kodkod.store.projects import Scheme
from kodkod.store.spans import span_table, write_spans
from kodkod_schemes.multiclass import Multiclass
from kodkod_schemes.multilabel import Multilabel
from kodkod_schemes.params import MultilabelParams, SpanParams
from kodkod_schemes.span import Spans

TYPES = {
    "multiclass": Multiclass(NoParams()),
    "multilabel": Multilabel(MultilabelParams()),
    "span": Spans(SpanParams()),
}
SPLITS = np.uint8([0, 0, 0, 0, 2, 2, 2, 2])
IDS = [1, 2, 3]


def coding(type_="multiclass", values=(), rows=(), ids=IDS, merged=None) -> Coding:
    labels = [Label(id=id_, name="abcdefghi"[id_ - 1]) for id_ in ids]
    scheme = Scheme(
        id=1,
        project_id=1,
        name="s",
        type=type_,
        params={},
        codebook="",
        overlap=1,
        guide=None,
        created_at=now(),
        labels=labels,
    )
    return Coding(
        scheme=scheme,
        scheme_type=TYPES[type_],
        rows=np.array(rows, dtype=np.int64),
        values=list(values),
        merged=merged or {},
        seq=0,
    )


def model(**changed) -> ModelRow:
    row = ModelRow(
        id="m",
        project_id=1,
        scheme_id=1,
        name="mine",
        component="c",
        params={},
        features=[],
        label_ids=IDS,
        n_train=0,
        trained_at_seq=0,
        corpus_fingerprint="",
        seed=0,
        scores={},
        predicted_rows=8,
        created_at=now(),
    )
    return msgspec.structs.replace(row, **changed)


@pytest.fixture
def places(tmp_path) -> ProjectPlaces:
    found = ProjectPlaces(tmp_path / "project", tmp_path / "models")
    found.model("m").mkdir(parents=True)
    return found


def predict(places, probabilities, spans=None) -> None:
    folder = places.predictions("m")
    folder.mkdir(parents=True, exist_ok=True)
    matrix = np.float32(probabilities)
    manifest = Manifest(
        component="c", params={}, corpus_fingerprint="", rows=len(matrix), dim=3, sparse=False
    )
    MatrixFolder(folder).write(matrix, manifest)
    if spans is not None:
        sure = [[0.9] * len(each) for each in spans]
        names = dict(zip("abc", IDS, strict=True))
        with write_spans(folder) as writer:
            writer.append(span_table(np.arange(len(spans)), spans, sure, names))


P = np.float32([[0.5, 0.3, 0.2]])


@pytest.mark.parametrize(
    ("ids", "merged", "single", "expected"),
    [
        ([1, 2, 3], {}, True, [0.5, 0.3, 0.2]),
        ([3, 1, 2], {}, True, [0.2, 0.5, 0.3]),
        ([1, 2, 3, 9], {}, True, [0.5, 0.3, 0.2, 0.0]),
        ([1, 2], {3: 2}, True, [0.5, 0.5]),
        ([1, 2], {3: None}, True, [0.625, 0.375]),
        ([1], {3: 2, 2: 1}, True, [1.0]),
        ([1, 2], {3: 2}, False, [0.5, 0.3]),
        ([1, 2], {3: None}, False, [0.5, 0.3]),
    ],
)
def test_columns_follow_the_labels(ids, merged, single, expected):
    found = align_columns(P, [1, 2, 3], coding(ids=ids, merged=merged), single=single)

    np.testing.assert_allclose(found, [expected], rtol=1e-6)


EYE = np.eye(3)[[0, 1, 2, 0, 1, 2, 0, 1]]
ALL = coding(values=["a", "b", "c", "a", "b", "c"], rows=[0, 1, 2, 3, 4, 5])


def test_a_split_has_its_predicted_and_annotated_texts(places):
    predict(places, EYE)

    found = put_beside(ALL, model(), places, Split.TEST, SPLITS)

    assert found.rows.tolist() == [4, 5]
    assert found.basis == "unseen"
    np.testing.assert_array_equal(found.probabilities, EYE[[4, 5]])
    assert put_beside(ALL, model(), places, Split.VALID, SPLITS) is None


def test_without_predictions_there_is_nothing(places):
    assert put_beside(ALL, model(), places, Split.TEST, SPLITS) is None


def test_what_was_learnt_from_is_in_sample(places):
    predict(places, EYE)
    assert put_beside(ALL, model(), places, Split.TRAIN, SPLITS).basis == "in-sample"

    learnt(places, [0, 1])
    found = put_beside(ALL, model(), places, Split.TRAIN, SPLITS)
    assert (found.basis, found.rows.tolist()) == ("in-sample", [0, 1, 2, 3])

    # Where none of what it learnt counts any longer, all is new to it
    later = coding(values=["c", "a"], rows=[2, 3])
    assert put_beside(later, model(), places, Split.TRAIN, SPLITS).basis == "unseen"


def learnt(places, rows, said=None) -> None:
    write_learnt(
        places.model("m"), rows=np.array(rows), label_ids=IDS, names=("a", "b", "c"), said=said
    )


def test_what_cross_validation_said_counts_for_what_was_learnt_from(places):
    # Given a model that learnt rows 0 to 2, of which row 1 was never held out
    predict(places, EYE)
    held_out = np.float32([[0.2, 0.2, 0.6], [np.nan] * 3, [0.1, 0.1, 0.8]])
    learnt(places, [0, 1, 2], CrossValidated(probabilities=held_out, folds=np.array([0, -1, 1])))

    found = put_beside(ALL, model(), places, Split.TRAIN, SPLITS)

    # Then row 1 is left out, and row 3, which came later, counts by the model itself
    assert (found.basis, found.rows.tolist()) == ("cross-validated", [0, 2, 3])
    np.testing.assert_array_equal(found.probabilities, [held_out[0], held_out[2], EYE[3]])


def test_cross_validation_counts_before_anything_is_predicted(places):
    held_out = np.float32([[0.2, 0.2, 0.6], [0.1, 0.1, 0.8]])
    learnt(places, [0, 2], CrossValidated(probabilities=held_out, folds=np.array([0, 1])))

    found = put_beside(ALL, model(predicted_rows=None), places, Split.TRAIN, SPLITS)

    assert found.rows.tolist() == [0, 2]


def test_thresholds_follow_the_labels(places):
    predict(places, EYE)
    row = model(thresholds=[0.2, 0.3, 0.4])
    said = {"values": [["a"], []], "rows": [4, 5], "type_": "multilabel"}

    plain = put_beside(coding(**said, ids=[3, 1, 2, 9]), row, places, Split.TEST, SPLITS)
    merged = put_beside(coding(**said, ids=[1, 2], merged={3: 2}), row, places, Split.TEST, SPLITS)

    np.testing.assert_allclose(plain.thresholds, [0.4, 0.2, 0.3, 0.5])
    np.testing.assert_allclose(merged.thresholds, [0.2, 0.3])


def test_excluded_labels_are_not_compared(places):
    predict(places, EYE)
    row = model(label_ids=[1, 2], training={"exclude_labels": [3]})
    folder = places.predictions("m")
    np.save(folder / "matrix.npy", np.float32(EYE[:, :2]))

    found = put_beside(ALL, row, places, Split.TEST, SPLITS).compared()

    assert found.labels == ("a", "b")
    assert found.reference.tolist() == [1]


def test_one_label_against_the_rest_is_compared_as_such(places):
    predict(places, EYE)
    row = model(label_ids=[2], training={"dichotomise": 2})
    np.save(places.predictions("m") / "matrix.npy", np.float32([[0.3]] * 8))

    found = put_beside(ALL, row, places, Split.TEST, SPLITS).compared()

    assert found.labels == ("b",)
    assert found.reference.tolist() == [[1], [0]]
    # Not made to sum to 1.
    np.testing.assert_allclose(found.probabilities, [[0.3], [0.3]])


def test_passages_are_read_in_the_labels_of_now(places):
    said = [[] for _ in range(8)]
    said[0] = [Span(0, 1, "a")]
    said[4] = [Span(0, 4, "a"), Span(6, 8, "c")]
    predict(places, np.zeros((8, 3)), said)
    there = {"type_": "span", "values": [[], [Span(0, 4, "b")], []], "rows": [0, 4, 5]}

    found = put_beside(coding(**there, ids=[1, 2, 3]), model(), places, Split.TEST, SPLITS)
    merged = put_beside(
        coding(**there, ids=[2], merged={1: 2, 3: None}), model(), places, Split.TEST, SPLITS
    )

    assert found.compared().predicted == [said[4], []]
    assert found.compared().values == [[Span(0, 4, "b")], []]
    assert found.compared().reference.tolist() == [[0, 1, 0], [0, 0, 0]]
    assert merged.compared().predicted == [[Span(0, 4, "b")], []]


def test_passages_of_cross_validation_count_for_what_was_learnt_from(places):
    said = [[Span(9, 10, "a")] for _ in range(8)]
    predict(places, np.zeros((8, 3)), said)
    crossed = CrossValidated(
        probabilities=np.zeros((2, 3), np.float32),
        folds=np.array([0, 1]),
        spans=[[Span(0, 2, "b")], []],
    )
    learnt(places, [0, 1], crossed)
    given = coding("span", [[], [], []], [0, 1, 2])

    found = put_beside(given, model(), places, Split.TRAIN, SPLITS)

    assert found.spans == [[Span(0, 2, "b")], [], [Span(9, 10, "a")]]


def test_rows_in_common(places):
    predict(places, EYE)
    found = put_beside(ALL, model(), places, Split.TRAIN, SPLITS).of(np.array([1, 3, 7]))

    assert found.rows.tolist() == [1, 3]
    assert found.compared().reference.tolist() == [1, 0]


def test_the_stamp_changes_with_each_prediction(places):
    before = stamp_of(places, "m")
    predict(places, EYE)

    assert stamp_of(places, "m") != before
