"""How good predictions are, and from which probability a label is on a text."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["best_thresholds", "macro_f1"]


def macro_f1(targets: NDArray[Any], chosen: NDArray[Any]) -> float:
    """Return the mean F1 over the labels that are in `targets` or in `chosen`.

    Both are label positions `[n]`, or 0 and 1 `[n, k]`.
    """
    if targets.ndim == 1:
        labels = np.union1d(targets, chosen)
        truth, guess = targets[:, None] == labels, chosen[:, None] == labels
    else:
        truth, guess = targets > 0, chosen > 0
        used = truth.any(axis=0) | guess.any(axis=0)
        truth, guess = truth[:, used], guess[:, used]
    if not truth.shape[1]:
        return 1.0
    return float(_f1(truth, guess).mean())


def best_thresholds(
    targets: NDArray[Any], probabilities: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return `[k]`: for each label the threshold with the greatest F1 on these texts.

    Thresholds lie between two probabilities that occur, or below the least; of equals the one
    nearest to 0.5 wins. A label that fewer than three of the texts have, or all, keeps 0.5.
    """
    chosen = np.full(targets.shape[1], 0.5, dtype=np.float32)
    for label in range(targets.shape[1]):
        truth, scores = targets[:, label] > 0, probabilities[:, label]
        if 3 <= truth.sum() < len(truth):
            chosen[label] = _threshold(truth, scores.astype(np.float64))
    return chosen


def _threshold(truth: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    known = np.unique(scores)
    between = (known[1:] + known[:-1]) / 2
    # Below the least of them every text has the label.
    candidates = np.unique(np.concatenate([[0.5], known[:1] / 2, between]))
    # From the greatest score down, the texts that have the label and all that would get it.
    order = np.argsort(-scores, kind="stable")
    hits = np.concatenate([[0], np.cumsum(truth[order])])
    given = np.searchsorted(-scores[order], -candidates, side="right")
    f1 = 2 * hits[given] / np.maximum(given + truth.sum(), 1)
    best = np.flatnonzero(f1 >= f1.max() - 1e-12)
    return float(candidates[best[np.argmin(np.abs(candidates[best] - 0.5))]])


def _f1(truth: NDArray[np.bool_], guess: NDArray[np.bool_]) -> NDArray[np.float64]:
    both = (truth & guess).sum(axis=0)
    return 2 * both / np.maximum(truth.sum(axis=0) + guess.sum(axis=0), 1)
