"""Strategies that look at one label."""

import numpy as np
import pytest

from kodkod.api import InvalidParamsError
from kodkod_selection.label_entropy import LabelEntropy
from kodkod_selection.least_probable_predicted import LeastProbablePredicted
from kodkod_selection.max_probability import MaxProbability
from kodkod_selection.min_probability import MinProbability
from kodkod_selection.params import LabelParams

from .pools import NAN, order, pool

ROWS = np.array(
    [
        [0.9, 0.1, 0.0],
        [0.4, 0.35, 0.25],
        [0.2, 0.5, 0.3],
        [0.45, 0.55, 0.0],
        [NAN, NAN, NAN],
        [0.6, 0.2, 0.2],
    ],
    dtype=np.float32,
)
ALL = (MaxProbability, MinProbability, LabelEntropy, LeastProbablePredicted)


@pytest.mark.parametrize(
    ("strategy", "label", "expected"),
    [
        (MaxProbability, "a", [0, 5, 3, 1, 2, 4]),
        (MaxProbability, "b", [3, 2, 1, 5, 0, 4]),
        (MinProbability, "a", [2, 1, 3, 5, 0, 4]),
        (MinProbability, "c", [0, 3, 5, 1, 2, 4]),
        # Distance from 0.5: 0.4, 0.1, 0.3, 0.05, -, 0.1; entropy rises as it falls.
        (LabelEntropy, "a", [3, 1, 5, 2, 0, 4]),
        # Predicted as a are 0, 1 and 5, by rising probability; then the nearest to it of the rest.
        (LeastProbablePredicted, "a", [1, 5, 0, 3, 2, 4]),
        (LeastProbablePredicted, "b", [2, 3, 1, 5, 0, 4]),
        (LeastProbablePredicted, "c", [2, 1, 5, 0, 3, 4]),
    ],
)
def test_the_hand_worked_example(strategy, label, expected):
    assert order(strategy, pool(ROWS), LabelParams(label=label)) == expected


def test_with_several_labels_each_from_one_half_on_is_predicted():
    p = [[0.9, 0.55], [0.6, 0.7], [0.4, 0.2], [0.1, 0.5]]

    given = pool(p, multilabel=True)

    assert order(LeastProbablePredicted, given, LabelParams(label="b")) == [3, 0, 1, 2]


@pytest.mark.parametrize("strategy", ALL)
def test_a_label_that_the_guide_does_not_know_is_refused_by_name(strategy):
    with pytest.raises(InvalidParamsError, match=r"'zebra'.*'a', 'b', 'c'") as refusal:
        strategy(LabelParams(label="zebra")).order(pool(ROWS))

    assert refusal.value.field == "label"
