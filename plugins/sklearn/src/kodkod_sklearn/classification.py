"""The metric `classification`, for one label a text and for several."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Compared, Metric, Score, ScoreReport
from kodkod_sklearn.figures import BY_LABEL, OVERALL, figures
from kodkod_sklearn.outcomes import Outcomes, compare
from kodkod_sklearn.params import ClassificationParams

__all__ = ["Classification"]

Floats = NDArray[np.float64]
COUNTS_AT_ONCE = 4_000_000
"""Counts drawn at a time (8 bytes each)."""
TEXTS_PER_PATTERN = 5
"""With fewer, drawing texts is faster than drawing counts: 9 ns a text, 48 ns a count."""


class Classification(Metric[ClassificationParams]):
    """Accuracy, precision, recall and F1, overall and by label; see `figures` for definitions.

    Intervals are 95 % percentile intervals of the bootstrap over texts (Efron and Tibshirani
    1993, chapter 13); replicates in which a figure is undefined are left out of its interval.
    """

    def score(self, compared: Compared, rng: np.random.Generator) -> ScoreReport:
        """Compare the likeliest label, or the labels from their thresholds on.

        Raises:
            InvalidInputError: there is nothing to compare, or a text has no prediction.
        """
        labels = compared.labels
        outcomes = compare(compared)
        n = int(outcomes.counts.sum())
        indicators = outcomes.indicators()
        totals = outcomes.counts[None, :] @ indicators
        overall, by_label = figures(totals, n)
        drawn = figures(_replicates(outcomes.counts, indicators, self.params.replicates, rng), n)
        support = totals[0, len(labels) : 2 * len(labels)]
        scores = _scores(by_label[0].ravel(), drawn[1].reshape(len(drawn[1]), by_label[0].size))
        each = np.array(scores, dtype=object).reshape(len(BY_LABEL), len(labels))
        return ScoreReport(
            n=n,
            labels=list(labels),
            overall=dict(zip(OVERALL, _scores(overall[0], drawn[0]), strict=True)),
            by_label={
                label: {
                    **dict(zip(BY_LABEL, each[:, i], strict=True)),
                    "support": Score(value=float(support[i])),
                }
                for i, label in enumerate(labels)
            },
            confusion=_confusion(outcomes) if compared.reference.ndim == 1 else None,
        )


def _replicates(
    counts: NDArray[np.int64], indicators: Floats, replicates: int, rng: np.random.Generator
) -> Floats:
    """Return the totals `[replicates, columns]` of as many draws of all texts with replacement."""
    totals = np.empty((replicates, indicators.shape[1]))
    step = max(1, COUNTS_AT_ONCE // len(counts))
    for start in range(0, replicates, step):
        size = min(step, replicates - start)
        totals[start : start + size] = _draw(counts, size, rng) @ indicators
    return totals


def _draw(counts: NDArray[np.int64], size: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return `[size, len(counts)]`: how often each pattern is among as many texts drawn anew."""
    n = int(counts.sum())
    if len(counts) * TEXTS_PER_PATTERN < n:
        return rng.multinomial(n, counts / n, size=size)
    pattern = np.repeat(np.arange(len(counts)), counts)
    draws = (pattern[rng.integers(0, n, n)] for _ in range(size))
    return np.stack([np.bincount(draw, minlength=len(counts)) for draw in draws])


def _scores(values: Floats, drawn: Floats) -> list[Score]:
    """Return a score for each of `values`, its interval from a column of `drawn` `[r, n]`."""
    return [_score(value, column) for value, column in zip(values, drawn.T, strict=True)]


def _score(value: float, drawn: Floats) -> Score:
    defined = drawn[~np.isnan(drawn)]
    if np.isnan(value):
        return Score(value=None)
    if not len(defined):
        return Score(value=float(value))
    low, high = np.percentile(defined, [2.5, 97.5])
    return Score(value=float(value), low=float(low), high=float(high))


def _confusion(outcomes: Outcomes) -> list[list[int]]:
    table: Any = np.zeros((outcomes.reference.shape[1],) * 2, dtype=np.int64)
    table[outcomes.reference.argmax(axis=1), outcomes.predicted.argmax(axis=1)] = outcomes.counts
    return table.tolist()
