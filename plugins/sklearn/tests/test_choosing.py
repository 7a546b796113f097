"""Costs and thresholds that are chosen on texts held out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from kodkod.api import TrainingSet
from kodkod_sklearn.costs import GRID
from kodkod_sklearn.cutting import best_threshold, out_of_fold

LABELS = ("common", "rare", "never")


def multilabel(batch, n=200, seed=0) -> TrainingSet:
    """Two labels that follow from noisy features, one of them on a tenth of the texts."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(n, 8)).astype(np.float32)
    noise = rng.normal(size=(n, 2))
    on = np.column_stack(
        [features[:, 0] + noise[:, 0] > 0, features[:, 1] + 0.5 * noise[:, 1] > 1.4]
    )
    targets = np.column_stack([on, np.zeros(n)]).astype(np.uint8)
    return TrainingSet(
        batch=batch(["text"] * n), features=features, targets=targets, labels=LABELS, seed=1
    )


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 20)), min_size=1, max_size=40),
)
def test_no_threshold_has_a_better_f1(drawn):
    on = np.array([each for each, _ in drawn])
    said = np.array([each / 20 for _, each in drawn], dtype=np.float32)
    chosen = best_threshold(on, said)
    if min(on.sum(), (~on).sum()) < 3:
        assert chosen == 0.5
        return

    def f1(threshold: float) -> float:
        return f1_score(on, said >= threshold, zero_division=0.0)

    assert f1(chosen) >= max(map(f1, np.linspace(0.025, 1.025, 21))) - 1e-9


def test_thresholds_of_equals_are_near_a_half():
    on = np.array([True] * 3 + [False] * 3)
    assert best_threshold(on, np.array([0.9] * 3 + [0.2] * 3, np.float32)) == pytest.approx(0.55)
    assert best_threshold(on, np.full(6, 0.0, np.float32)) == 0.5


@pytest.mark.parametrize("name", ["logistic", "linear-svm", "knn", "naive-bayes"])
def test_thresholds_are_chosen_on_texts_that_were_not_seen(name, make, batch, ctx, tmp_path):
    data = multilabel(batch)
    if name == "naive-bayes":
        data.features[:] = np.abs(data.features)
    model = make(name, class_weight="none", thresholds=True) if name != "knn" else make(name)
    model.fit(data, ctx)
    thresholds = model.thresholds()
    assert thresholds.shape == (3,)
    assert thresholds.dtype == np.float32
    assert thresholds[2] == 0.5

    # A rare label is found better than with a half.
    if name != "naive-bayes":
        said = out_of_fold(lambda: make(name, thresholds=False), data, ctx)
        rare = data.targets[:, 1]
        tuned = best_threshold(rare.astype(bool), said[:, 1])
        assert f1_score(rare, said[:, 1] >= tuned) >= f1_score(rare, said[:, 1] >= 0.5)

    # They are saved with the model.
    model.save(tmp_path)
    again = make(name)
    again.load(tmp_path)
    np.testing.assert_array_equal(again.thresholds(), thresholds)


def test_each_text_is_held_out_once_by_models_that_have_not_seen_it(make, batch, ctx):
    """Neighbours that have seen a text are sure of it."""
    data = multilabel(batch, n=60)
    said = out_of_fold(lambda: make("knn", neighbours=1, thresholds=False), data, ctx)
    seen = make("knn", neighbours=1, thresholds=False)
    seen.fit(data, ctx)
    sure = seen.predict_proba(data.batch, data.features, ctx)
    assert ((sure >= 0.5) == data.targets).all()
    assert ((said >= 0.5) != data.targets).any()


def test_none_are_chosen_where_it_is_not_wished_or_there_is_one_label_a_text(make, batch, ctx):
    data = multilabel(batch)
    guide = make("logistic")
    guide.fit(data, ctx)
    assert guide.thresholds() is None  # A guide learns again while people wait.
    one = make("linear-svm")
    one.fit(
        TrainingSet(
            batch=data.batch,
            features=data.features,
            targets=data.targets[:, 0].astype(np.int64),
            labels=LABELS,
            seed=1,
        ),
        ctx,
    )
    assert one.thresholds() is None


@pytest.mark.parametrize("name", ["logistic", "logistic-l1", "linear-svm"])
def test_a_cost_that_is_left_open_is_chosen(name, make, batch, ctx):
    # Given texts of which only noise could be learnt by heart
    rng = np.random.default_rng(0)
    features = rng.normal(size=(90, 20)).astype(np.float32)
    y = (features[:, 0] + 1.5 * rng.normal(size=90) > 0).astype(np.int64)
    data = TrainingSet(
        batch=batch(["text"] * 90), features=features, targets=y, labels=("no", "yes"), seed=1
    )
    new = rng.normal(size=(500, 20)).astype(np.float32)
    truth = new[:, 0] > 0

    def accuracy(**raw) -> float:
        model = make(name, **raw)
        model.fit(data, ctx)
        return ((model.predict_proba(batch(["t"] * 500), new, ctx)[:, 1] > 0.5) == truth).mean()

    # Then a small cost is chosen, the log says which, and it is better than a great one
    chosen = accuracy(cost=None)
    (line,) = [line for line in ctx.lines if line.startswith("the cost")]
    assert float(line.split()[2]) <= 1
    assert all(f"{cost:g} " in line for cost in GRID)
    assert chosen > accuracy(cost=100.0)


def test_a_label_with_one_text_leaves_the_usual_cost(make, batch, ctx):
    features = np.eye(4, dtype=np.float32)
    data = TrainingSet(
        batch=batch(["t"] * 4),
        features=features,
        targets=np.array([0, 0, 0, 1]),
        labels=("no", "yes"),
        seed=1,
    )
    make("logistic", cost=None).fit(data, ctx)
    assert any("the cost is 3, as no other can be judged" in line for line in ctx.lines)
