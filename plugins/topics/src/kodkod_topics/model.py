"""BERTopic (Grootendorst 2022) as a component: found once, then described, merged and split."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from kodkod.api import (
    FoundTopics,
    InvalidInputError,
    JobContext,
    Matrix,
    TextBatch,
    Topic,
    TopicModel,
    TopicWord,
)
from kodkod_topics.groups import Groups, Members
from kodkod_topics.params import BertopicParams
from kodkod_topics.search import find_topics
from kodkod_topics.vectors import Directions, rows_of
from kodkod_topics.words import count_terms, describe, term_counter

__all__ = ["Bertopic"]

_NAMED_BY = 3


class Bertopic(TopicModel[BertopicParams]):
    """Topics are found in a sample by BERTopic, and all other texts are assigned.

    A text is given the topic whose middle (the mean of its texts' unit vectors) has the greatest
    cosine with it, as BERTopic itself does once it was saved without its clusterer; and none
    where that is less than for 19 in 20 of the topic's own texts.
    """

    def __init__(self, params: BertopicParams) -> None:
        super().__init__(params)
        self._directions = Directions()
        self._groups = Groups()

    def fit(self, batch: TextBatch, matrix: Matrix, ctx: JobContext) -> FoundTopics:
        """Find topics in a sample, assign the others, count words."""
        rng = ctx.rng()
        n = rows_of(matrix)
        sample = np.arange(n)
        if n > self.params.sample:
            sample = np.sort(rng.choice(n, self.params.sample, replace=False))
        ctx.progress(0.0, f"looking for topics in {len(sample)} texts")
        part = cast("Any", matrix)[sample]
        self._directions.learn(part, rng)
        vectors = self._directions.of(part)
        texts = [batch.texts[i] for i in sample.tolist()]
        found, terms = find_topics(texts, vectors, self.params, ctx.seed)
        ctx.progress(0.7, "describing topics")
        self._groups = Groups()
        self._groups.terms = terms
        self._groups.counts = count_terms(self._counter(), [], np.zeros(0, dtype=np.int64), 1)
        self._gather(found, batch.rows[sample], vectors)
        assigned = self._all(matrix, sample, found, ctx)
        self.absorb(assigned, batch, new=True)
        # The search has counted its own texts already.
        self._groups.sizes = np.array(
            [np.count_nonzero(assigned == id_) for id_ in self._groups.ids.tolist()]
        )
        ctx.progress(1.0, "described topics")
        return FoundTopics(topics=self.topics(), assigned=assigned)

    def topics(self) -> tuple[Topic, ...]:
        """Describe the topics."""
        groups = self._groups
        described = describe(groups.counts, groups.terms, self.params)
        return tuple(
            Topic(
                id=int(groups.ids[i]),
                size=int(groups.sizes[i]),
                name=_name(int(groups.ids[i]), described[i]),
                words=described[i],
                representative=tuple(r for r in groups.representative[i].tolist() if r >= 0),
            )
            for i in np.lexsort((groups.ids, -groups.sizes)).tolist()
        )

    def assign(
        self, matrix: Matrix, ctx: JobContext, *, outliers: bool = True
    ) -> NDArray[np.int32]:
        """Give texts the topics that they are most like."""
        given = np.full(rows_of(matrix), -1, dtype=np.int32)
        for start, vectors in self._directions.blocks(matrix):
            ctx.progress(start / len(given), "assigning texts")
            part, _ = self._groups.nearest(vectors, outliers=outliers)
            given[start : start + len(part)] = part
        return given

    def membership(self, matrix: Matrix, ctx: JobContext) -> NDArray[np.float32]:
        """Return cosines with the topics' middles, none below 0, divided by their sum."""
        made = np.zeros((rows_of(matrix), len(self._groups.ids)), dtype=np.float32)
        for start, vectors in self._directions.blocks(matrix):
            ctx.progress(start / len(made), "comparing texts with topics")
            _, like = self._groups.nearest(vectors, outliers=False)
            like = np.maximum(like, 0)
            total = like.sum(axis=1, keepdims=True)
            made[start : start + len(like)] = like / np.where(total == 0, 1, total)
        return made

    def merge(self, ids: Sequence[int]) -> int:
        """Make one topic of several."""
        return self._groups.merge(ids)

    def split(
        self, id_: int, into: int, batch: TextBatch, matrix: Matrix, ctx: JobContext
    ) -> NDArray[np.int32]:
        """Divide a topic's texts by k-means on their unit vectors."""
        from sklearn.cluster import KMeans

        place = self._groups.at(id_)
        vectors = self._directions.of(matrix)
        if len(np.unique(vectors, axis=0)) < into:
            raise InvalidInputError(
                f"The topic {id_} has too few different texts to make {into} of it; choose fewer.",
                field="into",
            )
        ctx.progress(0.0, "splitting the topic")
        parts = KMeans(into, n_init=cast("Any", 5), random_state=ctx.seed).fit_predict(vectors)
        order = np.argsort(-np.bincount(parts, minlength=into), kind="stable")
        first = self._groups.next_id
        given = np.zeros(len(vectors), dtype=np.int32)
        anywhere = bool(self._groups.reach[place] < -1)
        counts = count_terms(self._counter(), batch.texts, parts.astype(np.int64), into)
        for number, part in enumerate(order.tolist()):
            new = id_ if number == 0 else first + number - 1
            inside = parts == part
            given[inside] = new
            members = Members(batch.rows[inside], vectors[inside], any_distance=anywhere)
            self._groups.put(new, members, counts[part])
        return given

    def absorb(self, ids: NDArray[np.int32], batch: TextBatch, *, new: bool) -> None:
        """Count texts and their words to topics."""
        groups = self._groups
        nowhere = len(groups.ids)
        places = np.searchsorted(groups.ids, ids).astype(np.int64)
        places[ids < 0] = nowhere
        counts = count_terms(self._counter(), batch.texts, places, nowhere + 1)
        groups.counts = cast("Any", groups.counts) + counts
        if not new:
            same = np.full(len(ids), nowhere, dtype=np.int64)
            before = count_terms(self._counter(), batch.texts, same, nowhere + 1)
            groups.counts = groups.counts - before
        groups.counts.eliminate_zeros()
        groups.sizes = groups.sizes + np.bincount(places, minlength=nowhere + 1)[:nowhere]

    def save(self, folder: Path) -> None:
        """Write arrays and terms."""
        self._groups.save(folder, svd=self._directions.svd, width=np.array(self._directions.width))

    def load(self, folder: Path) -> None:
        """Read them."""
        arrays = self._groups.load(folder)
        self._directions.svd = arrays["svd"]
        self._directions.width = int(arrays["width"])

    def _counter(self) -> Any:
        return term_counter(self.params, self._groups.terms)

    def _gather(
        self, found: NDArray[np.int64], rows: NDArray[np.int64], vectors: NDArray[np.float32]
    ) -> None:
        anywhere = self.params.clusterer == "kmeans" or self.params.outliers != "keep"
        nothing = count_terms(self._counter(), [], np.zeros(0, dtype=np.int64), 1)
        for id_ in range(int(found.max()) + 1):
            inside = found == id_
            if inside.any():
                members = Members(rows[inside], vectors[inside], any_distance=anywhere)
                self._groups.put(id_, members, nothing)

    def _all(
        self,
        matrix: Matrix,
        sample: NDArray[np.int64],
        found: NDArray[np.int64],
        ctx: JobContext,
    ) -> NDArray[np.int32]:
        assigned = np.full(rows_of(matrix), -1, dtype=np.int32)
        if len(sample) < len(assigned):
            for start, vectors in self._directions.blocks(matrix):
                ctx.progress(0.7 + 0.2 * start / len(assigned), "assigning texts")
                part, _ = self._groups.nearest(vectors, outliers=True)
                assigned[start : start + len(part)] = part
        assigned[sample] = found
        return assigned


def _name(id_: int, words: Sequence[TopicWord]) -> str:
    return ", ".join(each.word for each in words[:_NAMED_BY]) or f"topic {id_}"
