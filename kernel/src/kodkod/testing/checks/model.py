"""Promises of models, for each scheme type that the kit has targets for."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, Model, ModelSpec, TextBatch, TrainingSet
from kodkod.testing.checks.learning import Work, require_cancellable, require_progress
from kodkod.testing.material import (
    HOSTILE_TEXTS,
    LABELS,
    SCHEME_TYPES,
    make_batch,
    make_features,
    make_texts,
    make_training_set,
)
from kodkod.testing.recording import RecordingContext
from kodkod.testing.subject import Subject, dense, require

__all__ = ["CHECKS"]

_N_NEW = 15


def gives_probabilities(subject: Subject) -> None:
    """Float32 `[n, n_labels]` in [0, 1]; a label never seen has 0; one label a text sums to 1."""
    for scheme_type, data in _data(subject):
        proba = _predict(subject, _fitted(subject, data), data)
        _require_probabilities(proba, _N_NEW, scheme_type)
        require(bool((proba[:, -1] == 0).all()), "a label never seen in training has 0")


def same_seed_same_prediction(subject: Subject) -> None:
    """Two fits with one seed agree."""
    for _, data in _data(subject):
        one, two = (_predict(subject, _fitted(subject, data), data) for _ in range(2))
        np.testing.assert_allclose(one, two, rtol=1e-4, atol=1e-5)


def fits_again(subject: Subject) -> None:
    """One that may start warm comes to the same from what it has learnt as from nothing."""
    spec = subject.spec
    if not isinstance(spec, ModelSpec) or not spec.warm:
        return
    for scheme_type, data in _data(subject):
        texts = data.features is None
        model = _fitted(subject, make_training_set(60, scheme_type, texts=texts))
        model.fit(data, subject.context())
        again, anew = (_predict(subject, each, data) for each in (model, _fitted(subject, data)))
        np.testing.assert_allclose(again, anew, atol=0.02)


def save_and_load(subject: Subject) -> None:
    """Loaded from another folder, it predicts the same."""
    for _, data in _data(subject):
        model = _fitted(subject, data)
        before = _predict(subject, model, data)
        after = _predict(subject, subject.reloaded(model), data)
        np.testing.assert_allclose(after, before, rtol=1e-5, atol=1e-6)


def leaves_its_input_alone(subject: Subject) -> None:
    """Fitting and predicting change neither features nor targets."""
    for _, data in _data(subject):
        targets = data.targets.copy()
        features = None if data.features is None else np.array(data.features)
        _predict(subject, _fitted(subject, data), data)
        require(bool((data.targets == targets).all()), "fit leaves the targets alone")
        if features is not None:
            require(np.array_equal(dense(data.features), features), "fit leaves the features alone")


def sparse_features(subject: Subject) -> None:
    """CSR features work, or are refused by a message for users."""
    from scipy.sparse import csr_matrix

    for scheme_type, data in _data(subject):
        if data.features is None:
            pytest.skip("reads texts")
        sparse = msgspec.structs.replace(data, features=csr_matrix(data.features))
        try:
            model = _fitted(subject, sparse)
        except InvalidInputError:
            continue
        batch, features = _new(data)
        proba = model.predict_proba(batch, csr_matrix(features), subject.context())
        _require_probabilities(proba, _N_NEW, scheme_type)


def one_label_only(subject: Subject) -> None:
    """What cannot be learnt is refused by a message for users."""
    for scheme_type, data in _data(subject):
        targets = np.zeros_like(data.targets)
        if scheme_type == "multilabel":
            targets[:, 0] = 1
        _refused_or_learnt(subject, msgspec.structs.replace(data, targets=targets), scheme_type)


def very_few_texts(subject: Subject) -> None:
    """Two texts of two labels are learnt, or refused by a message for users."""
    for scheme_type, data in _data(subject):
        batch = data.batch
        few = msgspec.structs.replace(
            data,
            batch=TextBatch(batch.rows[:2], batch.texts[:2], batch.context[:2]),
            features=None if data.features is None else data.features[:2],
            targets=data.targets[1:3],
        )
        _refused_or_learnt(subject, few, scheme_type)


def no_texts_no_rows(subject: Subject) -> None:
    """An empty batch gives `[0, n_labels]`."""
    for _, data in _data(subject):
        features = None if data.features is None else data.features[:0]
        proba = _fitted(subject, data).predict_proba(make_batch([]), features, subject.context())
        require(proba.shape == (0, len(LABELS)), f"no texts give [0, n_labels], not {proba.shape}")


def hostile_texts(subject: Subject) -> None:
    """Empty, emoji, right to left, very long and NUL all get probabilities."""
    batch = make_batch(HOSTILE_TEXTS)
    for scheme_type, data in _data(subject):
        features = None if data.features is None else make_features(len(batch), seed=3)
        proba = _fitted(subject, data).predict_proba(batch, features, subject.context())
        _require_probabilities(proba, len(batch), scheme_type)


def tells_progress(subject: Subject) -> None:
    """Heavy work tells how far it is."""
    for _, data in _data(subject):
        require_progress(subject, _work(subject, data), "fit or predict_proba")


def can_be_cancelled(subject: Subject) -> None:
    """`Cancelled` comes through."""
    for _, data in _data(subject):
        require_cancellable(subject, _work(subject, data), "fit and predict_proba")


def _work(subject: Subject, data: TrainingSet) -> Work:
    def work(ctx: RecordingContext) -> None:
        model: Model = subject.build()
        model.fit(data, ctx)
        model.predict_proba(*_new(data), ctx)

    return work


def _data(subject: Subject) -> Iterator[tuple[str, TrainingSet]]:
    texts = getattr(subject.spec, "reads", "features") == "texts"
    mine = [each for each in SCHEME_TYPES if each in getattr(subject.spec, "scheme_types", ())]
    if not mine:
        pytest.skip(f"the kit has targets for {', '.join(SCHEME_TYPES)} only")
    for scheme_type in mine:
        yield scheme_type, make_training_set(scheme_type=scheme_type, texts=texts)


def _fitted(subject: Subject, data: TrainingSet) -> Model:
    model: Model = subject.build()
    model.fit(data, subject.context())
    return model


def _new(data: TrainingSet) -> tuple[TextBatch, NDArray[np.float32] | None]:
    features = None if data.features is None else make_features(_N_NEW, seed=2)
    return make_batch(make_texts(_N_NEW, seed=2)), features


def _predict(subject: Subject, model: Model, data: TrainingSet) -> NDArray[np.float32]:
    return model.predict_proba(*_new(data), subject.context())


def _refused_or_learnt(subject: Subject, data: TrainingSet, scheme_type: str) -> None:
    try:
        model = _fitted(subject, data)
    except InvalidInputError as error:
        require(bool(error.message), "a refusal says why")
        return
    _require_probabilities(_predict(subject, model, data), _N_NEW, scheme_type)


def _require_probabilities(proba: NDArray[np.float32], n: int, scheme_type: str) -> None:
    shape = (n, len(LABELS))
    require(proba.shape == shape, f"probabilities are [n, n_labels] {shape}, not {proba.shape}")
    require(proba.dtype == np.float32, f"probabilities are float32, not {proba.dtype}")
    require(bool(np.isfinite(proba).all()), "probabilities are finite")
    require(bool(((proba >= 0) & (proba <= 1)).all()), "probabilities are in [0, 1]")
    if scheme_type == "multiclass":
        sums = proba.sum(axis=1)
        require(bool(np.allclose(sums, 1, atol=1e-3)), f"rows sum to 1, not to {sums.min():.3f}")


CHECKS = (
    gives_probabilities,
    same_seed_same_prediction,
    fits_again,
    save_and_load,
    leaves_its_input_alone,
    sparse_features,
    one_label_only,
    very_few_texts,
    no_texts_no_rows,
    hostile_texts,
    tells_progress,
    can_be_cancelled,
)
