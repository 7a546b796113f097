"""Which texts a model has wrong, in which order, by hand."""

from __future__ import annotations

import time

import numpy as np

from kodkod.api import Compared, Span
from kodkod.project.mistakes import find_mistakes

LABELS = ("a", "b", "c")


def compared(reference, p, labels=LABELS, **more):
    return Compared(
        reference=np.asarray(reference), probabilities=np.float32(p), labels=labels, **more
    )


def test_the_most_confident_mistake_comes_first():
    p = [[0.6, 0.3, 0.1], [0.1, 0.8, 0.1], [0.2, 0.7, 0.1], [0.0, 0.1, 0.9], [0.5, 0.2, 0.3]]

    found = find_mistakes(compared([1, 1, 0, 0, 2], p))

    assert found.places.tolist() == [3, 2, 0, 4]
    assert found.confidence.round(6).tolist() == [0.9, 0.7, 0.6, 0.5]
    # The cell of the matrix: an a that was called c.
    assert found.cell(0, 2).places.tolist() == [3]
    assert found.cell(0, None).places.tolist() == [3, 2]
    assert found.cell(None, 0).places.tolist() == [0, 4]
    assert len(found.cell(1, 1)) == 0


def test_of_several_labels_what_is_missed_counts_as_what_is_too_much():
    reference = np.uint8([[1, 0, 0], [1, 1, 0], [0, 0, 0], [1, 0, 0]])
    p = [[0.9, 0.1, 0.1], [0.6, 0.02, 0.0], [0.1, 0.75, 0.1], [0.3, 0.2, 0.1]]

    found = find_mistakes(compared(reference, p))
    lower = find_mistakes(compared(reference, p, thresholds=np.float32([0.3, 0.5, 0.5])))

    assert found.places.tolist() == [1, 2, 3]
    assert found.confidence.round(6).tolist() == [0.98, 0.75, 0.7]
    assert found.missed[0].tolist() == [False, True, False]
    assert found.added[1].tolist() == [False, True, False]
    assert lower.places.tolist() == [1, 2]


def test_passages_are_wrong_by_border_and_by_label():
    there = [[Span(0, 4, "a")], [Span(0, 4, "b")], [], [Span(0, 4, "a"), Span(6, 8, "b")]]
    said = [[Span(0, 4, "a")], [Span(0, 5, "b")], [Span(1, 2, "c")], [Span(0, 4, "a")]]
    p = [[0.9, 0, 0], [0, 0.8, 0], [0, 0, 0.7], [0.9, 0.05, 0]]

    found = find_mistakes(compared(np.zeros((4, 3), np.uint8), p, values=there, predicted=said))

    assert found.places.tolist() == [3, 1, 2]
    assert found.cell(1, 1).places.tolist() == [1]
    assert found.cell(1, None).places.tolist() == [3, 1]


def test_nothing_is_wrong():
    assert len(find_mistakes(compared([0, 1], [[1, 0, 0], [0, 1, 0]]))) == 0


def test_a_hundred_thousand_predictions_take_no_time():
    rng = np.random.default_rng(0)
    p = rng.random((100_000, 28), dtype=np.float32)
    labels = tuple(str(i) for i in range(28))
    given = compared(rng.integers(0, 28, 100_000), p, labels)
    start = time.perf_counter()

    found = find_mistakes(given)

    assert len(found) > 90_000
    assert time.perf_counter() - start < 2
