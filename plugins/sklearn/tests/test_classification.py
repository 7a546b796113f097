import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    f1_score,
    multilabel_confusion_matrix,
    precision_recall_fscore_support,
)

from kodkod.api import Compared, InvalidInputError, Score
from kodkod_sklearn.classification import Classification
from kodkod_sklearn.params import ClassificationParams

FIGURES = ("precision", "recall", "f1")


def score(reference, probabilities, *, replicates=0, seed=0):
    probabilities = np.asarray(probabilities, dtype=np.float32)
    labels = tuple(f"label {i}" for i in range(probabilities.shape[1]))
    metric = Classification(ClassificationParams(replicates=replicates))
    compared = Compared(reference=reference, probabilities=probabilities, labels=labels)
    return metric.score(compared, np.random.default_rng(seed))


@st.composite
def cases(draw, several):
    n, n_labels = draw(st.integers(1, 30)), draw(st.integers(1, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    # Few distinct values, so that ties, absent labels and the threshold itself occur.
    probabilities = rng.choice([0.0, 0.2, 0.5, 0.9], size=(n, n_labels))
    if several:
        share = rng.random(n_labels)
        return (rng.random((n, n_labels)) < share).astype(np.uint8), probabilities
    return rng.integers(0, draw(st.integers(1, n_labels)), size=n), probabilities


def check_against_scikit_learn(report, reference, predicted, labels):
    assert report.overall["accuracy"].value == pytest.approx(accuracy_score(reference, predicted))
    for average in ("macro", "micro", "weighted"):
        expected = precision_recall_fscore_support(
            reference, predicted, labels=labels, average=average, zero_division=0
        )
        for figure, value in zip(FIGURES, expected[:3], strict=True):
            ours = report.overall[f"{average}_{figure}"].value
            assert (ours or 0) == pytest.approx(value), (average, figure)


def check_labels(report, confusions):
    for name, ((_, wrong), (missed, hit)) in zip(report.labels, confusions, strict=True):
        ours = {figure: found.value for figure, found in report.by_label[name].items()}
        assert ours == {
            "precision": pytest.approx(hit / (hit + wrong)) if hit + wrong else None,
            "recall": pytest.approx(hit / (hit + missed)) if hit + missed else None,
            "f1": pytest.approx(2 * hit / (2 * hit + wrong + missed))
            if hit + wrong + missed
            else None,
            "support": hit + missed,
        }


@settings(deadline=None)
@given(cases(several=False))
def test_one_label_a_text_as_in_scikit_learn(data):
    reference, probabilities = data
    predicted, n_labels = probabilities.argmax(axis=1), probabilities.shape[1]
    report = score(reference, probabilities)
    check_against_scikit_learn(report, reference, predicted, None)
    everyone = np.arange(n_labels)
    check_labels(report, multilabel_confusion_matrix(reference, predicted, labels=everyone))
    expected = (
        confusion_matrix(reference, predicted, labels=everyone).tolist()
        if n_labels > 1
        else [[len(reference)]]
    )
    assert report.confusion == expected
    assert report.n == len(reference)


@settings(deadline=None)
@given(cases(several=True))
def test_several_labels_a_text_as_in_scikit_learn(data):
    reference, probabilities = data
    predicted = (probabilities >= 0.5).astype(np.uint8)
    report = score(reference, probabilities)
    if reference.shape[1] > 1:
        present = np.flatnonzero(reference.any(axis=0) | predicted.any(axis=0))
        if len(present):
            check_against_scikit_learn(report, reference, predicted, present)
        check_labels(report, multilabel_confusion_matrix(reference, predicted))
    assert report.confusion is None


def test_the_absence_of_a_label_is_no_success():
    # Given 100 texts of which one has one of ten labels, and a model that never finds any.
    reference = np.zeros((100, 10), np.uint8)
    reference[0, 0] = 1
    report = score(reference, np.zeros((100, 10)))
    # Then only accuracy, which counts whole texts, is high.
    assert report.overall["accuracy"].value == 0.99
    assert report.overall["macro_f1"].value == 0
    assert report.overall["micro_f1"].value == 0
    assert report.by_label["label 1"]["f1"] == Score(value=None)


def test_undefined_is_said_as_none():
    report = score(np.array([0, 0]), [[0.9, 0.1, 0], [0.4, 0.6, 0]], replicates=50)
    assert report.by_label["label 1"]["recall"].value is None
    assert report.by_label["label 1"]["precision"].value == 0
    assert report.by_label["label 2"]["f1"] == Score(value=None)
    none_at_all = score(np.zeros((3, 2), np.uint8), np.zeros((3, 2)), replicates=50)
    assert none_at_all.overall["macro_f1"] == Score(value=None)
    assert none_at_all.overall["accuracy"].value == 1


@pytest.mark.parametrize("several", [False, True])
def test_intervals_are_those_of_resampling_texts_one_by_one(several):
    # Given 200 texts and three labels.
    rng = np.random.default_rng(1)
    probabilities = rng.random((200, 3)).astype(np.float32)
    reference = (
        (probabilities + rng.normal(0, 0.3, (200, 3)) > 0.5).astype(np.uint8)
        if several
        else (probabilities + rng.normal(0, 0.3, (200, 3))).argmax(axis=1)
    )
    predicted = (probabilities >= 0.5).astype(int) if several else probabilities.argmax(axis=1)
    # When texts are drawn with replacement the plain way.
    plain = []
    for _ in range(1_000):
        rows = rng.integers(0, 200, 200)
        plain.append(
            (
                f1_score(reference[rows], predicted[rows], average="macro", zero_division=0),
                accuracy_score(reference[rows], predicted[rows]),
            )
        )
    low, high = np.percentile(plain, [2.5, 97.5], axis=0)
    # Then the draws of counts give the same interval but for chance.
    report = score(reference, probabilities, replicates=4_000)
    for i, figure in enumerate(("macro_f1", "accuracy")):
        assert report.overall[figure].low == pytest.approx(low[i], abs=0.015)
        assert report.overall[figure].high == pytest.approx(high[i], abs=0.015)


def test_a_seed_gives_one_interval():
    reference, probabilities = np.arange(40) % 3, np.random.default_rng(0).random((40, 3))
    again = (score(reference, probabilities, replicates=100, seed=4) for _ in range(2))
    assert next(again) == next(again)


@pytest.mark.parametrize(
    ("reference", "probabilities", "message"),
    [
        (np.zeros(0, np.int64), np.zeros((0, 2)), "no annotated text"),
        (np.zeros(3, np.int64), np.zeros((2, 2)), "cannot be compared"),
        (np.zeros((2, 3), np.uint8), np.zeros((2, 2)), "cannot be compared"),
        (np.zeros(2, np.int64), [[0.5, 0.5], [np.nan, np.nan]], "1 of 2 texts have no prediction"),
    ],
)
def test_what_cannot_be_compared_is_refused(reference, probabilities, message):
    with pytest.raises(InvalidInputError, match=message):
        score(reference, probabilities)
