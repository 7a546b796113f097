"""The metric `spans`: passages found, by borders and by label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kodkod.api import (
    Compared,
    ComparisonReport,
    InvalidInputError,
    Metric,
    ScoreReport,
    Span,
    Value,
)
from kodkod_evaluation.matching import WAYS, credits_of
from kodkod_evaluation.paired import mcnemar
from kodkod_evaluation.params import SpanParams
from kodkod_evaluation.ratios import divide, precision_recall_f1
from kodkod_evaluation.reporting import differences, scores
from kodkod_evaluation.resampling import Floats, measure

__all__ = ["SpanFigures", "Spans"]

_FIGURES = ("precision", "recall", "f1")


class Spans(Metric[SpanParams]):
    """Precision, recall and F1 of spans; see `SpanFigures`. Intervals are over texts."""

    def score(self, compared: Compared, rng: np.random.Generator) -> ScoreReport:
        """Compare the spans.

        Raises:
            InvalidInputError: there are no texts, or no spans to compare.
        """
        reference, predicted = _read(compared)
        figures = SpanFigures(reference, predicted, compared.labels)
        measured = measure([figures], len(reference), self.params.replicates, rng)
        overall, by_label = scores(measured, compared.labels)
        return ScoreReport(
            n=len(reference), labels=list(compared.labels), overall=overall, by_label=by_label
        )

    def compare(
        self, first: Compared, second: Compared, rng: np.random.Generator
    ) -> ComparisonReport:
        """Compare two predictors by a paired bootstrap, and whole texts by McNemar's exact test.

        Raises:
            InvalidInputError: there is nothing to compare, or they are not of the same texts.
        """
        reference, one = _read(first)
        others, two = _read(second)
        if first.labels != second.labels or reference != others:
            raise InvalidInputError(
                "the two were not given the same texts and labels; compare them on the same rows"
            )
        seed = int(rng.integers(2**63))
        measured = [
            measure(
                [SpanFigures(reference, said, first.labels)],
                len(reference),
                self.params.replicates,
                np.random.default_rng(seed),
            )
            for said in (one, two)
        ]
        overall, by_label = differences(measured[0], measured[1], first.labels)
        for figures in by_label.values():
            figures.pop("support")
        return ComparisonReport(
            n=len(reference),
            labels=list(first.labels),
            overall=overall,
            by_label=by_label,
            mcnemar=mcnemar(_right(reference, one), _right(reference, two)),
        )


class SpanFigures:
    """Precision, recall and F1 by each of `WAYS`, of all spans (micro), by label, and macro.

    `accuracy` is the share of texts in which every span is right and none is too much. A label's
    precision is of the spans predicted with it, its recall of those of the reference that have it,
    also where a way does not ask for labels. Undefined: where there are no such spans. Macro is the
    mean over the labels that are in the reference or the predictions, undefined counting as 0.
    """

    overall = (
        "accuracy",
        *(f"{way}_{each}" for way in WAYS for each in _FIGURES),
        *(f"macro_{way}_{each}" for way in WAYS for each in _FIGURES),
    )
    by_label = (*(f"{way}_{each}" for way in WAYS for each in _FIGURES), "support")

    def __init__(
        self,
        reference: Sequence[Sequence[Span]],
        predicted: Sequence[Sequence[Span]],
        labels: Sequence[str],
    ) -> None:
        """Sum up each text: what was earned, by the reference's label and by the predicted one."""
        column = {label: i for i, label in enumerate(labels)}
        n, k = len(reference), len(labels)
        # [there, predicted, then for each way: earned by reference's label, by predicted label].
        table = np.zeros((2 + 2 * len(WAYS), k, n), dtype=np.float32)
        for i, (there, said) in enumerate(zip(reference, predicted, strict=True)):
            for span in there:
                table[0, column[span.label], i] += 1
            for span in said:
                table[1, column[span.label], i] += 1
            for way, credit in enumerate(WAYS.values()):
                for one, other, earned in credits_of(there, said, credit):
                    table[2 + 2 * way, column[one.label], i] += earned
                    table[3 + 2 * way, column[other.label], i] += earned
        self._table = table
        self._right = _right(reference, predicted)

    def of(self, weights: NDArray[Any]) -> tuple[Floats, Floats]:
        """Return the figures for each of the weightings."""
        sums = (self._table.astype(weights.dtype) @ weights).astype(np.float64)
        there, said, earned = sums[0], sums[1], sums[2:]
        right = (self._right.astype(weights.dtype) @ weights) / len(self._right)
        present = there + said > 0
        micro: list[Floats] = []
        macro: list[Floats] = []
        each: list[Floats] = []
        for by_reference, by_predicted in zip(earned[::2], earned[1::2], strict=True):
            precision, recall = divide(by_predicted, said), divide(by_reference, there)
            f1 = _harmonic(precision, recall, present)
            each += [precision, recall, f1]
            macro += [
                divide((np.nan_to_num(figure) * present).sum(axis=0), present.sum(axis=0))
                for figure in (precision, recall, f1)
            ]
            total = by_reference.sum(axis=0)
            micro += precision_recall_f1(total, there.sum(axis=0), said.sum(axis=0))
        return np.stack([right, *micro, *macro]), np.stack([*each, there])


def _harmonic(precision: Floats, recall: Floats, present: NDArray[np.bool_]) -> Floats:
    one, two = np.nan_to_num(precision), np.nan_to_num(recall)
    f1 = np.nan_to_num(divide(2 * one * two, one + two))
    return np.where(present, f1, np.nan)


def _right(
    reference: Sequence[Sequence[Span]], predicted: Sequence[Sequence[Span]]
) -> NDArray[np.bool_]:
    pairs = zip(reference, predicted, strict=True)
    return np.array([sorted(one) == sorted(other) for one, other in pairs], dtype=np.bool_)


def _read(compared: Compared) -> tuple[list[list[Span]], list[list[Span]]]:
    values, predicted = compared.values, compared.predicted
    if values is None or predicted is None:
        raise InvalidInputError(
            "there are no spans to compare; predict with a model that tags spans"
        )
    if not values:
        raise InvalidInputError("there is no annotated text to compare with; annotate some first")
    if len(values) != len(predicted):
        raise InvalidInputError(
            f"{len(values)} texts of the reference cannot be compared with predictions of "
            f"{len(predicted)}"
        )
    known = set(compared.labels)
    return _spans(values, known), _spans(predicted, known)


def _spans(values: Sequence[Value], known: set[str]) -> list[list[Span]]:
    found = cast("list[list[Span]]", [list(value) for value in values])
    for spans in found:
        for span in spans:
            if not isinstance(span, Span) or span.label not in known:
                raise InvalidInputError(
                    f"{span!r:.80} is no span with one of the labels compared; the metric is for "
                    "schemes of passages"
                )
    return found
