"""The LLM against the guide."""

import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from kodkod.api import NoParams
from kodkod_selection.llm_disagreement import LlmDisagreement, divergence

from .pools import NAN, order, pool

GUIDE = np.float32([[0.9, 0.1], [0.1, 0.9], [0.5, 0.5], [0.6, 0.4], [NAN, NAN], [0.8, 0.2]])
LLM = np.float32([[1, 0], [1, 0], [1, 0], [NAN, NAN], [1, 0], [NAN, NAN]])


def test_the_divergence_by_hand():
    p, q = np.array([[1.0, 0], [1, 0], [0.5, 0.5]]), np.array([[1.0, 0], [0, 1], [1, 0]])

    # H(0.75) = 0.5623, less half of ln 2.
    np.testing.assert_allclose(
        divergence(p, q), [0, np.log(2), 0.562335 - np.log(2) / 2], atol=1e-6
    )


def test_scipy_has_the_same_divergence():
    rng = np.random.default_rng(0)
    p, q = rng.dirichlet(np.ones(4), 50), rng.dirichlet(np.ones(4), 50)

    np.testing.assert_allclose(divergence(p, q), jensenshannon(p, q, axis=1) ** 2, atol=1e-9)


def test_the_guide_contradicted_comes_first_then_what_is_not_answered():
    # Row 1 contradicts, row 2 doubts, row 0 agrees; 3 and 5 have no answer, 4 no prediction.
    assert order(LlmDisagreement, pool(GUIDE, llm=LLM), NoParams()) == [1, 2, 0, 3, 5, 4]


@pytest.mark.parametrize("answers", [[[1, 1]], [[1, 0]]])
def test_several_labels_are_compared_one_by_one(answers):
    guide = np.float32([[0.9, 0.9], [0.9, 0.1]])
    llm = np.float32(answers * 2)

    picked = order(LlmDisagreement, pool(guide, llm=llm, multilabel=True), NoParams())

    assert picked == ([1, 0] if answers == [[1, 1]] else [0, 1])
