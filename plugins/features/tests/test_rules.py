"""What rules find, and what their weights come to."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from kodkod.api import InvalidParamsError, TextBatch, TrainingSet, decode_params
from kodkod.testing import RecordingContext
from kodkod_features.params import RulesParams
from kodkod_features.rules import Rules

LABELS = ("no", "yes", "maybe")


@pytest.fixture
def ctx(tmp_path):
    return RecordingContext(tmp_path)


def texts(*given: str) -> TextBatch:
    return TextBatch(np.arange(len(given)), list(given), pl.DataFrame())


def rules(*given: tuple, **more) -> Rules:
    named = [dict(zip(("label", "find", "weight"), each, strict=False)) for each in given]
    return Rules(decode_params(RulesParams, {"rules": named, **more}))


def taught(model: Rules, ctx, targets=(0, 0, 0, 1)) -> Rules:
    targets = np.array(targets)
    batch = texts(*["text"] * len(targets))
    model.fit(TrainingSet(batch=batch, features=None, targets=targets, labels=LABELS, seed=0), ctx)
    return model


def found(model: Rules, ctx, *given: str) -> list[bool]:
    """Return in which texts a rule for `yes` is found."""
    said = taught(model, ctx).predict_proba(texts(*given, "nothing"), None, ctx)
    return (said[:-1, 1] > said[-1, 1] + 0.01).tolist()


@pytest.mark.parametrize(
    ("find", "more", "expected"),
    [
        ("tax", {}, [True, False, True, False]),
        ("tax*", {}, [True, True, True, False]),
        ("tax", {"ignore_case": False}, [True, False, False, False]),
        ("tax", {"whole_words": False}, [True, True, True, True]),
        ("no  tax", {}, [False, False, True, False]),
        ("a.", {}, [False, False, False, False]),
        ("a.", {"match": "regex"}, [True, True, True, True]),
        (r"^(?:no|a)\b", {"match": "regex"}, [True, False, True, False]),
    ],
)
def test_what_is_found(find, more, expected, ctx):
    given = ("a tax on it", "taxes, taxation", "No\nTAX!", "syntax")
    assert found(rules(("yes", find), **more), ctx, *given) == expected


def test_words_without_letters_at_their_edges_are_found(ctx):
    assert found(rules(("yes", "#tax")), ctx, "so #tax it", "#taxes") == [True, False]
    assert found(rules(("yes", "C++")), ctx, "in C++ or", "in C or") == [True, False]
    assert found(rules(("yes", "*")), ctx, "a * b", "a b") == [True, False]


def test_with_one_label_a_weight_multiplies_the_odds(ctx):
    model = taught(rules(("yes", "tax", 1), ("no", "free", 2), ("yes", "not", -1), odds=10), ctx)
    said = model.predict_proba(texts("tax", "tax tax free", "not tax", "x"), None, ctx)
    # Shares of (no, yes, maybe) among 4 texts, labels with a rule counted once more each time.
    priors = np.array([3 + 1, 1 + 1, 0]) / 6
    for row, (no, yes) in enumerate([(0, 1), (2, 1), (0, 0), (0, 0)]):
        raised = priors * np.array([10.0**no, 10.0**yes, 1])
        np.testing.assert_allclose(said[row], raised / raised.sum(), rtol=1e-5)
    assert said.dtype == np.float32

    each = taught(rules(("yes", "tax"), odds=10, count="each time", priors=False), ctx)
    said = each.predict_proba(texts("tax tax"), None, ctx)
    np.testing.assert_allclose(said[0], [1 / 101, 100 / 101, 0], rtol=1e-5)


def test_a_label_with_rules_needs_no_annotation_and_others_are_never_said(ctx):
    said = taught(rules(("maybe", "perhaps"), priors=False), ctx).predict_proba(
        texts("perhaps", "x"), None, ctx
    )
    assert said.argmax(axis=1).tolist() == [2, 0]
    said = taught(rules(("no", "never")), ctx).predict_proba(texts("x"), None, ctx)
    assert said[0, 2] == 0


def test_several_labels_stand_each_for_itself(ctx):
    targets = np.array([[1, 0, 1], [1, 0, 0], [0, 0, 0], [1, 0, 0]], dtype=np.uint8)
    model = taught(rules(("no", "free"), ("yes", "tax", 0.5), ("yes", "levy", 0.5)), ctx, targets)
    said = model.predict_proba(texts("free tax", "tax levy", "x"), None, ctx)
    sure = 1 / (1 + math.sqrt(1 / 20))
    np.testing.assert_allclose(said[:, 0], [sure, 1 - sure, 1 - sure], rtol=1e-5)
    np.testing.assert_allclose(said[:, 1], [0.5, sure, 1 - sure], rtol=1e-5)
    np.testing.assert_allclose(said[:, 2], 0.25)  # No rule: how many texts have it.


def test_the_default_label_is_that_of_texts_without_any(ctx):
    given = texts("free", "x")
    one = taught(rules(("no", "free"), default_label="yes"), ctx).predict_proba(given, None, ctx)
    assert one.argmax(axis=1).tolist() == [0, 1]
    targets = np.array([[1, 0, 0], [0, 1, 0]], dtype=np.uint8)
    several = taught(rules(("no", "free"), default_label="yes"), ctx, targets)
    said = several.predict_proba(given, None, ctx)
    assert (said[:, :2] > 0.5).tolist() == [[True, False], [False, True]]


def test_what_cannot_be_used_is_refused(ctx):
    with pytest.raises(InvalidParamsError, match="no label 'YES'; it has no, yes, maybe"):
        taught(rules(("YES", "tax")), ctx)
    with pytest.raises(InvalidParamsError, match="no label 'other'"):
        taught(rules(default_label="other"), ctx)
    with pytest.raises(InvalidParamsError, match="Rule 2 is no regular expression"):
        taught(rules(("yes", "a"), ("yes", "("), match="regex"), ctx)
    with pytest.raises(InvalidParamsError, match="wieght"):
        decode_params(RulesParams, {"rules": [{"label": "a", "find": "b", "wieght": 1}]})


def test_a_pattern_that_others_need_ages_for_is_quick(ctx):
    hostile = rules(("yes", "(a+)+$"), match="regex")
    assert found(hostile, ctx, "a" * 200_000 + "b") == [False]


def test_great_weights_stay_finite(ctx):
    for targets in ((0, 1), np.array([[1, 0, 0], [0, 1, 0]], dtype=np.uint8)):
        model = taught(rules(("yes", "a", 100), odds=1e6, count="each time"), ctx, targets)
        said = model.predict_proba(texts("a " * 1_000, "b"), None, ctx)
        assert np.isfinite(said).all()
        assert said[0, 1] == 1
