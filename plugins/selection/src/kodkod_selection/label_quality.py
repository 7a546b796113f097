"""How far a given label is to be trusted, by what a model says of it (confident learning).

Float64 `[n, k]` probabilities and int64 `[n]` labels in, `[n]` out; the formulas are those of
Northcutt, Jiang and Chuang (2021) and of Kuan and Mueller (2022), "Model-agnostic label quality
scoring to detect real-world label errors".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kodkod_selection.uncertainty import entropy_of_outcomes

__all__ = [
    "QUALITIES",
    "Quality",
    "confident_thresholds",
    "entropy_weighted",
    "lowered",
    "normalised_margin",
    "off_diagonal",
    "quality_of_several",
    "self_confidence",
]

Probabilities = NDArray[np.float64]
Quality = Callable[[Probabilities, NDArray[np.int64]], NDArray[np.float64]]

_ABSENT = 2.0
_LEAST = 1e-6
_DECAY = 0.8


def self_confidence(p: Probabilities, labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the probability of the given label."""
    return p[np.arange(len(p)), labels]


def normalised_margin(p: Probabilities, labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (p of the given label - greatest of the others + 1) / 2."""
    others = p.copy()
    others[np.arange(len(p)), labels] = -np.inf
    best = others.max(axis=1) if p.shape[1] > 1 else np.zeros(len(p))
    return (self_confidence(p, labels) - best + 1) / 2


def entropy_weighted(p: Probabilities, labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return log(1 + r) / r, r being the normalised entropy over p of the given label."""
    scale = np.log(p.shape[1]) if p.shape[1] > 1 else 1.0
    confidence = np.maximum(self_confidence(p, labels), _LEAST)
    ratio = entropy_of_outcomes(p) / scale / confidence
    return np.log(ratio + 1) / np.maximum(ratio, _LEAST)


QUALITIES: dict[str, Quality] = {
    "self-confidence": self_confidence,
    "margin": normalised_margin,
    "entropy": entropy_weighted,
}


def confident_thresholds(p: Probabilities, labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return for each label the mean probability of rows that have it; 2 where none has."""
    counts = np.bincount(labels, minlength=p.shape[1])
    sums = np.bincount(labels, self_confidence(p, labels), minlength=p.shape[1])
    means = np.where(counts > 0, sums / np.maximum(counts, 1), _ABSENT)
    return np.maximum(means, _LEAST)


def off_diagonal(
    p: Probabilities, labels: NDArray[np.int64], thresholds: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return which rows confident learning counts under another label than their own."""
    confident = np.where(p >= thresholds - _LEAST, p, -np.inf)
    return np.isfinite(confident.max(axis=1)) & (confident.argmax(axis=1) != labels)


def lowered(p: Probabilities, thresholds: NDArray[np.float64]) -> Probabilities:
    """Return probabilities less what is usual for each label, made positive, of sum 1."""
    moved = p - thresholds + thresholds.max()
    return moved / moved.sum(axis=1, keepdims=True)


def quality_of_several(
    p: Probabilities, targets: NDArray[Any], measure: Quality, *, adjusted: bool
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return which rows have a flagged label, and the joint quality of all their labels."""
    flagged = np.zeros(len(p), dtype=np.bool_)
    qualities = np.empty_like(p)
    for column in range(p.shape[1]):
        both = np.stack([1 - p[:, column], p[:, column]], axis=1)
        labels = targets[:, column].astype(np.int64)
        thresholds = confident_thresholds(both, labels)
        flagged |= off_diagonal(both, labels, thresholds)
        qualities[:, column] = measure(lowered(both, thresholds) if adjusted else both, labels)
    return flagged, _moving_average(qualities)


def _moving_average(qualities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Average from the best label to the worst, the last weighing most."""
    falling = -np.sort(-qualities, axis=1)
    result = falling[:, 0].copy()
    for column in range(1, falling.shape[1]):
        result = _DECAY * falling[:, column] + (1 - _DECAY) * result
    return result
