"""No near copies one after the other."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Pool, Strategy, medium, pro
from kodkod_selection.reading import labelled_of, unpredicted
from kodkod_selection.vectors import anchors_of, embedded, take
from kodkod_selection.wrapping import WrapperParams, base_of

__all__ = ["Varied", "VariedParams", "near_copies"]

_BLOCK = 1_024


class VariedParams(WrapperParams, frozen=True):
    """What a near copy is, and how far one looks."""

    threshold: Annotated[
        float,
        medium(
            "From which cosine between embeddings on a text is a near copy of another", gt=0, le=1
        ),
    ] = 0.95
    ahead: Annotated[
        int, pro("How many texts are kept apart from one another", ge=1, le=10_000)
    ] = 500
    looked_at: Annotated[
        int, pro("How many texts to look through for them, at most", ge=1, le=1_000_000)
    ] = 20_000
    anchors: Annotated[
        int,
        pro("How many labelled texts to keep away from as well, at most", ge=0, le=100_000),
    ] = 2_000


class Varied(Strategy[VariedParams]):
    """Wrapper: the base's order without rows whose cosine with an earlier one is >= `threshold`.

    An earlier one is a labelled row, or a row kept in front of it. What is pushed back comes after
    all other predicted rows, in the base's order; the order is otherwise kept. Greedy, as maximal
    marginal relevance (Carbonell and Goldstein 1998) with a threshold for its trade-off. It ends
    when `ahead` rows are kept or `looked_at` are seen, and what comes after them is not looked at.
    Time O(n + looked_at x (ahead + anchors) x dim) at worst and as a rule
    O(n + ahead x (ahead + anchors) x dim), memory O(n + looked_at).

    Helps wherever texts are copied: agency news, forms, retweets. Hurts where near copies differ
    in the one word that decides the label: raise the threshold.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return the order with near copies behind; rows without a prediction stay last."""
        base = base_of(pool)
        last = len(base)
        if pool.probabilities is not None:
            last -= int(np.count_nonzero(unpredicted(pool.probabilities)))
        if pool.candidates is not None:
            last = min(last, len(pool.candidates))
        copies = near_copies(pool, base[:last], self.params)
        pushed = np.zeros(pool.n, dtype=np.bool_)
        pushed[copies] = True
        known, rest = base[:last], base[last:]
        return np.concatenate([known[~pushed[known]], copies, rest])


def near_copies(pool: Pool, order: NDArray[np.int64], params: VariedParams) -> NDArray[np.int64]:
    """Return the rows of `order`, in its order, that repeat one before them."""
    has = embedded(pool)
    labelled = labelled_of(pool)[anchors_of(pool, params.anchors)]
    kept, n_kept = [take(pool, labelled)], 0
    copies: list[NDArray[np.int64]] = []
    seen = min(len(order), params.looked_at)
    start = 0
    while start < seen and n_kept < params.ahead:
        stop = min(start + min(_BLOCK, 2 * (params.ahead - n_kept)), seen)
        rows = order[start:stop]
        rows = rows[has[rows]]
        # A labelled row is no copy of itself; it may be asked about again.
        fresh = ~np.isin(rows, labelled)
        x = take(pool, rows)
        repeats = np.zeros(len(rows), dtype=np.bool_)
        for earlier in kept:
            repeats |= (x @ earlier.T >= params.threshold).any(axis=1)
        repeats &= fresh
        _repeat_within(x, repeats, params.threshold)
        copies.append(rows[repeats])
        kept.append(x[~repeats])
        n_kept += int(np.count_nonzero(~repeats))
        start = stop
    return np.concatenate([np.zeros(0, dtype=np.int64), *copies])


def _repeat_within(x: NDArray[np.float32], repeats: NDArray[np.bool_], threshold: float) -> None:
    """Mark what repeats a row before it that repeats none itself."""
    near = np.triu(x @ x.T >= threshold, k=1)
    for row in np.flatnonzero(near.any(axis=1)):
        if not repeats[row]:
            repeats |= near[row]
