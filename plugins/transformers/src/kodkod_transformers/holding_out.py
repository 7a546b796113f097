"""Which of the training texts are not learnt from, but choose the best epoch."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["hold_out"]

_FEWEST = 4
"""Fewer held-out texts say nothing."""


def hold_out(
    targets: NDArray[Any], share: float, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the positions to learn from and those held out, both ascending.

    `targets` are as in `TrainingSet`. Stratified: of each label about `share` is held out, and
    at least one text is left to learn it from. Of several labels a text, its rarest counts
    (Sechidis et al. 2011 without the iteration). Nothing is held out if that were fewer than
    four texts.
    """
    everything = np.arange(len(targets), dtype=np.int64)
    strata = _rarest(targets)
    rng = np.random.default_rng([seed, 1])
    held: list[NDArray[np.int64]] = []
    owed = 0.0
    for label in np.unique(strata):
        members = rng.permutation(np.flatnonzero(strata == label))
        if len(members) < 2:
            continue
        # What rounding takes from one label, the next one gives.
        owed += len(members) * share
        n = min(int(owed + 0.5), len(members) - 1)
        owed = min(owed - n, 0.5)
        held.append(members[:n])
    held_out = np.sort(np.concatenate([np.zeros(0, dtype=np.int64), *held]))
    if len(held_out) < _FEWEST:
        return everything, held_out[:0]
    return np.setdiff1d(everything, held_out), held_out


def _rarest(targets: NDArray[Any]) -> NDArray[np.int64]:
    if targets.ndim == 1:
        return targets.astype(np.int64)
    counts = targets.sum(axis=0, dtype=np.int64)
    rank = np.where(targets > 0, counts, np.iinfo(np.int64).max)
    return np.where(targets.any(axis=1), rank.argmin(axis=1), -1).astype(np.int64)
