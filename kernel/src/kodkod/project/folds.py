"""Cutting labelled texts into folds that all look alike, and into growing training sets."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["ALWAYS_LEARNT", "assign_folds", "growing_order", "label_table"]

ALWAYS_LEARNT = -1
"""The fold of a text whose label no other text has: a model that has not seen it cannot know it."""

Bools = NDArray[np.bool_]


def label_table(targets: NDArray[Any], k: int) -> Bools:
    """Return `[n, k]`: which text has which label. `targets` as in `TrainingSet`."""
    if targets.ndim == 2:
        return targets.astype(np.bool_)
    return targets[:, None] == np.arange(k)


def assign_folds(labels: Bools, n_folds: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return the fold of each text, with each label spread over the folds as evenly as it goes.

    `labels` is `[n, k]`. A text that alone has one of its labels gets `ALWAYS_LEARNT`. Iterative
    stratification (Sechidis, Tsoumakas and Vlahavas 2011), which with one label a text deals the
    texts of each label out in turn: takes 10 us a text.
    """
    folds = np.full(len(labels), ALWAYS_LEARNT, dtype=np.int64)
    counts = labels.sum(axis=0)
    open_ = ~np.logical_or.reduce(labels[:, counts == 1], axis=1)
    wanted = labels[open_].sum(axis=0)[:, None] / np.full(n_folds, n_folds, dtype=np.float64)
    room = np.full(n_folds, open_.sum() / n_folds)
    shuffled = rng.permutation(len(labels))
    shuffled = shuffled[open_[shuffled]]
    while len(shuffled):
        left = labels[shuffled].sum(axis=0)
        if left.any():
            label = int(np.argmin(np.where(left > 0, left, len(labels) + 1)))
            mine = labels[shuffled, label]
        else:
            label, mine = None, np.ones(len(shuffled), dtype=np.bool_)
        for text in shuffled[mine].tolist():
            fold = _neediest(room if label is None else wanted[label], room, rng)
            folds[text] = fold
            wanted[labels[text], fold] -= 1
            room[fold] -= 1
        shuffled = shuffled[~mine]
    return folds


def _neediest(
    wanted: NDArray[np.float64], room: NDArray[np.float64], rng: np.random.Generator
) -> int:
    best = np.flatnonzero(wanted > wanted.max() - 1e-9)
    best = best[room[best] > room[best].max() - 1e-9]
    return int(best[0] if len(best) == 1 else rng.choice(best))


def growing_order(labels: Bools, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return an order of the texts of which each beginning has labels in proportion.

    With several labels a text, it counts by the rarest of them.
    """
    n, k = labels.shape
    rarity = np.where(labels, labels.sum(axis=0), n + 1)
    stratum = np.where(labels.any(axis=1), rarity.argmin(axis=1), k)
    keys = np.empty(n)
    for each in np.unique(stratum):
        mine = rng.permutation(np.flatnonzero(stratum == each))
        keys[mine] = (np.arange(len(mine)) + rng.random()) / len(mine)
    return np.argsort(keys, kind="stable")
