"""The most typical text of each part of the corpus that has no label yet."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Pool, pro
from kodkod_selection.batches import BatchParams, BatchStrategy, at_random
from kodkod_selection.kmeans import kmeans
from kodkod_selection.ranking import Arranged
from kodkod_selection.reading import labelled_of
from kodkod_selection.vectors import anchors_of, row_blocks, squared_lengths, take

__all__ = ["TypiClust", "TypiClustParams", "typical_of_each", "typicality"]


class TypiClustParams(BatchParams, frozen=True):
    """What a cluster is, and what is typical of one."""

    subpool: Annotated[
        int,
        pro("How many texts to choose among; more take longer", ge=1, le=1_000_000),
    ] = 5_000
    neighbours: Annotated[
        int, pro("How many neighbours a typical text is near to", ge=1, le=1_000)
    ] = 20
    max_clusters: Annotated[
        int, pro("Into how many parts the corpus is divided, at most", ge=1, le=10_000)
    ] = 200
    least: Annotated[
        int, pro("Clusters with fewer texts than this are passed over", ge=1, le=1_000)
    ] = 5


class TypiClust(BatchStrategy[TypiClustParams]):
    """From each of the largest clusters without a label, argmax of typicality.

    Typicality of x is 1 / (mean distance to its `neighbours` nearest in its cluster). Clusters
    are k-means' with k = min(labelled + batch, max_clusters), over labelled and unlabelled; those
    with the fewest labels come first, of those the largest, and those under `least` texts not at
    all. Hacohen, Dekel and Weinshall (2022), "Active learning on a budget: opposite strategies
    suit high and low budgets"; the paper has max_clusters 500 and the whole pool, here a random
    `subpool`. The rest at random. Time O(n + subpool x max_clusters x dim + sum of squared cluster
    sizes x dim), memory O(n + subpool x dim) and a block of distances.

    Helps most with few labels, where uncertainty knows nothing: the first 10 to 100. Hurts with
    many: what is typical is what the model knows by then.
    """

    def arrange(self, pool: Pool) -> Arranged:
        """Return a random order."""
        return at_random(pool)

    def pick(self, pool: Pool, rows: NDArray[np.int64], n: int) -> NDArray[np.int64]:
        """Return the most typical row of each cluster, and of one more than once if need be."""
        given = self.params
        anchors = labelled_of(pool)[anchors_of(pool, given.subpool)]
        x = np.concatenate([take(pool, rows), take(pool, anchors)])
        clusters = kmeans(x, min(len(anchors) + n, given.max_clusters), pool.rng)
        return typical_of_each(
            x[: len(rows)],
            clusters.assigned[: len(rows)],
            np.bincount(clusters.assigned[len(rows) :], minlength=len(clusters.centres)),
            n,
            neighbours=given.neighbours,
            least=given.least,
        )


def typical_of_each(
    x: NDArray[np.float32],
    assigned: NDArray[np.int64],
    labelled: NDArray[np.int64],
    n: int,
    *,
    neighbours: int,
    least: int,
) -> NDArray[np.int64]:
    """Return `n` rows: of each cluster the most typical, then of each the next, and so on.

    `labelled` counts the labelled rows of each cluster, which are not among `x`.
    """
    sizes = np.bincount(assigned, minlength=len(labelled))
    there = np.flatnonzero(sizes)
    large = there[sizes[there] + labelled[there] >= least]
    order = np.lexsort((-sizes, labelled))
    order = order[np.isin(order, large if len(large) else there)]
    ranked: dict[int, NDArray[np.int64]] = {}
    picked: list[int] = []
    turn = 0
    while len(picked) < n and len(order):
        left: list[int] = []
        for cluster in order.tolist():
            if cluster not in ranked:
                rows = np.flatnonzero(assigned == cluster)
                ranked[cluster] = rows[np.argsort(-typicality(x[rows], neighbours), kind="stable")]
            if turn < len(ranked[cluster]) and len(picked) < n:
                picked.append(int(ranked[cluster][turn]))
                left.append(cluster)
        order = np.array(left, dtype=np.int64)
        turn += 1
    return np.array(picked, dtype=np.int64)


def typicality(x: NDArray[np.float32], neighbours: int) -> NDArray[np.floating]:
    """Return 1 / (mean distance to the nearest `neighbours`), of half of the rows at most."""
    k = min(neighbours, len(x) // 2)
    if k == 0:
        return np.ones(len(x), dtype=np.float32)
    lengths = squared_lengths(x)
    result = np.empty(len(x), dtype=np.float32)
    for rows in row_blocks(len(x), len(x)):
        squared = lengths[rows, None] + lengths - 2 * (x[rows] @ x.T)
        squared[np.arange(len(squared)), np.arange(rows.start, rows.stop)] = np.inf
        near = np.partition(squared, k - 1, axis=1)[:, :k]
        result[rows] = np.sqrt(np.maximum(near, 0)).mean(axis=1)
    return 1 / np.maximum(result, np.finfo(np.float32).tiny)
