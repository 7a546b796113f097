"""Orders without a model."""

import numpy as np
import pytest

from kodkod.api import InvalidParamsError, NoParams
from kodkod_selection.plain import Deterministic, Random
from kodkod_selection.similar import Similar, SimilarParams

from .pools import SPECS, order, pool

CORNERS = np.array([[1, 0], [0, 1], [-1, 0], [3, 3]], dtype=np.float32)


def test_in_order_is_the_order_of_the_file():
    assert order(Deterministic, pool(n=6), NoParams()) == [0, 1, 2, 3, 4, 5]


def test_in_order_keeps_the_place_of_labelled_rows():
    given = pool(n=4, labelled=[1], targets=[0])

    assert order(Deterministic, given, NoParams()) == [0, 1, 2, 3]


def test_random_depends_on_the_seed_and_is_uniform():
    def first(seed):
        return order(Random, pool(n=6, seed=seed), NoParams())[0]

    counts = np.bincount([first(seed) for seed in range(6_000)], minlength=6)

    # 1,000 each is expected, with a standard deviation of 29.
    assert (np.abs(counts - 1_000) < 150).all()


def test_random_alone_is_uniform_and_its_probabilities_are_therefore_known():
    assert [name for name, spec in SPECS.items() if spec.uniform] == ["random"]


def test_similar_to_a_row_compares_directions():
    given = pool(embeddings=CORNERS)

    # Cosines with (1, 0): 1, 0, -1, and 1 / sqrt(2) whatever the length.
    assert order(Similar, given, SimilarParams(rows=(0,))) == [0, 3, 1, 2]


def test_similar_to_several_is_similar_to_their_mean_direction():
    given = pool(embeddings=CORNERS)

    # The mean of the directions (0, 1) and (-1, 0): cosines -0.71, 0.71, 0.71, 0.
    assert order(Similar, given, SimilarParams(rows=(1, 2))) == [1, 2, 3, 0]


def test_similar_to_a_text_uses_its_vector():
    given = pool(embeddings=CORNERS, query=np.array([-2, -0.1], dtype=np.float32))

    assert order(Similar, given, SimilarParams(text="left")) == [2, 1, 3, 0]


def test_similar_to_a_vector():
    assert order(Similar, pool(embeddings=CORNERS), SimilarParams(vector=(0, 5))) == [1, 3, 0, 2]


def test_an_embedding_of_length_0_is_like_nothing():
    given = pool(embeddings=np.array([[0, 0], [-1, 0], [1, 0]], dtype=np.float32))

    assert order(Similar, given, SimilarParams(vector=(1, 0))) == [2, 0, 1]


@pytest.mark.parametrize(
    ("params", "field", "says"),
    [
        (SimilarParams(), "text", "Similar to what"),
        (SimilarParams(rows=(4,)), "rows", "Text number 4"),
        (SimilarParams(vector=(1, 2, 3)), "vector", "3 numbers.*have 2"),
    ],
)
def test_similar_to_nothing_is_refused(params, field, says):
    with pytest.raises(InvalidParamsError, match=says) as refusal:
        Similar(params).order(pool(embeddings=CORNERS))

    assert refusal.value.field == field
