"""From probabilities to values, entropy and margin, by hand-worked examples."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kodkod.api import NoParams
from kodkod.project.deciding import Decider
from kodkod_schemes.multiclass import Multiclass
from kodkod_schemes.multilabel import Multilabel
from kodkod_schemes.params import MultilabelParams

ONE = np.array([[0.5, 0.25, 0.25], [1.0, 0.0, 0.0]], dtype=np.float32)
MANY = np.array([[0.5, 0.9], [0.2, 0.0]], dtype=np.float32)


def test_of_one_label_a_text_the_likeliest_is_taken():
    decider = Decider(scheme_type=Multiclass(NoParams()), labels=("a", "b", "c"), many=False)

    assert decider.values(ONE) == ["a", "a"]
    assert decider.entropy(ONE) == pytest.approx([1.5 * math.log(2), 0.0])
    assert decider.margin(ONE) == pytest.approx([0.25, 1.0])


def test_of_several_labels_each_stands_for_itself():
    scheme_type = Multilabel(MultilabelParams(threshold=0.95))
    plain = Decider(scheme_type=scheme_type, labels=("a", "b"), many=True)
    thresholds = np.array([0.2, 0.95], dtype=np.float32)
    own = Decider(scheme_type=scheme_type, labels=("a", "b"), many=True, thresholds=thresholds)

    # The scheme's threshold counts where the model chose none, and only there
    assert plain.values(MANY) == [[], []]
    assert own.values(MANY) == [["a"], ["a"]]
    assert plain.entropy(MANY[:1]) == pytest.approx(
        [math.log(2) - 0.9 * math.log(0.9) - 0.1 * math.log(0.1)]
    )
    assert plain.margin(MANY) == pytest.approx([0.0, 0.3])
    assert own.margin(MANY) == pytest.approx([0.05, 0.0])


def test_one_label_of_a_scheme_that_has_one_a_text():
    decider = Decider(
        scheme_type=Multiclass(NoParams()),
        labels=("a",),
        many=True,
        one_of=True,
        thresholds=np.array([0.3], dtype=np.float32),
    )

    assert decider.values(np.array([[0.3], [0.29]], dtype=np.float32)) == ["a", None]
