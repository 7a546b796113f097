import subprocess
import sys

import numpy as np
import pytest
import skops.io
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from kodkod.api import (
    InvalidInputError,
    PluginError,
    TrainingSet,
    UnavailableError,
)
from kodkod_sklearn.plugin import register_components

MODELS = [spec.name for spec in register_components() if spec.kind == "model"]
LABELS = ("agree", "neutral", "never seen", "disagree")
SMALL = {"random-forest": {"trees": 10}, "gradient-boosting": {"max_iter": 5}}
N, DIM = 80, 6


@pytest.fixture(params=MODELS)
def name(request):
    return request.param


@pytest.fixture
def build(make):
    return lambda name, **raw: make(name, **{**SMALL.get(name, {}), **raw})


def corpus(*, several=False, seed=0):
    """Features that are not negative, with targets that follow from them."""
    rng = np.random.default_rng(seed)
    features = rng.random((N, DIM)).astype(np.float32)
    if several:
        targets = (features[:, :4] > 0.6).astype(np.uint8)
        targets[:, 1] = 1
        targets[:, 2] = 0
        return features, targets
    return features, np.array([0, 1, 3])[features[:, :3].argmax(axis=1)]


def training(batch, features, targets, labels=LABELS):
    texts = batch(["text"] * len(targets))
    return TrainingSet(batch=texts, features=features, targets=targets, labels=labels, seed=3)


def fitted(build, batch, ctx, name, *, several=False, sparse=False, **raw):
    features, targets = corpus(several=several)
    features = csr_matrix(features) if sparse else features
    model = build(name, **raw)
    model.fit(training(batch, features, targets), ctx)
    return model, features, targets


@pytest.mark.parametrize("sparse", [False, True])
def test_one_label_a_text(name, build, batch, ctx, sparse):
    model, features, targets = fitted(build, batch, ctx, name, sparse=sparse)
    probabilities = model.predict_proba(batch(["text"] * N), features, ctx)
    assert probabilities.shape == (N, 4)
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert not probabilities[:, 2].any()
    assert (probabilities.argmax(axis=1) == targets).mean() > 0.6


@pytest.mark.parametrize("sparse", [False, True])
def test_several_labels_a_text(name, build, batch, ctx, sparse):
    model, features, targets = fitted(build, batch, ctx, name, several=True, sparse=sparse)
    probabilities = model.predict_proba(batch(["text"] * N), features, ctx)
    assert probabilities.shape == (N, 4)
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    assert (probabilities[:, 1] == 1).all()
    assert (probabilities[:, 2] == 0).all()
    assert ((probabilities[:, [0, 3]] >= 0.5) == targets[:, [0, 3]]).mean() > 0.7


def test_two_labels(name, build, batch, ctx):
    features, _ = corpus()
    targets = (features[:, 0] > 0.5).astype(np.int64)
    model = build(name)
    model.fit(training(batch, features, targets, ("no", "yes")), ctx)
    probabilities = model.predict_proba(batch(["text"] * N), features, ctx)
    assert (probabilities.argmax(axis=1) == targets).mean() > 0.7


def test_one_of_several_labels_can_be_learnt(name, build, batch, ctx):
    features, targets = corpus(several=True)
    targets[:, 3] = 0
    model = build(name)
    model.fit(training(batch, features, targets), ctx)
    probabilities = model.predict_proba(batch(["text"] * N), features, ctx)
    assert not probabilities[:, 2:].any()
    assert ((probabilities[:, 0] >= 0.5) == targets[:, 0]).mean() > 0.7


def test_a_fresh_process_loads_each_model_and_predicts_the_same(build, batch, ctx, tmp_path):
    # Given every model, fitted for one label a text and for several, and saved.
    expected = {}
    for name in MODELS:
        scaled = {"standardise": True} if name in {"logistic", "logistic-l1", "linear-svm"} else {}
        for several in (False, True):
            model, features, _ = fitted(build, batch, ctx, name, several=several, **scaled)
            folder = tmp_path / f"{name} {several}"
            folder.mkdir()
            model.save(folder)
            assert [path.suffix for path in folder.iterdir()] == [".skops"]
            expected[folder.name] = model.predict_proba(batch(["text"] * N), features, ctx)
    np.save(tmp_path / "features.npy", features)
    # When a process that knows nothing of it loads each.
    subprocess.run([sys.executable, "-c", LOAD, tmp_path], check=True)
    # Then it predicts the same.
    found = np.load(tmp_path / "out.npz")
    assert set(found) == set(expected)
    for key, probabilities in expected.items():
        np.testing.assert_array_equal(found[key], probabilities, err_msg=key)


LOAD = """
import importlib, sys
from pathlib import Path
import numpy as np, polars as pl
from kodkod.api import JobContext, TextBatch
from kodkod_sklearn.plugin import register_components

class Quiet(JobContext):
    def progress(self, *args, **kwargs): pass
    def log(self, line): pass

root = Path(sys.argv[1])
features = np.load(root / "features.npy")
n = len(features)
batch = TextBatch(np.arange(n), ["text"] * n, pl.DataFrame())
out = {}
for spec in register_components():
    if spec.kind != "model":
        continue
    module, _, factory = spec.factory.partition(":")
    for several in (False, True):
        model = getattr(importlib.import_module(module), factory)(spec.params())
        model.load(root / f"{spec.name} {several}")
        out[f"{spec.name} {several}"] = model.predict_proba(batch, features, Quiet())
np.savez(root / "out.npz", **out)
"""


@pytest.mark.parametrize("several", [False, True])
def test_a_seed_gives_one_result(name, build, batch, ctx, several):
    first, second = (
        model.predict_proba(batch(["text"] * N), features, ctx)
        for model, features, _ in (
            fitted(build, batch, ctx, name, several=several) for _ in range(2)
        )
    )
    np.testing.assert_array_equal(first, second)


def test_no_text_gives_no_row(name, build, batch, ctx):
    model, features, _ = fitted(build, batch, ctx, name)
    assert model.predict_proba(batch([]), features[:0], ctx).shape == (0, 4)


def test_a_handful_of_texts_is_enough(name, build, batch, ctx):
    features, targets = np.eye(DIM, dtype=np.float32)[:3], np.array([0, 1, 3])
    model = build(name)
    model.fit(training(batch, features, targets), ctx)
    probabilities = model.predict_proba(batch(["text"] * 3), features, ctx)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("targets", [np.zeros(N, np.int64), np.ones((N, 4), np.uint8)])
def test_one_label_only_teaches_nothing(name, build, batch, ctx, targets):
    features, _ = corpus()
    with pytest.raises(InvalidInputError, match="annotate texts of other labels first"):
        build(name).fit(training(batch, features, targets), ctx)


def test_no_annotation_teaches_nothing(name, build, batch, ctx):
    data = training(batch, np.zeros((0, DIM), np.float32), np.zeros(0, np.int64))
    with pytest.raises(InvalidInputError, match="0 annotated texts"):
        build(name).fit(data, ctx)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("sparse", [False, True])
def test_what_is_not_finite_is_refused_by_row(name, build, batch, ctx, bad, sparse):
    model, features, targets = fitted(build, batch, ctx, name)
    broken = features.copy()
    broken[5, 1] = bad
    broken = csr_matrix(broken) if sparse else broken
    with pytest.raises(InvalidInputError, match="row 5 "):
        model.predict_proba(batch(["text"] * N), broken, ctx)
    with pytest.raises(InvalidInputError, match="row 5 "):
        build(name).fit(training(batch, broken, targets), ctx)


def test_missing_and_foreign_features_are_refused(name, build, batch, ctx):
    model, features, targets = fitted(build, batch, ctx, name)
    with pytest.raises(InvalidInputError, match="choose at least one feature"):
        build(name).fit(training(batch, None, targets), ctx)
    with pytest.raises(InvalidInputError, match="taught with 6 dimensions and is given 2"):
        model.predict_proba(batch(["text"] * N), features[:, :2], ctx)
    with pytest.raises(InvalidInputError, match="3 rows for 80 texts"):
        model.predict_proba(batch(["text"] * N), features[:3], ctx)


def test_an_unfitted_model_says_so(name, build, batch, ctx, tmp_path):
    with pytest.raises(PluginError, match="before fit or load"):
        build(name).predict_proba(batch([]), np.zeros((0, DIM), np.float32), ctx)
    with pytest.raises(PluginError, match="before fit or load"):
        build(name).save(tmp_path)


def test_a_file_of_another_model_is_refused(name, build, batch, ctx, tmp_path):
    other = "logistic" if name != "logistic" else "naive-bayes"
    if name == "logistic-l1":
        other = "knn"
    model, _, _ = fitted(build, batch, ctx, other)
    model.save(tmp_path)
    with pytest.raises(InvalidInputError, match="train the model again"):
        build(name).load(tmp_path)


class Foreign:
    pass


def test_a_file_with_a_foreign_type_is_not_opened(name, build, tmp_path):
    skops.io.dump({"estimators": [Foreign()]}, tmp_path / "model.skops")
    with pytest.raises(InvalidInputError, match=r"Foreign.*not opened"):
        build(name).load(tmp_path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nonsense", b"\x80\x04pickle"])
def test_a_damaged_file_is_an_error_that_says_what_to_do(name, build, tmp_path, content):
    (tmp_path / "model.skops").write_bytes(content)
    with pytest.raises(UnavailableError, match="train the model again"):
        build(name).load(tmp_path)


def test_a_forged_tree_is_refused(build, batch, ctx, tmp_path):
    model, _, _ = fitted(build, batch, ctx, "gradient-boosting")
    model._fitted.estimators[0]._predictors[0][0].nodes["left"][0] = 10**6
    model.save(tmp_path)
    with pytest.raises(InvalidInputError, match="leads outside itself"):
        build("gradient-boosting").load(tmp_path)


@pytest.mark.parametrize("standardise", [False, True])
@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("labels", [2, 3])
def test_the_fast_prediction_is_that_of_scikit_learn(
    build, batch, ctx, standardise, sparse, labels
):
    features, targets = corpus()
    targets = targets if labels == 3 else np.where(targets == 3, 3, 0)
    features = csr_matrix(features * 3 - 1) if sparse else features * 3 - 1
    model = build("logistic", standardise=standardise)
    model.fit(training(batch, features, targets), ctx)
    ours = model.predict_proba(batch(["text"] * N), features, ctx)
    (estimator,) = model._fitted.estimators
    assert isinstance(estimator, LogisticRegression)
    theirs = estimator.predict_proba(model._fitted.scale(features))
    np.testing.assert_allclose(ours[:, np.unique(targets)], theirs, atol=2e-6)


def test_the_fast_prediction_is_that_of_scikit_learn_for_several_labels(build, batch, ctx):
    model, features, _ = fitted(build, batch, ctx, "logistic", several=True, standardise=True)
    ours = model.predict_proba(batch(["text"] * N), features, ctx)
    scaled = model._fitted.scale(features)
    for column, estimator in zip([0, 3], model._fitted.estimators, strict=True):
        np.testing.assert_allclose(
            ours[:, column], estimator.predict_proba(scaled)[:, 1], atol=2e-6
        )


def test_l1_leaves_useless_dimensions_out(build, batch, ctx):
    model, _, _ = fitted(build, batch, ctx, "logistic-l1", several=True, cost=0.5)
    kept = model._fitted.estimators[0].coef_ != 0
    assert kept[0, 0]
    assert kept.sum() < DIM


def test_naive_bayes_refuses_negative_features(build, batch, ctx):
    features, targets = corpus()
    with pytest.raises(InvalidInputError, match="choose tfidf"):
        build("naive-bayes").fit(training(batch, features - 0.5, targets), ctx)
    model, _, _ = fitted(build, batch, ctx, "naive-bayes")
    with pytest.raises(InvalidInputError, match="choose tfidf"):
        model.predict_proba(batch(["text"] * N), csr_matrix(features - 0.5), ctx)


def test_boosting_refuses_sparse_features_that_would_fill_the_memory(build, batch, ctx):
    wide = csr_matrix((N, 10_000_000), dtype=np.float32)
    with pytest.raises(InvalidInputError, match="use a dense feature"):
        build("gradient-boosting").fit(training(batch, wide, corpus()[1]), ctx)


def test_a_rare_label_counts_more_when_balanced(build, batch, ctx):
    rng = np.random.default_rng(0)
    features = rng.random((N, DIM)).astype(np.float32)
    targets = np.where(np.arange(N) < 8, 0, 1)
    means = []
    for class_weight in ("none", "balanced"):
        model = build("logistic", class_weight=class_weight)
        model.fit(training(batch, features, targets), ctx)
        means.append(model.predict_proba(batch(["text"] * N), features, ctx)[:, 0].mean())
    assert means[0] == pytest.approx(0.1, abs=0.02)
    assert means[1] == pytest.approx(0.5, abs=0.1)


def test_a_solver_that_stops_early_says_so_in_the_log(build, batch, ctx):
    fitted(build, batch, ctx, "logistic", max_iter=1)
    assert any("failed to converge" in line for line in ctx.lines)
