"""Weighted k-means: k-means++ seeds (Arthur and Vassilvitskii 2007), then Lloyd's steps.

Time O(rows x k x dim) a step, memory O(rows x (dim + k)) in blocks; no distance between rows.
"""

from __future__ import annotations

import math

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod_selection.vectors import row_blocks, squared_lengths

__all__ = ["Clusters", "kmeans", "nearest_to_centres", "one_of_each", "seeds"]

_TRIED_UP_TO = 64
"""Above so many clusters a seed is drawn once, instead of being the best of a few."""

_TOLERANCE = 1e-4

_SEEDED_FROM = 2_048
_SEEDED_FROM_EACH = 64


class Clusters(Struct, frozen=True):
    """`centres` is `[k, dim]`; `assigned` has each row's cluster, `[n]`."""

    centres: NDArray[np.float32]
    assigned: NDArray[np.int64]


def kmeans(
    x: NDArray[np.float32],
    k: int,
    rng: np.random.Generator,
    weights: NDArray[np.floating] | None = None,
    steps: int = 20,
) -> Clusters:
    """Divide the rows of `x` into at most `k` clusters; `weights` say how much a row counts.

    Rows that are alike are one cluster however large `k` is: the others then stay empty.
    """
    k = min(k, len(x))
    heavy = np.ones(len(x)) if weights is None or not np.any(weights > 0) else weights
    heavy = np.asarray(heavy, dtype=np.float32)
    centres = x[_some_seeds(x, k, rng, heavy)]
    still = _TOLERANCE * float(x.var(axis=0).mean())
    assigned, squared = nearest_to_centres(x, centres)
    for _ in range(steps):
        moved = _means(x, heavy, assigned, squared, centres)
        shift = float(np.square(moved - centres).sum())
        centres = moved
        before = assigned
        assigned, squared = nearest_to_centres(x, centres)
        if shift <= still or np.array_equal(before, assigned):
            break
    return Clusters(centres, assigned)


def nearest_to_centres(
    x: NDArray[np.float32], centres: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return for each row the nearest centre and the squared distance to it."""
    assigned = np.empty(len(x), dtype=np.int64)
    squared = np.empty(len(x), dtype=np.float32)
    lengths, turned = squared_lengths(centres), np.ascontiguousarray(centres.T) * np.float32(-2)
    for rows in row_blocks(len(x), len(centres)):
        distances = x[rows] @ turned
        distances += lengths
        assigned[rows] = distances.argmin(axis=1)
        squared[rows] = distances.min(axis=1)
    squared += squared_lengths(x)
    return assigned, np.maximum(squared, 0, out=squared)


def one_of_each(
    x: NDArray[np.float32],
    clusters: Clusters,
    n: int,
    weights: NDArray[np.floating] | None = None,
) -> NDArray[np.int64]:
    """Return for each of `n` centres the row nearest to it, of those that none before it has.

    Clusters come by falling weight, so that the front of the batch stands for most of the pool.
    """
    heavy = np.bincount(clusters.assigned, weights, minlength=len(clusters.centres))
    order = np.argsort(-heavy, kind="stable")[:n]
    centres = clusters.centres[order]
    distances = squared_lengths(x)[:, None] + squared_lengths(centres) - 2 * (x @ centres.T)
    picked = np.empty(len(order), dtype=np.int64)
    for column in range(len(order)):
        picked[column] = np.argmin(distances[:, column])
        distances[picked[column]] = np.inf
    return picked


def seeds(
    x: NDArray[np.float32],
    k: int,
    rng: np.random.Generator,
    weights: NDArray[np.float32] | None = None,
) -> NDArray[np.int64]:
    """Draw `k` different rows, each in proportion to weight times squared distance so far."""
    heavy = np.ones(len(x), dtype=np.float32) if weights is None else weights
    tries = 2 + int(math.log(k)) if k <= _TRIED_UP_TO else 1
    lengths = squared_lengths(x)
    drawn = np.empty(k, dtype=np.int64)
    drawn[0] = _draw(heavy, 1, rng)[0]
    nearest = _squared_to(x, lengths, drawn[:1])[:, 0]
    for i in range(1, k):
        nearest[drawn[:i]] = 0
        chances = heavy * nearest
        if not np.any(chances > 0):
            rest = np.setdiff1d(np.arange(len(x)), drawn[:i])
            drawn[i:] = rng.choice(rest, k - i, replace=False)
            break
        tried = _draw(chances, tries, rng)
        left = np.minimum(nearest[:, None], _squared_to(x, lengths, tried))
        best = int(np.argmin(heavy @ left)) if tries > 1 else 0
        drawn[i], nearest = tried[best], np.ascontiguousarray(left[:, best])
    return drawn


def _some_seeds(
    x: NDArray[np.float32], k: int, rng: np.random.Generator, weights: NDArray[np.float32]
) -> NDArray[np.int64]:
    """Draw seeds for Lloyd's steps: from a random part of many rows, as mini-batch k-means does."""
    most = max(_SEEDED_FROM, _SEEDED_FROM_EACH * k)
    if len(x) <= most:
        return seeds(x, k, rng, weights)
    part = rng.choice(len(x), most, replace=False, shuffle=False)
    if not np.any(weights[part] > 0):
        return seeds(x, k, rng, weights)
    return part[seeds(x[part], k, rng, weights[part])]


def _draw(chances: NDArray[np.float32], n: int, rng: np.random.Generator) -> NDArray[np.int64]:
    sums = np.cumsum(chances, dtype=np.float64)
    drawn = np.searchsorted(sums, rng.random(n) * sums[-1], side="right")
    return np.minimum(drawn, np.flatnonzero(chances > 0)[-1])


def _squared_to(
    x: NDArray[np.float32], lengths: NDArray[np.float32], rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    squared = lengths[:, None] + lengths[rows] - 2 * (x @ x[rows].T)
    return np.maximum(squared, 0, out=squared)


def _means(
    x: NDArray[np.float32],
    weights: NDArray[np.float32],
    assigned: NDArray[np.int64],
    squared: NDArray[np.float32],
    centres: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return the weighted mean of each cluster; an empty one moves to the row worst served."""
    k = len(centres)
    totals = np.bincount(assigned, weights, minlength=k)
    counts = np.bincount(assigned, minlength=k)
    moved = centres.copy()
    filled = totals > 0
    sums = _sums(x, weights, assigned, k)
    moved[filled] = sums[filled] / totals[filled, None].astype(np.float32)
    empty = np.flatnonzero(counts == 0)
    if len(empty):
        worst = np.argsort(-(squared * weights), kind="stable")[: len(empty)]
        moved[empty] = x[worst]
    return moved


def _sums(
    x: NDArray[np.float32], weights: NDArray[np.float32], assigned: NDArray[np.int64], k: int
) -> NDArray[np.float32]:
    """Return the weighted sum of each cluster's rows, `[k, dim]`."""
    sums = np.zeros((k, x.shape[1]), dtype=np.float32)
    for rows in row_blocks(len(x), k):
        # A product with mostly zeros is three times as fast as sorting the rows by cluster.
        share = np.zeros((k, len(x[rows])), dtype=np.float32)
        share[assigned[rows], np.arange(share.shape[1])] = weights[rows]
        sums += share @ x[rows]
    return sums
