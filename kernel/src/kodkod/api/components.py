"""Base classes of components. A constructor takes params and does nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api.context import JobContext
from kodkod.api.params import Params
from kodkod.api.reading import ReadingWindow
from kodkod.api.values import Matrix, Pool, Span, TextBatch, TrainingSet, Value

__all__ = [
    "Component",
    "Exporter",
    "Feature",
    "Importer",
    "Job",
    "Model",
    "Persistent",
    "SchemeType",
    "SignIn",
    "SpanModel",
    "SpanPrediction",
    "Strategy",
]

P = TypeVar("P", bound=Params)
V = TypeVar("V", bound=Value)


class Component(ABC, Generic[P]):
    """Anything that plugs in."""

    def __init__(self, params: P) -> None:
        self.params = params


class Persistent(ABC):
    """A component that learns something which must outlive the process."""

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Write what was learnt into the existing, empty `folder`. Never pickle."""

    @abstractmethod
    def load(self, folder: Path) -> None:
        """Read what `save` wrote, after which the component acts as it did then."""


class Importer(Component[P]):
    """File to frame."""

    @abstractmethod
    def read(self, path: Path) -> pl.DataFrame:
        """Return the file's table, every column under its name in the file.

        Columns of a text format come as strings exactly as given (no number is parsed, no
        zero is lost, an empty field is null); typed formats keep their types.

        Raises:
            ImportProblemError: the file is empty, truncated, malformed or hostile; the
                message names line or column and says what to do.
        """


class Exporter(Component[P]):
    """Frames to file."""

    @abstractmethod
    def write(self, frames: Iterable[pl.DataFrame], path: Path) -> None:
        """Write `frames` (one schema, at least one frame, perhaps of no rows) to `path`.

        Memory must not grow with the number of frames where the format allows it. List and
        struct columns that the format cannot hold are written as JSON text.
        """


class SchemeType(Component[P], Generic[P, V]):
    """What a value is, what it means for models, and what becomes of it when labels change."""

    @abstractmethod
    def validate(self, value: object, labels: Sequence[str], text: str) -> V:
        """Return `value` in canonical form (sorted, without repeats).

        Raises:
            InvalidValueError: the value has the wrong shape, names an unknown label or does
                not fit `text`.
        """

    @abstractmethod
    def labels_of(self, value: V) -> list[str]:
        """Return the labels used in `value`, each once."""

    @abstractmethod
    def map_labels(self, value: V, mapping: Callable[[str], str | None]) -> V | None:
        """Rename, merge or drop (None) labels inside `value`.

        Returns None where nothing that the annotator said is left.
        """

    @abstractmethod
    def encode(self, values: Sequence[V], labels: Sequence[str]) -> NDArray[Any] | None:
        """Turn values into a model's targets (see TrainingSet), or None if none fit a table."""

    def distance(self, one: V, other: V) -> float:
        """Return how far two valid values are apart, from 0 (the same) to 1 (nothing in common)."""
        return float(one != other)

    def severity(self, values: Sequence[V]) -> float:
        """Return how much a text's values disagree, from 0 (not at all) to 1.

        The mean distance of all pairs, unless a type knows better.
        """
        pairs = [self.distance(*each) for each in combinations(values, 2)]
        return sum(pairs) / len(pairs) if pairs else 0.0

    @abstractmethod
    def decode(self, probabilities: NDArray[np.float32], labels: Sequence[str]) -> list[V]:
        """Turn `[n, n_labels]` into values."""


class Feature(Component[P], Persistent):
    """Texts to float32 vectors."""

    @abstractmethod
    def fit(self, batch: TextBatch, ctx: JobContext) -> None:
        """Learn from the train split what `transform` needs; nothing for a fixed encoder."""

    @abstractmethod
    def transform(self, batch: TextBatch, ctx: JobContext) -> Matrix:
        """Return float32 `[len(batch), dim]`, each text's vector independent of its batch."""

    def window(self) -> ReadingWindow | None:
        """Return how much it reads of a text; None where it reads all, as far as it has seen.

        Asked after `fit` or `load`.
        """
        return None


class Model(Component[P], Persistent):
    """Learns a scheme and predicts it."""

    @abstractmethod
    def fit(self, data: TrainingSet, ctx: JobContext) -> None:
        """Learn from `data`.

        Raises:
            InvalidInputError: it cannot be learnt from, e.g. one label only.
        """

    @abstractmethod
    def predict_proba(
        self, batch: TextBatch, features: Matrix | None, ctx: JobContext
    ) -> NDArray[np.float32]:
        """Return `[n, n_labels]`, columns in the order of the training set's labels.

        Rows sum to 1 where a text has one label; a label never seen in training has 0.
        """

    def thresholds(self) -> NDArray[np.float32] | None:
        """Return, for a model of several labels a text, the probability from which each is on it.

        `[n_labels]`, chosen on texts that the model did not learn from; None means 0.5 for all.
        """
        return None

    def window(self) -> ReadingWindow | None:
        """Return how much it reads of a text; None where it reads all, as far as it has seen.

        Asked after `fit`.
        """
        return None


class SpanPrediction(Struct, frozen=True, kw_only=True):
    """What a model says of some texts whose values are spans.

    `spans[i]` ascends; `scores[i]` has the probability of each of them. `probabilities`, float32
    `[n, n_labels]`, is that a text has a span with the label: the greatest score of such a span,
    or of the likeliest that was not chosen.
    """

    spans: list[list[Span]]
    scores: list[list[float]]
    probabilities: NDArray[np.float32]


class SpanModel(Model[P]):
    """A model of a scheme whose values are spans.

    It learns from `TrainingSet.values`; `targets` say which label is in which text.
    """

    @abstractmethod
    def predict_spans(self, batch: TextBatch, ctx: JobContext) -> SpanPrediction:
        """Return the spans in each text, as the scheme type would accept them."""

    def predict_proba(
        self, batch: TextBatch, features: Matrix | None, ctx: JobContext
    ) -> NDArray[np.float32]:
        """Return `[n, n_labels]`: how sure it is that a text has a span with the label."""
        return self.predict_spans(batch, ctx).probabilities


class Strategy(Component[P]):
    """Which text teaches the most."""

    @abstractmethod
    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return a permutation of `range(pool.n)`, the row to draw first in front.

        Rows without a prediction have NaN probabilities and come last.

        Raises:
            InvalidParamsError: a label named in the params is not among `pool.labels`.
        """


class SignIn(Component[P]):
    """A way to sign in."""

    @abstractmethod
    def check(self, secret: str, stored: str) -> bool:
        """Tell whether `secret` matches what `enroll` returned. May take long; runs in a thread."""

    @abstractmethod
    def enroll(self, secret: str) -> str:
        """Return what to store for `secret`.

        Raises:
            InvalidInputError: the secret is too weak.
        """


class Job(Component[P]):
    """A kind of work that runs in a worker."""

    @abstractmethod
    def run(self, ctx: JobContext) -> Struct | None:
        """Do it. Running it twice must do no harm. What it returns is stored as the result."""
