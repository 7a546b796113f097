"""Topics of a corpus: which texts are about the same, and in what words."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, TypeVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api.components import Component, Persistent
from kodkod.api.context import JobContext
from kodkod.api.params import Params
from kodkod.api.specs import ComponentSpec
from kodkod.api.values import Matrix, TextBatch

__all__ = ["NO_TOPIC", "FoundTopics", "Topic", "TopicModel", "TopicModelSpec", "TopicWord"]

P = TypeVar("P", bound=Params)

NO_TOPIC = -1
"""What a text is given that is in no topic."""


class TopicModelSpec(ComponentSpec, frozen=True):
    """Texts and their vectors to topics."""

    kind: ClassVar[str] = "topic-model"


class TopicWord(Struct, frozen=True):
    """A word, or a few, that a topic's texts use more than others; weights compare in a topic."""

    word: str
    weight: float


class Topic(Struct, frozen=True, kw_only=True):
    """Texts about the same.

    `id` is not negative, and never that of another topic of the same model, not even of one that
    is no more. `size` counts the texts, `words` descend by weight, `representative` are rows of
    the corpus whose texts show best what it is about. `name` is made of the words.
    """

    id: int
    size: int
    name: str
    words: tuple[TopicWord, ...] = ()
    representative: tuple[int, ...] = ()


class FoundTopics(Struct, frozen=True, kw_only=True):
    """What there is: topics, the greatest first, and for each text its topic's id or -1, int32."""

    topics: tuple[Topic, ...]
    assigned: NDArray[np.int32]


class TopicModel(Component[P], Persistent):
    """Texts and their vectors to topics, which can be merged and split without a new search.

    A matrix is float32 `[n, dim]`, often mapped from a file, or CSR; `matrix[i]` is of the text
    `batch.texts[i]`. The model never embeds texts itself.
    """

    @abstractmethod
    def fit(self, batch: TextBatch, matrix: Matrix, ctx: JobContext) -> FoundTopics:
        """Find topics.

        Raises:
            InvalidInputError: there are too few texts.
        """

    @abstractmethod
    def topics(self) -> tuple[Topic, ...]:
        """Return the topics as they are now, the greatest first."""

    @abstractmethod
    def assign(
        self, matrix: Matrix, ctx: JobContext, *, outliers: bool = True
    ) -> NDArray[np.int32]:
        """Return the topics of texts that were not there, by their vectors, int32 `[n]`.

        What a text is given does not depend on the texts beside it. Without `outliers` every text
        is given the topic that it is most like, unless its vector says nothing.
        """

    @abstractmethod
    def membership(self, matrix: Matrix, ctx: JobContext) -> NDArray[np.float32]:
        """Return how much texts belong to each of `topics()` by id, float32 `[n, n_topics]`.

        Columns ascend by the topic's id; a row sums to 1, or to 0 where it is like none of them.
        """

    @abstractmethod
    def merge(self, ids: Sequence[int]) -> int:
        """Make one topic of several and return its id, which is one of theirs.

        Raises:
            InvalidInputError: they are fewer than two, or one is not there.
        """

    @abstractmethod
    def split(
        self, id_: int, into: int, batch: TextBatch, matrix: Matrix, ctx: JobContext
    ) -> NDArray[np.int32]:
        """Make several topics of one, given its texts; return the new topic of each, int32.

        The greatest part keeps the id.

        Raises:
            InvalidInputError: it is not there, or has too few texts.
        """

    @abstractmethod
    def absorb(self, ids: NDArray[np.int32], batch: TextBatch, *, new: bool) -> None:
        """Count texts to the topics `ids`, which `assign` gave.

        They are `new`, or were counted among those that are in no topic.
        """
