"""From scores to an order: candidates in front, what is unknown at the end."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Pool

__all__ = ["Arranged", "arranged", "classes_first", "highest_first", "in_front", "merged"]

_DRAWN_SOON = 4_000
"""More rows than are drawn between two refreshes."""


class Arranged(Struct, frozen=True):
    """An order of the whole pool whose first `n_open` rows are those to choose among.

    They are known (predicted, embedded: what the strategy needs), candidates, and not labelled.
    """

    order: NDArray[np.int64]
    n_open: int


def highest_first(
    pool: Pool, scores: NDArray[np.floating], then: NDArray[np.floating] | None = None
) -> NDArray[np.int64]:
    """Return rows by falling score, ties by falling `then`, and then by row; NaN last."""
    order = _falling(scores) if then is None else _falling(then)
    if then is not None:
        order = order[_falling(scores[order])]
    if pool.candidates is None:
        return order
    return _grouped(order, 2 * np.isnan(scores) + ~_candidates(pool))


def classes_first(
    pool: Pool,
    classes: NDArray[np.uint16],
    unknown: NDArray[np.bool_],
    then: Callable[[NDArray[np.int64]], NDArray[np.floating]],
) -> NDArray[np.int64]:
    """Return rows by class, lowest first: candidates, then the others, and `unknown` rows last.

    Of the classes in front, as many as hold 4,000 rows, the rows of each come by falling `then`
    (called with row numbers). All other ties come by row.
    """
    n_classes = int(classes.max(initial=0)) + 1
    keys = classes
    if pool.candidates is not None:
        keys = classes + (~_candidates(pool)).astype(np.uint16) * np.uint16(n_classes)
    keys = np.where(unknown, np.uint16(2 * n_classes), keys)
    # A stable sort of 16 bits is a radix sort: linear.
    order = np.argsort(keys, kind="stable").astype(np.int64, copy=False)
    ends = np.append(np.cumsum(np.bincount(keys)), pool.n)
    front = order[: ends[np.searchsorted(ends, min(_DRAWN_SOON, pool.n))]]
    by_score = front[_falling(then(front))]
    order[: len(front)] = by_score[np.argsort(keys[by_score], kind="stable")]
    return order


def arranged(
    pool: Pool, known: NDArray[np.bool_], scores: NDArray[np.floating] | None = None
) -> Arranged:
    """Return the cheap order that a costly strategy starts from: by score, or at random.

    `known` rows come before others; a row whose score is NaN is not known.
    """
    if scores is None:
        order = pool.rng.permutation(pool.n).astype(np.int64, copy=False)
    else:
        order = _falling(scores)
        known = known & ~np.isnan(scores)
    candidates = _candidates(pool)
    choosable = known & candidates
    if pool.labelled is not None:
        choosable[pool.labelled] = False
    group = np.where(choosable, 0, np.where(known, 2, 4) - candidates)
    return Arranged(_grouped(order, group), int(np.count_nonzero(choosable)))


def in_front(picked: NDArray[np.int64], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return `picked` followed by the rest of `order`."""
    taken = np.zeros(len(order), dtype=np.bool_)
    taken[picked] = True
    return np.concatenate([picked, order[~taken[order]]])


def merged(first: NDArray[np.int64], second: NDArray[np.int64], share: float) -> NDArray[np.int64]:
    """Return one order out of two, `share` of which comes from `second`.

    Each order has its places in the result, evenly spread; a row takes the earlier of its two,
    and a place whose row is gone is closed up.
    """
    if share <= 0:
        return first
    if share >= 1:
        return second
    place = np.empty(len(first), dtype=np.float64)
    steps = np.arange(1, len(first) + 1)
    place[first] = steps / (1 - share)
    place[second] = np.minimum(place[second], steps / share)
    return first[np.argsort(place[first], kind="stable")]


def _falling(scores: NDArray[np.floating]) -> NDArray[np.int64]:
    """Return places by falling score; of two that tie, the lower; NaN last."""
    if scores.dtype != np.float32:
        # NaN stays NaN when negated, and NumPy sorts it to the end.
        return np.argsort(-scores, kind="stable").astype(np.int64, copy=False)
    bits = (np.float32(0) - scores).view(np.uint32)
    # The bits of floats compare as numbers do once those of negative ones are turned over.
    keys = bits ^ np.where(bits >> 31, np.uint32(0xFFFFFFFF), np.uint32(0x80000000))
    keys[np.isnan(scores)] = 0xFFFFFFFF
    # NumPy sorts 16 bits by counting: twice that takes an eighth of what sorting floats does.
    order = np.argsort((keys & 0xFFFF).astype(np.uint16), kind="stable")
    high = (keys >> 16).astype(np.uint16)[order]
    return order[np.argsort(high, kind="stable")].astype(np.int64, copy=False)


def _candidates(pool: Pool) -> NDArray[np.bool_]:
    if pool.candidates is None:
        return np.ones(pool.n, dtype=np.bool_)
    candidates = np.zeros(pool.n, dtype=np.bool_)
    candidates[pool.candidates] = True
    return candidates


def _grouped(order: NDArray[np.int64], group: NDArray[np.integer]) -> NDArray[np.int64]:
    # A stable sort of bytes is a radix sort: linear.
    return order[np.argsort(group.astype(np.uint8)[order], kind="stable")]
