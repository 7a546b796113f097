"""Part of a pool: what lies near to labelled rows of each label."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Neighbours, Pool
from kodkod_selection.kmeans import seeds
from kodkod_selection.reading import indicators, labelled_of
from kodkod_selection.vectors import blocks, embedded, take

__all__ = ["neighbourhood"]

_Finder: TypeAlias = Callable[[NDArray[np.float32], int], list[NDArray[np.int64]]]
"""From anchors, `[q, dim]`, and k to up to k rows for each."""

_ANCHORS = 10
"""Anchors of a label, as in the paper."""
_ANCHORS_IN_ALL = 1_000
_LABELLED = 1_000
"""Rows of a label that anchors are taken from, at most."""
_ALL_COMPARED = 20_000
"""So few rows are compared one by one: the nearest of the corpus may be none of them."""
_MORE = 4
"""So many times as many neighbours are looked for, at most, where some cannot be drawn."""


def neighbourhood(pool: Pool, rows: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return up to `most` of `rows`, ascending: those nearest to labelled rows of each label.

    Each label has the same share of the result, however many labelled rows it has; up to ten of
    them, spread by k-means++ (Arthur and Vassilvitskii 2007), are its anchors, and each anchor
    brings its nearest among `rows`. What is near to several anchors counts once, so that fewer
    than `most` may come. None where nothing is labelled with one of the pool's labels.

    After AnchorAL (Lesci and Vlachos 2024, "AnchorAL: computationally efficient active learning
    for large and imbalanced datasets"), where anchors are chosen for each label by k-means++ too,
    each brings K neighbours, and those with the highest mean similarity are kept. In SEALS
    (Coleman et al. 2022, "Similarity search for efficient active learning and search of rare
    concepts") all labelled rows are anchors.

    Time O(anchors x neighbours x (log n + dim)) with an index, memory O(n).
    """
    near = _finder(pool, rows)
    found = np.zeros(pool.n, dtype=np.bool_)
    if near is None:
        return np.flatnonzero(found)
    anchors = _anchors(pool)
    for of_label in anchors:
        each = math.ceil(most / (len(anchors) * len(of_label)))
        for nearest in near(take(pool, of_label), each):
            found[nearest] = True
    chosen = np.flatnonzero(found)
    if len(chosen) > most:  # shares are rounded up
        chosen = np.sort(pool.rng.choice(chosen, most, replace=False))
    return chosen


def _finder(pool: Pool, rows: NDArray[np.int64]) -> _Finder | None:
    """Return what finds the nearest of `rows`; None where they are many and nothing can."""
    if len(rows) <= _ALL_COMPARED:
        return partial(_compared, rows, take(pool, rows))
    if pool.neighbours is None:
        return None
    open_ = np.zeros(pool.n, dtype=np.bool_)
    open_[rows] = True
    more = min(np.count_nonzero(embedded(pool)) / len(rows), _MORE)
    return partial(_looked_up, pool.neighbours, open_, more)


def _compared(
    rows: NDArray[np.int64],
    vectors: NDArray[np.float32],
    anchors: NDArray[np.float32],
    k: int,
) -> list[NDArray[np.int64]]:
    if k >= len(rows):
        return [rows] * len(anchors)
    lines: list[NDArray[np.int64]] = []
    for _, cosines in blocks(anchors, vectors):
        lines += list(rows[np.argpartition(cosines, -k, axis=1)[:, -k:]])
    return lines


def _looked_up(
    neighbours: Neighbours,
    open_: NDArray[np.bool_],
    more: float,
    anchors: NDArray[np.float32],
    k: int,
) -> list[NDArray[np.int64]]:
    found = neighbours.near(anchors, math.ceil(k * more))
    lines = [line[(line >= 0) & (line < len(open_))] for line in found]
    return [line[open_[line]][:k] for line in lines]


def _anchors(pool: Pool) -> list[NDArray[np.int64]]:
    """Return the anchors of each label that has any: labelled rows with an embedding."""
    labelled = labelled_of(pool)
    has = embedded(pool)[labelled]
    columns = [np.flatnonzero(has & (column > 0)) for column in indicators(pool).T]
    columns = [places for places in columns if len(places)]
    most = max(min(_ANCHORS, _ANCHORS_IN_ALL // max(len(columns), 1)), 1)
    anchors: list[NDArray[np.int64]] = []
    for places in columns:
        rows = labelled[places]
        if len(rows) > _LABELLED:
            rows = pool.rng.choice(rows, _LABELLED, replace=False)
        if len(rows) > most:
            rows = rows[seeds(take(pool, rows), most, pool.rng)]
        anchors.append(rows)
    return anchors
