"""Promises of models whose scheme has spans for values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from msgspec.structs import replace

from kodkod.api import InvalidInputError, Span, SpanModel, SpanPrediction, TextBatch, TrainingSet
from kodkod.testing.checks.learning import Work, require_cancellable, require_progress
from kodkod.testing.material import (
    HOSTILE_TEXTS,
    LABELS,
    make_batch,
    make_texts,
    make_training_set,
    span_targets,
)
from kodkod.testing.recording import RecordingContext
from kodkod.testing.subject import Subject, require

__all__ = ["CHECKS"]

_N = 60
_N_NEW = 15


def gives_valid_spans(subject: Subject) -> None:
    """Spans lie in their text, ascend, have known labels; one never seen in training has 0."""
    found = _predict(subject, _fitted(subject, _data()))
    _require_valid(found, _new().texts)
    used = {span.label for spans in found.spans for span in spans}
    require(LABELS[-1] not in used, "a label never seen in training is on no span")
    require(bool((found.probabilities[:, -1] == 0).all()), "a label never seen in training has 0")


def probabilities_are_those_of_spans(subject: Subject) -> None:
    """`predict_proba` says the same as `predict_spans`."""
    model = _fitted(subject, _data())
    proba = model.predict_proba(_new(), None, subject.context())
    expected = _predict(subject, model).probabilities
    np.testing.assert_allclose(proba, expected, rtol=1e-5, atol=1e-6)


def overlaps_only_if_learnt(subject: Subject) -> None:
    """No spans overlap where none did in training, as the scheme may not allow it."""
    batch = make_batch([*_new().texts, *HOSTILE_TEXTS])
    found = _fitted(subject, _data()).predict_spans(batch, subject.context())
    for spans in found.spans:
        for before, after in pairwise(spans):
            require(before.end <= after.start, f"{before} and {after} overlap, and none did before")


def overlapping_spans(subject: Subject) -> None:
    """Spans that overlap, even with one label, are learnt or refused by a message for users."""
    data = _data()
    values: list[list[Span]] = []
    for text in data.batch.texts:
        half = len(text) // 2
        values.append(
            [Span(0, half, LABELS[0]), Span(0, len(text), LABELS[1]), Span(2, half + 3, LABELS[0])]
        )
    _refused_or_learnt(subject, _with(data, values))


def no_spans_at_all(subject: Subject) -> None:
    """Values without a span are learnt, or refused by a message for users."""
    data = _data()
    _refused_or_learnt(subject, _with(data, [[] for _ in data.batch.texts]))


def very_few_texts(subject: Subject) -> None:
    """Two texts are learnt, or refused by a message for users."""
    _refused_or_learnt(subject, make_training_set(2, "span", texts=True))


def same_seed_same_prediction(subject: Subject) -> None:
    """Two fits with one seed agree."""
    one, two = (_predict(subject, _fitted(subject, _data())) for _ in range(2))
    _require_same(one, two)


def save_and_load(subject: Subject) -> None:
    """Loaded from another folder, it predicts the same."""
    model = _fitted(subject, _data())
    _require_same(_predict(subject, model), _predict(subject, subject.reloaded(model)))


def each_text_for_itself(subject: Subject) -> None:
    """The spans of a text do not depend on the texts beside it."""
    model = _fitted(subject, _data())
    forth, back = (
        model.predict_spans(make_batch(texts), subject.context())
        for texts in (_new().texts, _new().texts[::-1])
    )
    turned = SpanPrediction(
        spans=back.spans[::-1], scores=back.scores[::-1], probabilities=back.probabilities[::-1]
    )
    _require_same(forth, turned)


def leaves_its_input_alone(subject: Subject) -> None:
    """Fitting and predicting change neither values nor targets."""
    data, untouched = _data(), _data()
    _predict(subject, _fitted(subject, data))
    require(bool((data.targets == untouched.targets).all()), "fit leaves the targets alone")
    require(data.values == untouched.values, "fit leaves the values alone")


def no_texts_no_rows(subject: Subject) -> None:
    """An empty batch gives no spans and `[0, n_labels]`."""
    found = _fitted(subject, _data()).predict_spans(make_batch([]), subject.context())
    _require_valid(found, [])


def hostile_texts(subject: Subject) -> None:
    """Empty, emoji, right to left, very long and NUL all get spans that lie in them."""
    found = _fitted(subject, _data()).predict_spans(make_batch(HOSTILE_TEXTS), subject.context())
    _require_valid(found, HOSTILE_TEXTS)


def tells_progress(subject: Subject) -> None:
    """Heavy work tells how far it is."""
    require_progress(subject, _work(subject), "fit or predict_spans")


def can_be_cancelled(subject: Subject) -> None:
    """`Cancelled` comes through."""
    require_cancellable(subject, _work(subject), "fit and predict_spans")


def _work(subject: Subject) -> Work:
    def work(ctx: RecordingContext) -> None:
        model: SpanModel = subject.build()
        model.fit(_data(), ctx)
        model.predict_spans(_new(), ctx)

    return work


def _data() -> TrainingSet:
    return make_training_set(_N, "span", texts=True)


def _with(data: TrainingSet, values: Sequence[list[Span]]) -> TrainingSet:
    return replace(data, values=values, targets=span_targets(values))


def _new() -> TextBatch:
    return make_batch(make_texts(_N_NEW, seed=2))


def _fitted(subject: Subject, data: TrainingSet) -> SpanModel:
    model: SpanModel = subject.build()
    model.fit(data, subject.context())
    return model


def _predict(subject: Subject, model: SpanModel) -> SpanPrediction:
    return model.predict_spans(_new(), subject.context())


def _refused_or_learnt(subject: Subject, data: TrainingSet) -> None:
    try:
        model = _fitted(subject, data)
    except InvalidInputError as error:
        require(bool(error.message), "a refusal says why")
        return
    _require_valid(_predict(subject, model), _new().texts)


def _require_same(one: SpanPrediction, two: SpanPrediction) -> None:
    require(one.spans == two.spans, "the same spans are predicted")
    np.testing.assert_allclose(list(_flat(one)), list(_flat(two)), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(one.probabilities, two.probabilities, rtol=1e-3, atol=1e-4)


def _flat(found: SpanPrediction) -> Iterator[float]:
    for scores in found.scores:
        yield from scores


def _require_valid(found: SpanPrediction, texts: Sequence[str]) -> None:
    proba = found.probabilities
    shape = (len(texts), len(LABELS))
    require(proba.shape == shape, f"probabilities are [n, n_labels] {shape}, not {proba.shape}")
    require(proba.dtype == np.float32, f"probabilities are float32, not {proba.dtype}")
    require(bool(((proba >= 0) & (proba <= 1)).all()), "probabilities are in [0, 1]")
    require(len(found.spans) == len(texts), "there is a list of spans for each text")
    require(len(found.scores) == len(texts), "there is a list of scores for each text")
    for text, spans, scores, row in zip(texts, found.spans, found.scores, proba, strict=True):
        require(spans == sorted(set(spans)), "spans ascend, each once")
        require(len(scores) == len(spans), "each span has a score")
        for span, score in zip(spans, scores, strict=True):
            inside = 0 <= span.start < span.end <= len(text)
            require(inside, f"{span} lies in its text of {len(text)} characters")
            require(span.label in LABELS, f"{span} has a label of the training set")
            require(0 <= score <= 1, f"the score {score} of {span} is in [0, 1]")
            least = row[LABELS.index(span.label)] + 1e-4
            require(score <= least, "a label's probability is the greatest score of its spans")


CHECKS = (
    gives_valid_spans,
    probabilities_are_those_of_spans,
    overlaps_only_if_learnt,
    overlapping_spans,
    no_spans_at_all,
    very_few_texts,
    same_seed_same_prediction,
    save_and_load,
    each_text_for_itself,
    leaves_its_input_alone,
    no_texts_no_rows,
    hostile_texts,
    tells_progress,
    can_be_cancelled,
)
