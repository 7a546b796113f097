"""Intervals, what is undefined, and what does not count."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kodkod.api import Coded, Span
from kodkod_agreement.label_sets import LabelSets
from kodkod_agreement.params import PassageParams, SetParams
from kodkod_agreement.passages import Passages

from .coding import of_labels, of_passages, random_values, value_of


def test_one_category_is_undefined_and_says_which():
    report = of_labels(np.zeros((20, 2)), 3)
    for name in ("alpha", "alpha_ordinal", "cohen_kappa", "fleiss_kappa", "scott_pi"):
        assert value_of(report, name) is None
        assert "always said '1'" in report.overall[name].undefined
    assert value_of(report, "percent") == 1
    assert value_of(report, "ac1") == 1


def test_nothing_coded_twice_is_undefined():
    report = of_labels([[0, -1], [-1, 1], [2, -1]], 3)
    assert (report.n, report.pairable) == (3, 0)
    assert all("coded by two people" in each.undefined for each in report.overall.values())


def test_an_interval_scale_without_numbers_is_undefined():
    found = of_labels([[0, 1], [1, 1], [2, 2]], 3).overall["alpha_interval"]
    assert found.value is None
    assert "positions" in found.undefined


def test_pi_of_three_coders_points_to_fleiss_and_to_the_pairs():
    report = of_labels(random_values(1), 4)
    assert "Fleiss' kappa" in report.overall["scott_pi"].undefined
    assert all(each.overall["scott_pi"].value is not None for each in report.by_pair)


@given(st.integers(0, 1_000))
@settings(max_examples=20)
def test_texts_with_one_coder_change_nothing(seed):
    values = random_values(seed)
    alone = np.array([[3, -1, -1]] * 50)
    one, two = of_labels(values, 4), of_labels(np.vstack([values, alone]), 4)
    for name in one.overall:
        assert value_of(one, name) == (
            None if value_of(two, name) is None else pytest.approx(value_of(two, name))
        )


def test_intervals_are_those_of_drawing_texts_anew():
    values = random_values(7, n=80, missing=0)
    report = of_labels(values, 4, replicates=2_000).overall["alpha"]
    rng = np.random.default_rng(0)
    drawn = [value_of(of_labels(values[rng.integers(0, 80, 80)], 4), "alpha") for _ in range(300)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert report.low == pytest.approx(low, abs=0.03)
    assert report.high == pytest.approx(high, abs=0.03)


def test_each_label_is_it_against_the_rest():
    values = random_values(5)
    report = of_labels(values, 4)
    for label in range(4):
        binary = np.where(values < 0, -1, values == label).astype(int)
        alone = of_labels(binary, 2)
        mine = report.by_label[str(label + 1)]
        for name in ("percent", "alpha", "fleiss_kappa", "ac1"):
            assert mine[name].value == pytest.approx(value_of(alone, name))


def test_sets_of_labels_each_by_itself_and_together():
    rng = np.random.default_rng(2)
    values = (rng.random((50, 1, 3)) < 0.5) ^ (rng.random((50, 3, 3)) < 0.1)
    values = values.astype(np.int8)
    values[::4, 2] = -1
    coded = Coded(labels=("a", "b", "c"), coders=("x", "y", "z"), values=values)
    measures = ("percent", "alpha", "alpha_jaccard", "alpha_masi")
    report = LabelSets(SetParams(replicates=50)).measure(coded, measures, rng)
    for place, label in enumerate("abc"):
        alone = of_labels(values[:, :, place], 2)
        assert report.by_label[label]["alpha"].value == pytest.approx(value_of(alone, "alpha"))
    # As alpha by hand, over all pairs of values.
    names = ("alpha_jaccard", "alpha_masi")
    exact = value_of(report, "alpha")
    assert all(exact < value_of(report, name) <= 1 for name in names)
    first = report.by_pair[0]
    assert sum(first.by_label["a"]) == first.n


def test_alpha_of_sets_is_krippendorffs_with_a_distance():
    values = np.array(
        [[[1, 0], [1, 0]], [[1, 1], [1, 0]], [[0, 1], [1, 0]], [[0, 0], [0, 0]]], dtype=np.int8
    )
    coded = Coded(labels=("a", "b"), coders=("x", "y"), values=values)
    report = LabelSets(SetParams(replicates=0)).measure(
        coded, ("alpha_jaccard",), np.random.default_rng(0)
    )

    def apart(one, other):
        either = np.sum(one | other)
        return 0 if either == 0 else 1 - np.sum(one & other) / either

    flat = values.reshape(-1, 2)
    observed = np.mean([apart(*text) for text in values])
    expected = sum(apart(a, b) for a in flat for b in flat) / (8 * 7)
    assert value_of(report, "alpha_jaccard") == pytest.approx(1 - observed / expected)


def test_f1_of_passages_exact_and_overlapping():
    spans = [
        [[Span(0, 5, "c"), Span(10, 20, "c")], [Span(0, 5, "c"), Span(12, 20, "c")]],
        [[Span(0, 5, "k")], [Span(0, 5, "c")]],
    ]
    report = of_passages(spans, [30, 30], gamma_samples=2)
    assert value_of(report, "f1_exact") == pytest.approx(2 * 1 / 6)
    assert value_of(report, "f1_overlap") == pytest.approx(2 * 2 / 6)
    assert report.by_label["k"]["f1_exact"].value == 0
    assert report.by_pair[0].by_label["c"] == [13, 2, 5, 40]


def test_pairs_are_listed_with_their_tables():
    report = of_labels([[0, 0, -1], [0, 1, 1], [1, 1, -1]], 2)
    found = {(each.first, each.second): (each.n, each.table) for each in report.by_pair}
    assert found == {
        ("coder 0", "coder 1"): (3, [[1, 1], [0, 1]]),
        ("coder 0", "coder 2"): (1, [[0, 1], [0, 0]]),
        ("coder 1", "coder 2"): (1, [[0, 0], [0, 1]]),
    }


def test_nobody_has_coded_anything():
    report = of_labels(np.zeros((0, 0)), 3)
    assert (report.n, report.pairable, report.by_pair) == (0, 0, [])
    sets = Coded(labels=("a",), coders=(), values=np.zeros((0, 0, 1), dtype=np.int8))
    found = LabelSets(SetParams()).measure(sets, ("percent",), np.random.default_rng(0))
    assert "coded by two people" in found.overall["percent"].undefined
    coded = Coded(labels=("a",), coders=(), spans=[], lengths=np.zeros(0, dtype=np.int64))
    passages = Passages(PassageParams()).measure(coded, ("gamma",), np.random.default_rng(0))
    assert "coded by two people" in passages.overall["gamma"].undefined
