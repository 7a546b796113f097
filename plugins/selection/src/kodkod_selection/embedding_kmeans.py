"""One text from each part of the corpus."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Pool
from kodkod_selection.batches import BatchParams, BatchStrategy, at_random
from kodkod_selection.kmeans import kmeans, one_of_each
from kodkod_selection.ranking import Arranged
from kodkod_selection.vectors import take

__all__ = ["EmbeddingKMeans"]


class EmbeddingKMeans(BatchStrategy[BatchParams]):
    """k-means with `batch` clusters over unit embeddings; the row nearest to each centre.

    Yuan, Lin and Boyd-Graber (2020), "Cold-start active learning through self-supervised language
    modeling" (their baseline BERT-KM); Bodo, Minier and Csato (2011) before. Over a random
    `subpool`; the rest at random. Time O(n + subpool x batch x dim), memory O(n + subpool x dim).

    Helps at the cold start: the first texts show what there is. Hurts later: it never looks at
    what the model knows, nor at what is labelled already.
    """

    def arrange(self, pool: Pool) -> Arranged:
        """Return a random order."""
        return at_random(pool)

    def pick(self, pool: Pool, rows: NDArray[np.int64], n: int) -> NDArray[np.int64]:
        """Return the rows nearest to the centres, of large clusters first."""
        x = take(pool, rows)
        return one_of_each(x, kmeans(x, n, pool.rng), n)
