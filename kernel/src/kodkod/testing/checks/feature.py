"""Promises of features."""

from __future__ import annotations

import numpy as np

from kodkod.api import Feature, Matrix, TextBatch
from kodkod.testing.checks.learning import require_cancellable, require_progress
from kodkod.testing.material import HOSTILE_TEXTS, make_batch, make_texts
from kodkod.testing.recording import RecordingContext
from kodkod.testing.subject import Subject, dense, require

__all__ = ["CHECKS"]

_N = 60
_BATCH = make_batch(make_texts(_N))
_OTHERS = make_batch(make_texts(12, seed=1))
# Padding to the longest text of a batch moves the last digits of a float32.
_RTOL, _ATOL = 1e-3, 5e-4


def gives_float32_vectors(subject: Subject) -> None:
    """Float32 `[n, dim]`, finite, CSR if and only if the spec says sparse."""
    matrix = _fitted(subject).transform(_OTHERS, subject.context())
    _require_matrix(subject, matrix, len(_OTHERS))


def same_seed_same_vectors(subject: Subject) -> None:
    """Two runs with one seed agree."""
    one, two = (_vectors(subject, _fitted(subject)) for _ in range(2))
    np.testing.assert_allclose(one, two, rtol=1e-5, atol=1e-6)


def batch_of_one(subject: Subject) -> None:
    """A text's vector does not depend on the texts beside it."""
    feature = _fitted(subject)
    together = _vectors(subject, feature)
    for i in (0, len(_OTHERS) - 1):
        part = slice(i, i + 1)
        single = TextBatch(_OTHERS.rows[part], _OTHERS.texts[part], _OTHERS.context[part])
        alone = dense(feature.transform(single, subject.context()))
        np.testing.assert_allclose(alone[0], together[i], rtol=_RTOL, atol=_ATOL)


def no_texts_no_rows(subject: Subject) -> None:
    """An empty batch gives `[0, dim]`."""
    feature = _fitted(subject)
    nothing = feature.transform(make_batch([]), subject.context())
    some = feature.transform(_OTHERS, subject.context())
    shape = (0, dense(some).shape[1])
    require(nothing.shape == shape, f"no texts give {shape}, not {nothing.shape}")


def hostile_texts(subject: Subject) -> None:
    """Empty, emoji, right to left, very long and NUL all have a finite vector."""
    batch = make_batch(HOSTILE_TEXTS)
    matrix = _fitted(subject).transform(batch, subject.context())
    _require_matrix(subject, matrix, len(batch))


def save_and_load(subject: Subject) -> None:
    """Loaded from another folder, it gives the same vectors."""
    feature = _fitted(subject)
    before = _vectors(subject, feature)
    after = _vectors(subject, subject.reloaded(feature))
    np.testing.assert_allclose(after, before, rtol=1e-6, atol=1e-6)


def tells_progress(subject: Subject) -> None:
    """Heavy work tells how far it is."""
    require_progress(subject, lambda ctx: _work(subject, ctx), "fit or transform")


def can_be_cancelled(subject: Subject) -> None:
    """`Cancelled` comes through."""
    require_cancellable(subject, lambda ctx: _work(subject, ctx), "fit and transform")


def _work(subject: Subject, ctx: RecordingContext) -> None:
    feature: Feature = subject.build()
    feature.fit(_BATCH, ctx)
    feature.transform(_BATCH, ctx)


def _fitted(subject: Subject) -> Feature:
    feature: Feature = subject.build()
    feature.fit(_BATCH, subject.context())
    return feature


def _vectors(subject: Subject, feature: Feature) -> np.ndarray:
    return dense(feature.transform(_OTHERS, subject.context()))


def _require_matrix(subject: Subject, matrix: Matrix, n: int) -> None:
    sparse = hasattr(matrix, "toarray")
    require(sparse == getattr(subject.spec, "sparse", False), "the spec says whether it is sparse")
    if sparse:
        require(getattr(matrix, "format", "") == "csr", "a sparse feature is CSR")
    require(matrix.dtype == np.float32, f"vectors are float32, not {matrix.dtype}")
    require(len(dense(matrix)) == n and matrix.ndim == 2, f"one row a text: {matrix.shape}")
    require(bool(np.isfinite(dense(matrix)).all()), "vectors are finite")


CHECKS = (
    gives_float32_vectors,
    same_seed_same_vectors,
    batch_of_one,
    no_texts_no_rows,
    hostile_texts,
    save_and_load,
    tells_progress,
    can_be_cancelled,
)
