"""Measures of how unsure a model is of each text, high where it is unsure.

Every function takes float32 `[n, n_labels]` and returns float32 `[n]`, NaN for a row with NaN.
With `several`, a text may have several labels and each column is a yes-or-no of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Pool
from kodkod_selection.columns import cached_rows, highest, lowest, total, two_highest
from kodkod_selection.reading import has_several_labels, probabilities_of

__all__ = [
    "Measure",
    "entropy",
    "entropy_of_outcomes",
    "least_confidence",
    "outcomes",
    "small_margin",
    "surprise",
    "uncertainty",
]

Measure = Literal["breaking-ties", "least-confidence", "entropy"]

_TINY = np.finfo(np.float32).tiny


def uncertainty(
    pool: Pool, measure: Measure, rows: NDArray[np.int64] | None = None
) -> NDArray[np.float32]:
    """Return a measure over the pool's probabilities, or over some rows of them."""
    probabilities = probabilities_of(pool)
    there = probabilities if rows is None else probabilities[rows]
    return _MEASURES[measure](there, several=has_several_labels(pool))


def least_confidence(probabilities: NDArray[np.float32], *, several: bool) -> NDArray[np.float32]:
    """Return 1 - P(the likeliest value): of one label, or of the likeliest set of labels.

    Labels of a set are taken as independent, so P is the product of max(p, 1 - p).
    """

    def score(p: NDArray[np.float32]) -> NDArray[np.floating]:
        return 1 - (np.maximum(p, 1 - p).prod(axis=1) if several else highest(p))

    return _by_block(probabilities, score)


def small_margin(probabilities: NDArray[np.float32], *, several: bool) -> NDArray[np.float32]:
    """Return 1 - margin, the margin being between the two likeliest labels.

    With `several`, it is between yes and no of the label that is closest to undecided.
    """

    def score(p: NDArray[np.float32]) -> NDArray[np.floating]:
        if several:
            apart = p - np.float32(0.5)
            return 1 - 2 * lowest(np.abs(apart, out=apart))
        best, second = two_highest(p)
        return 1 - (best - second)

    return _by_block(probabilities, score)


def entropy(probabilities: NDArray[np.float32], *, several: bool) -> NDArray[np.float32]:
    """Return the Shannon entropy in nats: of the labels, or the sum of each label's own."""

    def score(p: NDArray[np.float32]) -> NDArray[np.floating]:
        return entropy_of_outcomes(outcomes(p.astype(np.float64), several=several))

    # Rounded to float32, rows with the same probabilities in another order tie.
    return _by_block(probabilities, score)


def outcomes(p: NDArray[np.floating], *, several: bool) -> NDArray[np.floating]:
    """Return what can happen, side by side in the last axis: with `several`, p and 1 - p.

    Sums over outcomes of p log p, or of any divergence, are then right for both kinds of scheme.
    """
    return np.concatenate([p, 1 - p], axis=-1) if several else p


def entropy_of_outcomes(p: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the sum of -p log p over the last axis."""
    return total(surprise(p))


def surprise(p: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return -p log p, which is 0 at 0 and NaN at NaN."""
    return -p * np.log(np.maximum(p, _TINY))


def _by_block(
    probabilities: NDArray[np.float32],
    score: Callable[[NDArray[np.float32]], NDArray[np.floating]],
) -> NDArray[np.float32]:
    result = np.empty(len(probabilities), dtype=np.float32)
    for rows in cached_rows(*probabilities.shape):
        result[rows] = score(probabilities[rows])
    return result


_MEASURES = {
    "breaking-ties": small_margin,
    "least-confidence": least_confidence,
    "entropy": entropy,
}
