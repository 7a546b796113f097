"""Texts whose neighbourhoods cover the most of the corpus."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from kodkod.api import Pool, pro
from kodkod_selection.batches import BatchParams, BatchStrategy, at_random
from kodkod_selection.kmeans import kmeans
from kodkod_selection.ranking import Arranged
from kodkod_selection.reading import labelled_of
from kodkod_selection.vectors import anchors_of, blocks, take

__all__ = ["ProbCover", "ProbCoverParams", "cover", "pure_radius"]


class ProbCoverParams(BatchParams, frozen=True):
    """How far a text speaks for others."""

    subpool: Annotated[
        int,
        pro("How many texts to choose among; time grows with its square", ge=1, le=20_000),
    ] = 4_000
    radius: Annotated[
        Annotated[float, Meta(ge=0, le=2)] | None,
        pro(
            "Up to which distance between unit embeddings a text speaks for another; empty: as "
            "large as 'purity' allows"
        ),
    ] = None
    purity: Annotated[
        float,
        pro(
            "The share of texts that may have only texts of their own cluster within the radius",
            gt=0,
            lt=1,
        ),
    ] = 0.95
    anchors: Annotated[
        int, pro("How many labelled texts count as covering, at most", ge=1, le=1_000_000)
    ] = 10_000


class ProbCover(BatchStrategy[ProbCoverParams]):
    """argmax over x of the number of rows within `radius` that nothing covers yet, `batch` times.

    Yehuda, Dekel, Hacohen and Weinshall (2022), "Active learning through a covering lens". The
    radius is the largest for which `purity` of the rows have only rows of their own k-means
    cluster in it, k being the number of labels: a quantile of the distances to the nearest row of
    another cluster, where the paper tries a grid. Over a random `subpool`; the rest at random, also
    of the batch once everything is covered. Time O(n + subpool^2 x dim), memory O(n + subpool^2)
    bytes: the one strategy whose sub-pool must stay small.

    Helps with few labels, as TypiClust. Hurts with many: once everything is covered it is random.
    """

    def arrange(self, pool: Pool) -> Arranged:
        """Return a random order."""
        return at_random(pool)

    def pick(self, pool: Pool, rows: NDArray[np.int64], n: int) -> NDArray[np.int64]:
        """Return rows by the greedy rule, of two that tie the lower; fewer if all is covered."""
        x = take(pool, rows)
        radius = self.params.radius
        if radius is None:
            clusters = kmeans(x, max(len(pool.labels), 2), pool.rng)
            radius = pure_radius(x, clusters.assigned, self.params.purity)
        anchors = labelled_of(pool)[anchors_of(pool, self.params.anchors)]
        return cover(x, take(pool, anchors), n, radius)


def pure_radius(x: NDArray[np.float32], assigned: NDArray[np.int64], purity: float) -> float:
    """Return the largest radius within which `purity` of the unit rows see only their cluster."""
    nearest = np.empty(len(x), dtype=np.float32)
    for rows, products in blocks(x, x):
        products[assigned[rows, None] == assigned] = -np.inf
        nearest[rows] = products.max(axis=1)
    distances = np.sort(_distance(nearest))
    if not len(distances) or not np.isfinite(distances[0]):
        return 2.0
    impure = int((1 - purity) * len(distances) + 1e-9)
    # Just inside the first stranger that may not be seen.
    return float(np.nextafter(min(distances[impure], 2.0), 0, dtype=np.float32))


def cover(
    x: NDArray[np.float32], anchors: NDArray[np.float32], n: int, radius: float
) -> NDArray[np.int64]:
    """Return up to `n` unit rows that cover the most; `anchors` cover what is near to them."""
    least = np.float32(1 - radius**2 / 2)
    open_ = np.ones(len(x), dtype=np.bool_)
    for rows, products in blocks(x, anchors):
        open_[rows] = ~(products >= least).any(axis=1)
    near = np.empty((len(x), len(x)), dtype=np.bool_)
    for rows, products in blocks(x, x):
        near[rows] = products >= least
    np.fill_diagonal(near, val=True)
    degree = np.count_nonzero(near[:, open_], axis=1)
    picked: list[int] = []
    while len(picked) < n:
        best = int(np.argmax(degree))
        if degree[best] <= 0:
            break
        picked.append(best)
        newly = np.flatnonzero(near[best] & open_)
        open_[newly] = False
        # `near` is symmetric: rows lie together in memory, columns do not.
        degree -= np.count_nonzero(near[newly], axis=0)
        degree[best] = -1
    return np.array(picked, dtype=np.int64)


def _distance(products: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.sqrt(np.maximum(2 - 2 * products, 0))
