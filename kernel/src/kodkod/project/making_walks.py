"""From a request for texts to a walk through them, in order. For another thread than the loop's."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import NDArray

from kodkod.project.choice import Choice
from kodkod.project.query import NextQuery
from kodkod.project.samples import row_test, rows_said_of
from kodkod.project.shelf import Made, WalkKey
from kodkod.project.sight import Sight
from kodkod.project.walk import BrowseWalk, MixedWalk, PoolWalk, TaskWalk

if TYPE_CHECKING:
    from kodkod.project.scheme import LiveScheme

__all__ = ["PICKED", "POOLED", "make_walk", "pool_walk"]

PICKED = "picked"
"""What the log names as the strategy of texts that somebody has chosen one by one."""

POOLED = frozenset({"untagged", "queue"})
"""Samples of which everybody draws from one walk, so that no text is given twice."""


def make_walk(
    scheme: LiveScheme,
    key: WalkKey,
    query: NextQuery,
    choice: Choice,
    users: Mapping[str, int],
    sight: Sight,
) -> Made:
    """Make a walk. Takes milliseconds; nothing is changed yet.

    Raises:
        InvalidInputError: the filter, the sample or the strategy's params cannot be used.
    """
    corpus = scheme.corpus
    mask = corpus.mask(query.filter, query.split)
    order = scheme.shelf.order(key.order)
    if order is None or choice.uniform or len(order) != len(corpus):
        order = scheme.make_order(choice, key.order, seed=_seed(scheme, key))
    shared = None if choice.uniform else order
    uniform = choice.uniform
    if uniform and query.filter.drawn_sample is not None:
        # A random order of these texts is there already, the one they were drawn in.
        order, uniform = corpus.drawn_order(query.filter.drawn_sample), False
    elif uniform and choice.asked == PICKED and query.filter.rows is not None:
        order, uniform = corpus.picked_order(query.filter.rows), False
    if query.sample.kind in POOLED:
        return Made(pool_walk(scheme, key, order, mask, choice, uniform=uniform), shared)
    if query.sample.kind == "assigned":
        return Made(_task_walk(scheme, order, mask, query, sight.user_id), shared)
    holds = row_test(query.sample, scheme, sight, users, scheme.believed)
    chosen = np.zeros(len(corpus), dtype=np.bool_)
    candidates = rows_said_of(query.sample, scheme.fold, len(corpus))
    candidates = candidates[mask[candidates]]
    if query.sample.kind == "predicted_as":
        # The whole corpus at once: one decoding for each row would take seconds.
        test = row_test(query.sample, scheme, sight, users, scheme.beliefs().of)
    else:
        test = holds
    if query.sample.kind != "all":
        candidates = candidates[np.fromiter(map(test, candidates.tolist()), dtype=np.bool_)]
    chosen[candidates] = True
    return Made(BrowseWalk(order[chosen[order]], holds), shared)


def _task_walk(
    scheme: LiveScheme,
    order: NDArray[np.int64],
    mask: NDArray[np.bool_],
    query: NextQuery,
    user_id: int,
) -> TaskWalk:
    book, board = scheme.book, scheme.board
    rows = book.queue(user_id, order)
    rows = rows[rows < len(mask)]
    if query.strategy is not None:
        mine = np.zeros(len(mask), dtype=np.bool_)
        mine[rows] = True
        rows = order[mine[order]]

    def holds(row: int) -> bool:
        free = row not in board.skipped_by(user_id) and not board.holds(row, user_id)
        return free and book.waits(row, user_id)

    return TaskWalk(rows[mask[rows]], holds, lambda rows: book.rest(rows, user_id))


def pool_walk(
    scheme: LiveScheme,
    key: WalkKey,
    order: NDArray[np.int64],
    mask: NDArray[np.bool_],
    choice: Choice,
    *,
    uniform: bool,
) -> PoolWalk:
    """Make a walk that everybody draws from, through those of `order` that `mask` admits."""
    rows = order if mask.all() else order[mask[order]]
    rng = np.random.default_rng([*_seed(scheme, key), 1])
    if uniform:
        return PoolWalk(rows, len(mask), uniform=True, rng=rng)
    if scheme.board.overlap > 1:
        # What one annotator has begun the next one ends, before anything new is begun.
        begun = scheme.fold.coded[rows]
        rows = np.concatenate([rows[begun], rows[~begun]])
    if choice.explore is not None:
        return MixedWalk(rows, len(mask), explore=choice.explore, rng=rng)
    return PoolWalk(rows, len(mask), uniform=False, rng=rng)


def _seed(scheme: LiveScheme, key: WalkKey) -> list[int]:
    # With the log's position: a walk made again must not begin with what was given back.
    text = msgspec.json.encode(key)
    return [scheme.row.project_id, scheme.row.id, scheme.fold.seq, zlib.crc32(text)]
