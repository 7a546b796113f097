"""Texts whose labels are undecided, and predicted together as labelled texts have none."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Params, Pool, Strategy, pro
from kodkod_selection.ranking import highest_first
from kodkod_selection.reading import indicators, probabilities_of, unpredicted
from kodkod_selection.uncertainty import surprise
from kodkod_selection.vectors import row_blocks

__all__ = ["Cvirs", "CvirsParams", "ranked_margins", "vector_distance", "vector_inconsistency"]

_BINS = (1 << 16) - 1
"""Margins closer than 2e-5 share a rank: as many counts as stay in the cache."""

_NOT_COMPARED = -2.0
"""With a margin's rank (0 to 1) added still less than any score."""


class CvirsParams(Params, frozen=True):
    """When a label counts as predicted."""

    threshold: Annotated[
        float, pro("From which probability on a label counts as predicted", ge=0, le=1)
    ] = 0.5
    subpool: Annotated[
        int,
        pro("Of how many texts, those with the smallest margins, to compare the labels", ge=1),
    ] = 50_000


class Cvirs(Strategy[CvirsParams]):
    """s(x) v(x), highest first: ranked margins times inconsistency of label vectors.

    Reyes, Morell and Ventura (2018), "Effective active learning strategy for multi-label learning"
    (category vector inconsistency and ranking of scores). s is a Borda count over labels of the
    rank of x by |p - (1 - p)|, smallest first: sum over labels of (n - rank) / (k (n - 1)). v is
    the mean over labelled rows of (2 H(a, b) - H(a) - H(b)) / H(a, b), a and b being the label
    vectors (predicted and given) read as k draws of yes or no, and of 1 where they are opposite in
    every label. With nothing labelled v is 1. Margins closer than 2e-5 share a rank. Only the
    `subpool` rows with the greatest s are multiplied by v (which is 1 at most); the rest follows by
    s. Time O(n k + distinct predicted x distinct labelled vectors), memory O(n k).

    Helps with several labels a text that go together. Hurts with very many labels, most of them
    rare: ranks then tell mostly of labels that nobody predicts.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return rows by falling score, ties by row, unpredicted last."""
        probabilities = probabilities_of(pool)
        known = ~unpredicted(probabilities)
        rows = np.flatnonzero(known)
        if pool.candidates is not None:
            # A rank among rows that nobody can be given would say nothing.
            rows = pool.candidates[known[pool.candidates]]
        scores = np.full(pool.n, np.nan, dtype=np.float32)
        scores[known] = _NOT_COMPARED
        margins = ranked_margins(probabilities[rows])
        scores[rows] = margins + _NOT_COMPARED
        if len(rows) > self.params.subpool:
            first = np.argpartition(-margins, self.params.subpool - 1)[: self.params.subpool]
            rows, margins = rows[first], margins[first]
        predicted = probabilities[rows] >= self.params.threshold
        scores[rows] = margins * vector_inconsistency(predicted, indicators(pool) > 0)
        return highest_first(pool, scores)


def ranked_margins(p: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the Borda count of `[n, k]` over labels, 1 where every label is least decided."""
    n, k = p.shape
    if n < 2 or k == 0:
        return np.ones(n)
    points = np.zeros(n)
    for column in range(k):
        # Counting is linear, where sorting each label would take most of the time.
        margins = np.abs(2 * p[:, column] - 1)
        bins = (margins * np.float32(_BINS)).astype(np.uint16)
        smaller = np.cumsum(np.bincount(bins, minlength=_BINS + 1))
        points += (n - 1.0 - np.append(0, smaller[:-1]))[bins]
    return points / (k * (n - 1))


def vector_inconsistency(
    predicted: NDArray[np.bool_], labelled: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return each predicted vector's mean distance from the labelled ones, `[n]`."""
    if not len(labelled) or not predicted.shape[1]:
        return np.ones(len(predicted))
    # Few vectors are different, as a rule, however many rows there are.
    mine, places = _distinct(predicted)
    theirs, which = _distinct(labelled)
    counts = np.bincount(which, minlength=len(theirs)) / len(labelled)
    means = np.empty(len(mine))
    for rows in row_blocks(len(mine), len(theirs)):
        means[rows] = vector_distance(mine[rows], theirs) @ counts
    return means[places]


def vector_distance(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the normalised variation of information between rows of `a` and rows of `b`.

    It depends on three numbers: how many labels each has, and how many both have.
    """
    k = a.shape[1]
    both = (a.astype(np.float32) @ b.T.astype(np.float32)).astype(np.int64)
    ones_a, ones_b = a.sum(axis=1)[:, None], b.sum(axis=1)[None, :]
    return _distances(k).ravel()[(ones_a * (k + 1) + ones_b) * (k + 1) + both]


def _distances(k: int) -> NDArray[np.float64]:
    """Return the distance for every (ones of a, ones of b, ones in both) of `k` labels."""
    ones_a, ones_b, both = np.ogrid[: k + 1, : k + 1, : k + 1]
    cells = [both, ones_a - both, ones_b - both, k - ones_a - ones_b + both]
    joint = sum(surprise(np.maximum(cell, 0) / k) for cell in cells)
    single = _of_share(ones_a / k) + _of_share(ones_b / k)
    # No joint entropy: both vectors are constant, and either the same or opposite.
    distance = np.divide(2 * joint - single, joint, out=np.zeros_like(joint), where=joint > 0)
    return np.where(cells[1] + cells[2] == k, 1, np.clip(distance, 0, 1))


def _of_share(share: NDArray[np.floating]) -> NDArray[np.floating]:
    return surprise(share) + surprise(1 - share)


def _distinct(vectors: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return the different rows, and for each row which of them it is."""
    packed = np.packbits(vectors, axis=1)
    keys = np.ascontiguousarray(packed).view([("", packed.dtype)] * packed.shape[1]).ravel()
    _, first, places = np.unique(keys, return_index=True, return_inverse=True)
    return vectors[first], places
