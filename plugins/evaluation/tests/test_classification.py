import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    balanced_accuracy_score,
    brier_score_loss,
    cohen_kappa_score,
    confusion_matrix,
    log_loss,
    matthews_corrcoef,
    multilabel_confusion_matrix,
    precision_recall_fscore_support,
    roc_auc_score,
)

from kodkod.api import Compared, InvalidInputError, Score
from kodkod_evaluation.classification import Classification
from kodkod_evaluation.coded import read_coded
from kodkod_evaluation.counted import CountedFigures
from kodkod_evaluation.losses import LossFigures
from kodkod_evaluation.paired import mcnemar
from kodkod_evaluation.params import ClassificationParams
from kodkod_evaluation.ranked import RankedFigures
from kodkod_evaluation.resampling import draw_weights, measure

FIGURES = ("precision", "recall", "f1")


def compared_with(reference, probabilities, thresholds=None):
    probabilities = np.asarray(probabilities, dtype=np.float32)
    return Compared(
        reference=reference,
        probabilities=probabilities,
        labels=tuple(f"label {i}" for i in range(probabilities.shape[1])),
        thresholds=None if thresholds is None else np.float32(thresholds),
    )


def score(reference, probabilities, *, replicates=0, seed=0, thresholds=None, **params):
    metric = Classification(ClassificationParams(replicates=replicates, **params))
    compared = compared_with(reference, probabilities, thresholds)
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
        ours = {
            figure: found.value
            for figure, found in report.by_label[name].items()
            if figure in (*FIGURES, "support")
        }
        assert ours == {
            "precision": pytest.approx(hit / (hit + wrong)) if hit + wrong else None,
            "recall": pytest.approx(hit / (hit + missed)) if hit + missed else None,
            "f1": pytest.approx(2 * hit / (2 * hit + wrong + missed))
            if hit + wrong + missed
            else None,
            "support": hit + missed,
        }


@settings(max_examples=30)
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


@settings(max_examples=30)
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
def test_a_replicate_is_what_the_texts_drawn_would_score(several):
    # Given texts of three labels, and replicates of them
    rng = np.random.default_rng(1)
    p = rng.dirichlet(np.ones(3), 60).astype(np.float32).round(2)
    noisy = p + rng.normal(0, 0.3, p.shape)
    reference = (noisy > 0.5).astype(np.uint8) if several else noisy.argmax(axis=1)
    (weights,) = draw_weights(60, 12, np.random.default_rng(3))
    measured = measure(
        [
            family(read_coded(compared_with(reference, p)))
            for family in (CountedFigures, RankedFigures, LossFigures)
        ],
        60,
        12,
        np.random.default_rng(3),
    )
    # When the texts drawn are scored as if they were all
    for draw, times in enumerate(weights.T, start=1):
        rows = np.repeat(np.arange(60), times.astype(int))
        report = score(reference[rows], p[rows])
        # Then that is the replicate
        for name, values in measured.overall.items():
            assert or_nan(report.overall[name]) == close_to(values[draw]), name
        for name, by_label in measured.by_label.items():
            for label, values in zip(report.labels, by_label, strict=True):
                assert or_nan(report.by_label[label][name]) == close_to(values[draw]), name


def or_nan(found):
    return np.nan if found.value is None else found.value


def close_to(value):
    return pytest.approx(value, rel=1e-5, abs=1e-6, nan_ok=True)


def test_texts_are_drawn_with_replacement():
    weights = np.hstack(list(draw_weights(50, 2_000, np.random.default_rng(0))))
    assert weights.shape == (50, 2_000)
    assert (weights.sum(axis=0) == 50).all()
    # Each is Binomial(50, 1 / 50).
    assert weights.mean() == 1
    assert weights.var(axis=1).mean() == pytest.approx(49 / 50, abs=0.02)


@pytest.mark.parametrize("several", [False, True])
def test_an_interval_holds_the_middle_of_the_replicates(several):
    rng = np.random.default_rng(1)
    p = rng.dirichlet(np.ones(3), 200).astype(np.float32)
    reference = (p > 0.4).astype(np.uint8) if several else rng.integers(0, 3, 200)
    family = CountedFigures(read_coded(compared_with(reference, p)))
    drawn = measure([family], 200, 500, np.random.default_rng(4)).overall["macro_f1"][1:]
    found = score(reference, p, replicates=500, seed=4).overall["macro_f1"]
    assert [found.low, found.high] == pytest.approx(np.percentile(drawn, [2.5, 97.5]), abs=1e-12)


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


def values_of(report):
    return {name: found.value for name, found in report.overall.items()}


def distributions(draw, n, n_labels):
    """Probabilities that sum to 1, with ties, as float32."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    p = rng.integers(1, 5, (n, n_labels)).astype(np.float64)
    return (p / p.sum(axis=1, keepdims=True)).astype(np.float32), rng


@st.composite
def one_label(draw):
    n, n_labels = draw(st.integers(4, 40)), draw(st.integers(2, 5))
    p, rng = distributions(draw, n, n_labels)
    return rng.integers(0, draw(st.integers(1, n_labels)), n), p


@settings(max_examples=30)
@given(one_label())
def test_agreement_beyond_chance_as_in_scikit_learn(data):
    reference, p = data
    predicted = p.argmax(axis=1)
    ours = values_of(score(reference, p))
    assert ours["balanced_accuracy"] == pytest.approx(mean_recall(reference, predicted))
    assert (ours["mcc"] or 0) == correlation(reference, predicted)
    if len(np.unique([*reference, *predicted])) > 1:
        assert ours["kappa"] == pytest.approx(cohen_kappa_score(reference, predicted))
    else:
        assert ours["kappa"] is None
    for i, found in enumerate(score(reference, p).by_label.values()):
        mine, theirs = predicted == i, reference == i
        assert (found["mcc"].value or 0) == correlation(theirs, mine)


def correlation(reference, predicted):
    # Where it is not defined scikit-learn says 0, or warns.
    if len(np.unique([*reference, *predicted])) == 1:
        return 0
    return pytest.approx(matthews_corrcoef(reference, predicted), abs=1e-9)


def mean_recall(reference, predicted):
    # Labels that are predicted only are not in it, of which scikit-learn warns.
    there = np.isin(predicted, reference)
    moved = np.where(there, predicted, -1)
    recalls = [(moved[reference == i] == i).mean() for i in np.unique(reference)]
    if there.all() and len(recalls) > 1:
        assert np.mean(recalls) == pytest.approx(balanced_accuracy_score(reference, predicted))
    return np.mean(recalls)


@settings(max_examples=30)
@given(one_label())
def test_what_probabilities_are_worth_as_in_scikit_learn(data):
    reference, p = data
    report, columns = score(reference, p), np.arange(p.shape[1])
    ours, has = values_of(report), reference[:, None] == columns
    exact = p.astype(np.float64)
    exact /= exact.sum(axis=1, keepdims=True)
    assert ours["log_loss"] == pytest.approx(log_loss(reference, exact, labels=columns), rel=1e-5)
    assert ours["brier"] == pytest.approx(
        brier_score_loss(has.argmax(axis=1), exact, labels=columns, scale_by_half=False), rel=1e-5
    )
    check_areas(report, has, p)
    check_calibration(report, p.argmax(axis=1) == reference, p.max(axis=1))


@settings(max_examples=30)
@given(cases(several=True))
def test_probabilities_of_several_labels_as_in_scikit_learn(data):
    reference, p = data
    report, p = score(reference, p), p.astype(np.float32)
    ours, has = values_of(report), reference.astype(bool)
    check_areas(report, has, p)
    check_calibration(report, has.ravel(), p.ravel())
    exact = p.astype(np.float64)
    losses = [log_loss(has[:, i], exact[:, i], labels=[0, 1]) for i in range(has.shape[1])]
    squares = [brier_score_loss(has[:, i], exact[:, i]) for i in range(has.shape[1])]
    # Its least probability is that of float64.
    certain_and_wrong = ((p == 0) & has).any()
    if not certain_and_wrong:
        assert ours["log_loss"] == pytest.approx(np.mean(losses), abs=1e-6)
    assert ours["brier"] == pytest.approx(np.mean(squares), abs=1e-6)
    kappas = [
        cohen_kappa_score(has[:, i], p[:, i] >= 0.5)
        for i in range(has.shape[1])
        if len({*has[:, i], *(p[:, i] >= 0.5)}) > 1
    ]
    assert ours["kappa"] == (pytest.approx(np.mean(kappas), abs=1e-9) if kappas else None)


def check_areas(report, has, p):
    roc, average = [], []
    for i, name in enumerate(report.labels):
        found = report.by_label[name]
        if has[:, i].any():
            average.append(average_precision_score(has[:, i], p[:, i]))
            assert found["pr_auc"].value == pytest.approx(average[-1], abs=1e-9)
        else:
            assert found["pr_auc"].value is None
        if has[:, i].any() and not has[:, i].all():
            roc.append(roc_auc_score(has[:, i], p[:, i]))
            assert found["roc_auc"].value == pytest.approx(roc[-1], abs=1e-9)
        else:
            assert found["roc_auc"].value is None
    for name, values in (("macro_roc_auc", roc), ("macro_pr_auc", average)):
        expected = pytest.approx(np.mean(values), abs=1e-9) if values else None
        assert report.overall[name].value == expected


def check_calibration(report, came_true, p):
    shares, means = calibration_curve(came_true, p.astype(np.float64), n_bins=10)
    assert [each.came_true.value for each in report.calibration] == pytest.approx(list(shares))
    assert [each.mean_probability for each in report.calibration] == pytest.approx(list(means))
    counts = np.array([each.n for each in report.calibration])
    assert counts.sum() == len(p)
    error = (counts * np.abs(shares - means)).sum() / len(p)
    assert report.overall["calibration_error"].value == pytest.approx(error, abs=1e-6)
    assert all(each.low <= each.mean_probability <= each.high for each in report.calibration)


def test_a_label_is_on_a_text_from_its_threshold_on():
    reference = np.array([[1, 1], [0, 1], [0, 0]], np.uint8)
    p = [[0.3, 0.7], [0.2, 0.75], [0.1, 0.6]]

    report = score(reference, p, thresholds=[0.3, 0.7])

    assert report.overall["accuracy"].value == 1
    assert score(reference, p).overall["accuracy"].value == pytest.approx(1 / 3)


def test_a_dichotomised_label_stands_for_itself():
    # One column whose rows do not sum to 1.
    report = score(np.uint8([[1], [1], [0], [0]]), [[0.9], [0.4], [0.6], [0.1]])

    assert report.labels == ["label 0"]
    assert report.overall["accuracy"].value == 0.5
    assert report.overall["macro_roc_auc"].value == 0.75
    assert report.overall["mcc"].value == 0


def test_counts_alone_where_nothing_else_is_wanted():
    report = score(np.array([0, 1]), [[0.9, 0.1], [0.2, 0.8]], from_probabilities=False)

    assert "macro_f1" in report.overall
    assert not {"log_loss", "macro_roc_auc"} & set(report.overall)
    assert report.calibration is None


def pair(n=400, seed=0):
    """Two predictors of one reference: the second is right more often."""
    rng = np.random.default_rng(seed)
    reference = rng.integers(0, 3, n)
    truth = np.eye(3)[reference]
    worse = rng.dirichlet(np.ones(3), n) + 0.5 * truth
    better = rng.dirichlet(np.ones(3), n) + 1.0 * truth
    return reference, worse / 1.5, better / 2


def test_two_predictors_are_compared_pair_by_pair():
    reference, worse, better = pair()
    metric = Classification(ClassificationParams(replicates=400))
    first, second = compared_with(reference, worse), compared_with(reference, better)

    found = metric.compare(first, second, np.random.default_rng(0))

    accuracy = found.overall["accuracy"]
    assert accuracy.first == accuracy_score(reference, np.float32(worse).argmax(axis=1))
    assert accuracy.second == accuracy_score(reference, np.float32(better).argmax(axis=1))
    assert accuracy.difference == pytest.approx(accuracy.second - accuracy.first)
    assert 0 < accuracy.low < accuracy.difference < accuracy.high
    assert accuracy.p < 0.01
    assert found.overall["log_loss"].difference < 0
    assert found.by_label["label 1"]["f1"].p < 0.05
    assert set(found.by_label["label 1"]).isdisjoint({"support"})
    assert not [name for name in found.overall if "bin" in name]


def test_the_pairing_makes_the_interval_of_the_difference_narrow():
    # Given two predictors that differ in 5 of 400 texts
    reference, worse, _ = pair()
    other = worse.copy()
    wrong = np.flatnonzero(np.float32(worse).argmax(axis=1) != reference)[:5]
    other[wrong] = np.eye(3)[reference[wrong]]
    metric = Classification(ClassificationParams(replicates=400))
    found = metric.compare(
        compared_with(reference, worse), compared_with(reference, other), np.random.default_rng(0)
    ).overall["accuracy"]
    alone = score(reference, worse, replicates=400).overall["accuracy"]
    # Then the difference is known far better than either
    assert found.high - found.low < (alone.high - alone.low) / 2


def test_a_predictor_does_not_differ_from_itself():
    reference, worse, _ = pair()
    metric = Classification(ClassificationParams(replicates=100))
    one = compared_with(reference, worse)

    found = metric.compare(one, one, np.random.default_rng(0))

    assert all(each.difference in (0, None) for each in found.overall.values())
    assert all(each.p in (1, None) for each in found.overall.values())
    assert (found.mcnemar.only_first, found.mcnemar.only_second, found.mcnemar.p) == (0, 0, 1)


def test_no_difference_is_seldom_called_one():
    # Forty times, two predictors that know as little.
    metric = Classification(ClassificationParams(replicates=200, from_probabilities=False))
    p_values = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        reference = rng.integers(0, 3, 120)
        one, other = (
            compared_with(reference, rng.dirichlet(np.ones(3), 120) + 0.5 * np.eye(3)[reference])
            for _ in range(2)
        )
        p_values.append(metric.compare(one, other, rng).overall["accuracy"].p)
    assert np.mean(np.array(p_values) < 0.05) <= 0.2
    assert np.mean(p_values) > 0.3


def test_mcnemar_by_hand():
    # The first alone is right 1 time, the second alone 5 times: 2 * (1 + 6) / 64.
    first = np.array([1, 0, 0, 0, 0, 0, 1, 1, 0], dtype=bool)
    second = np.array([0, 1, 1, 1, 1, 1, 1, 1, 0], dtype=bool)
    found = mcnemar(first, second)
    assert (found.only_first, found.only_second, found.p) == (1, 5, pytest.approx(14 / 64))
    assert found.p == pytest.approx(binomtest(1, 6).pvalue)
    assert mcnemar(first, first).p == 1


def test_predictors_of_other_texts_are_not_compared():
    metric = Classification(ClassificationParams(replicates=0))
    one = compared_with(np.array([0, 1]), np.eye(2))
    other = compared_with(np.array([1, 1]), np.eye(2))
    with pytest.raises(InvalidInputError, match="same rows"):
        metric.compare(one, other, np.random.default_rng(0))
