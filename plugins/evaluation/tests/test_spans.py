"""Passages: by hand, against nervaluate, and resampled."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nervaluate import Evaluator

from kodkod.api import Compared, InvalidInputError, Span
from kodkod_evaluation.params import SpanParams
from kodkod_evaluation.resampling import draw_weights, measure
from kodkod_evaluation.spans import SpanFigures, Spans

LABELS = ("person", "place", "time")
WAYS = {"strict": "strict", "exact": "exact", "partial": "partial", "type": "ent_type"}


def compared_of(values, predicted, labels=LABELS):
    n = len(values)
    return Compared(
        reference=np.zeros((n, len(labels)), np.uint8),
        probabilities=np.zeros((n, len(labels)), np.float32),
        labels=labels,
        texts=["x" * 100] * n,
        values=values,
        predicted=predicted,
    )


def score(values, predicted, *, replicates=0, seed=0):
    metric = Spans(SpanParams(replicates=replicates))
    return metric.score(compared_of(values, predicted), np.random.default_rng(seed))


def figures(report, way):
    return tuple(report.overall[f"{way}_{each}"].value for each in ("precision", "recall", "f1"))


def test_the_four_ways_by_hand():
    # Given five passages of which one is found whole, one with another label, one in part, one in
    # part and with another label, one not at all; and one found where nothing is
    there = [
        Span(0, 4, "person"),
        Span(10, 14, "place"),
        Span(20, 30, "time"),
        Span(40, 50, "person"),
        Span(60, 64, "place"),
    ]
    said = [
        Span(0, 4, "person"),
        Span(10, 14, "time"),
        Span(22, 30, "time"),
        Span(45, 55, "place"),
        Span(80, 84, "person"),
    ]

    report = score([there], [said])

    assert figures(report, "strict") == pytest.approx((1 / 5, 1 / 5, 1 / 5))
    assert figures(report, "exact") == pytest.approx((2 / 5, 2 / 5, 2 / 5))
    assert figures(report, "partial") == pytest.approx((3 / 5, 3 / 5, 3 / 5))  # 2 + 2 halves
    assert figures(report, "type") == pytest.approx((2 / 5, 2 / 5, 2 / 5))
    # By label: of two persons one is found; of two called persons, one is one.
    person, place, time = (report.by_label[name] for name in LABELS)
    assert (person["strict_precision"].value, person["strict_recall"].value) == (0.5, 0.5)
    assert (place["strict_precision"].value, place["strict_recall"].value) == (0, 0)
    assert (time["type_precision"].value, time["type_recall"].value) == (0.5, 1)
    assert [each["support"].value for each in (person, place, time)] == [2, 2, 1]
    assert report.overall["macro_strict_f1"].value == pytest.approx((0.5 + 0 + 0) / 3)
    assert report.overall["accuracy"].value == 0


def test_one_passage_counts_once():
    # Two predictions in one passage: the second is too much, by every way.
    report = score([[Span(0, 10, "time")]], [[Span(0, 5, "time"), Span(5, 10, "time")]])

    assert figures(report, "type") == pytest.approx((1 / 2, 1, 2 / 3))
    assert figures(report, "partial") == pytest.approx((1 / 4, 1 / 2, 1 / 3))


def test_the_whole_one_is_paired_before_the_part():
    there = [Span(0, 10, "time"), Span(2, 8, "time")]
    report = score([there], [[Span(2, 8, "time"), Span(0, 3, "time")]])

    assert figures(report, "strict")[1] == 0.5
    assert figures(report, "type") == (1, 1, 1)


def test_neighbours_do_not_overlap():
    report = score([[Span(0, 5, "time")]], [[Span(5, 9, "time")]])

    assert figures(report, "type") == (0, 0, 0)
    assert figures(report, "partial") == (0, 0, 0)


def test_texts_without_passages():
    report = score([[], []], [[], []])

    assert report.overall["accuracy"].value == 1
    assert report.overall["strict_f1"].value is None
    assert report.by_label["time"]["strict_f1"].value is None
    none_found = score([[Span(0, 1, "time")]], [[]])
    assert figures(none_found, "strict") == (None, 0, 0)


@st.composite
def documents(draw):
    """Texts whose passages do not overlap among themselves, as nervaluate wants them."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return [[some(rng), some(rng)] for _ in range(draw(st.integers(1, 6)))]


def some(rng):
    borders = np.sort(rng.choice(24, size=2 * rng.integers(0, 5), replace=False)).tolist()
    pairs = zip(borders[::2], borders[1::2], strict=True)
    return [Span(start, end, LABELS[rng.integers(3)]) for start, end in pairs]


@settings(max_examples=40)
@given(documents())
def test_nervaluate_has_the_same_figures(data):
    values, predicted = ([each[i] for each in data] for i in (0, 1))
    if not (any(values) and any(predicted)):
        return
    report = score(values, predicted)
    # Its ends are inclusive.
    theirs = Evaluator(
        *(
            [
                [{"label": s.label, "start": s.start, "end": s.end - 1} for s in spans]
                for spans in texts
            ]
            for texts in (values, predicted)
        ),
        tags=list(LABELS),
        loader="dict",
    ).evaluate()["overall"]
    for ours, name in WAYS.items():
        expected = (theirs[name].precision, theirs[name].recall, theirs[name].f1)
        if ours == "type":
            # It spends a passage on a prediction with another label that comes first.
            assert figures(report, ours)[2] >= expected[2] - 1e-9
        else:
            assert figures(report, ours) == pytest.approx(expected), ours


def test_a_replicate_is_what_the_texts_drawn_would_score():
    rng = np.random.default_rng(5)
    values, predicted = ([some(rng) for _ in range(30)] for _ in range(2))
    predicted = [v if i % 2 else p for i, (v, p) in enumerate(zip(values, predicted, strict=True))]
    measured = measure([SpanFigures(values, predicted, LABELS)], 30, 8, np.random.default_rng(6))
    (weights,) = draw_weights(30, 8, np.random.default_rng(6))
    for draw, times in enumerate(weights.T, start=1):
        rows = np.repeat(np.arange(30), times.astype(int))
        report = score([values[i] for i in rows], [predicted[i] for i in rows])
        for name, found in measured.overall.items():
            value = report.overall[name].value
            assert (np.nan if value is None else value) == pytest.approx(found[draw], nan_ok=True)
    report = score(values, predicted, replicates=200)
    f1 = report.overall["strict_f1"]
    assert f1.low < f1.value < f1.high


def test_two_taggers_are_compared_pair_by_pair():
    rng = np.random.default_rng(7)
    values, other = ([some(rng) for _ in range(60)] for _ in range(2))
    better = [v if i % 3 else o for i, (v, o) in enumerate(zip(values, other, strict=True))]
    metric = Spans(SpanParams(replicates=200))

    found = metric.compare(
        compared_of(values, other), compared_of(values, better), np.random.default_rng(0)
    )

    assert found.overall["strict_f1"].difference > 0
    assert found.overall["strict_f1"].p < 0.05
    assert found.mcnemar.only_second > found.mcnemar.only_first
    with pytest.raises(InvalidInputError, match="same rows"):
        metric.compare(
            compared_of(other, values), compared_of(values, better), np.random.default_rng(0)
        )


@pytest.mark.parametrize(
    ("values", "predicted", "message"),
    [
        ([], [], "no annotated text"),
        (None, None, "tags spans"),
        ([[Span(0, 1, "time")]], [], "cannot be compared"),
        ([[Span(0, 1, "other")]], [[]], "no span with one of the labels"),
        (["time"], ["time"], "schemes of passages"),
    ],
)
def test_what_cannot_be_compared_is_refused(values, predicted, message):
    compared = Compared(
        reference=np.zeros((1, 3), np.uint8),
        probabilities=np.zeros((1, 3), np.float32),
        labels=LABELS,
        values=values,
        predicted=predicted,
    )
    with pytest.raises(InvalidInputError, match=message):
        Spans(SpanParams()).score(compared, np.random.default_rng(0))
