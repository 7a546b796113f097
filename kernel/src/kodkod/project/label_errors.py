"""Labels that are probably wrong: confident learning on held-out predictions.

Northcutt, Jiang and Chuang (2021), "Confident learning: estimating uncertainty in dataset labels".
With t_j the mean probability of j over the texts labelled j, a text labelled i is suspected if
the likeliest of the labels j whose probability reaches t_j is not i. Float64 `[n, k]` in.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

__all__ = ["Suspected", "suspect"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_ABSENT = 2.0
_LEAST = 1e-6
_DECAY = 0.8


class Suspected(Struct, frozen=True):
    """For each text whether its label is suspected, its quality, and bool `[n, k]` what it may be.

    Quality is (p of the label - greatest other + 1) / 2, from 0 to 1, the less the worse; with
    several labels a text each of them has one, for its yes or no, joined by an exponential moving
    average from the best to the worst (Thyagarajan et al. 2022).
    """

    flagged: Bools
    quality: Floats
    suggested: Bools


def suspect(probabilities: NDArray[np.floating[Any]], targets: NDArray[Any]) -> Suspected:
    """Judge the labels of texts by probabilities of models that have not learnt from them.

    `targets` are int64 `[n]` label positions, or uint8 `[n, k]`.
    """
    p = probabilities.astype(np.float64)
    if targets.ndim == 1:
        return _one(p, targets.astype(np.int64))
    flagged = np.zeros(p.shape, dtype=np.bool_)
    quality = np.empty_like(p)
    for column in range(p.shape[1]):
        both = np.stack([1 - p[:, column], p[:, column]], axis=1)
        found = _one(both, targets[:, column].astype(np.int64))
        flagged[:, column], quality[:, column] = found.flagged, found.quality
    # A suspected label is taken away, or given.
    suggested = targets.astype(np.bool_) ^ flagged
    return Suspected(np.logical_or.reduce(flagged, axis=1), _moving_average(quality), suggested)


def _one(p: Floats, labels: NDArray[np.int64]) -> Suspected:
    n, k = p.shape
    own = p[np.arange(n), labels]
    counts = np.bincount(labels, minlength=k)
    sums = np.bincount(labels, own, minlength=k)
    means = np.where(counts > 0, sums / np.maximum(counts, 1), _ABSENT)
    confident = np.where(p >= np.maximum(means, _LEAST) - _LEAST, p, -np.inf)
    best = confident.argmax(axis=1)
    flagged = np.isfinite(confident.max(axis=1, initial=-np.inf)) & (best != labels)
    others = p.copy()
    others[np.arange(n), labels] = -np.inf
    rival = others.max(axis=1) if k > 1 else np.zeros(n)
    return Suspected(flagged, (own - rival + 1) / 2, best[:, None] == np.arange(k))


def _moving_average(qualities: Floats) -> Floats:
    """Return one quality a text, the worst of its labels counting most."""
    ordered = -np.sort(-qualities, axis=1)
    joined = ordered[:, 0].copy()
    for column in ordered.T[1:]:
        joined = _DECAY * column + (1 - _DECAY) * joined
    return joined
