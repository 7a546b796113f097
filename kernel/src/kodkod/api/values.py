"""Value types that cross the boundary between kernel and plugins."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NewType, Protocol, TypeAlias

import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api.energy import EnergyStanding

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix  # pyright: ignore[reportMissingTypeStubs]

__all__ = [
    "Event",
    "JobInfo",
    "LabelId",
    "Matrix",
    "Neighbours",
    "Pool",
    "Row",
    "Span",
    "Split",
    "SplitPlan",
    "TextBatch",
    "TrainingSet",
    "Value",
]

Row = NewType("Row", int)
"""A text's number inside its project: 0-based, given once, never changed."""

LabelId = NewType("LabelId", int)
"""A label's identity. Names may change; ids never do."""

Matrix: TypeAlias = "NDArray[np.float32] | csr_matrix"
"""A feature: float32 `[n_rows, dim]`, dense or CSR."""


class Split(StrEnum):
    """Which part of the corpus a text belongs to."""

    TRAIN = "train"
    VALID = "valid"
    TEST = "test"

    @property
    def code(self) -> int:
        """The split's number in arrays of splits (uint8)."""
        return _SPLITS.index(self)

    @classmethod
    def of(cls, code: int) -> Split:
        """Return the split with this number."""
        return _SPLITS[code]


_SPLITS = (Split.TRAIN, Split.VALID, Split.TEST)


class Span(Struct, frozen=True, order=True):
    """A stretch of a text: character offsets, half-open."""

    start: int
    end: int
    label: str


Value: TypeAlias = str | list[str] | list[Span]
"""What an annotator says of a text; which of the three, the scheme's type decides."""


class TextBatch(Struct, frozen=True):
    """Some texts of a corpus, in the order of `rows`.

    `context` has the context and label columns as imported, one line a text. `ids` are those that
    the corpus came with; a batch that is of no corpus has none.
    """

    rows: NDArray[np.int64]
    texts: Sequence[str]
    context: pl.DataFrame
    ids: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.texts)


class TrainingSet(Struct, frozen=True, kw_only=True):
    """What a model learns from.

    `features` is None for a model that reads texts. `targets` is what the scheme type's
    `encode` gave: int64 `[n]` of label positions for one label a text, uint8 `[n, n_labels]`
    for several; for spans uint8 `[n, n_labels]`, which label is in which text, and `values` are
    the spans. `weights`, float32 `[n]`, say how much each text counts, 1 being one that people
    have labelled; None means that all do, and a model that does not weigh gets no others.
    """

    batch: TextBatch
    features: Matrix | None
    targets: NDArray[Any]
    labels: tuple[str, ...]
    seed: int
    values: Sequence[Value] | None = None
    weights: NDArray[np.float32] | None = None


class Neighbours(Protocol):
    """Finds the rows whose embeddings are nearest to some vectors, by cosine.

    The rows are those of the pool's `embeddings`; what was embedded last may be missing. Any
    thread may ask.
    """

    def near(self, vectors: NDArray[np.float32], k: int) -> NDArray[np.int64]:
        """Return the rows nearest to each of `vectors`, int64 `[q, k]`, the nearest first.

        `vectors` are float32 `[q, dim]`, of any length. Where fewer than `k` rows are found the
        line ends in -1. It may be an approximation that misses a few.
        """
        ...


class Pool(Struct, frozen=True, kw_only=True):
    """What a strategy ranks: every row of the corpus, annotated or not.

    What a strategy's spec names in `needs` is there; what it names in `uses` may be. Arrays
    belong to the server: a strategy changes none of them.

    - `labels` names the columns of all `[..., n_labels]`; `multilabel` says that a text may
      have several of them, so that the columns stand each for itself.
    - `probabilities`, float32 `[n, n_labels]`: the guide's; a row not predicted yet is NaN.
    - `embeddings`, float32 `[m, dim]` with `m <= n`, often mapped from a file: rows from `m` on
      have none yet.
    - `neighbours` finds the rows nearest to a vector among `embeddings`.
    - `labelled`, int64, ascending: the rows that have a value which counts; `targets` are their
      values as in `TrainingSet`, in the order of `labelled`, where -1 (or a row of zeros) is a
      label that is not among `labels`. Empty, and not None, where nothing is labelled yet.
    - `held_out`, float32 `[len(labelled), n_labels]`: what models say of the labelled rows that
      have not learnt from them (cross-validation).
    - `committee`, float32 `[n_members, n, n_labels]`: probabilities by several models.
    - `llm`, float32 `[n, n_labels]`: what an LLM says: its probabilities, or 1 for what it
      chose and 0 for the rest; a row that it has not answered is NaN.
    - `query`, float32 `[dim]`: the vector, from the same feature as `embeddings`, of the text
      in the strategy's param `text`.
    - `candidates`, int64, ascending: the rows that may be drawn, or a neighbourhood of them;
      None means all. Where it is given, candidates come first, and costly strategies look at
      no others but the labelled.
    - `base`, int64 `[n]`: the order of the strategy that this one wraps, a permutation.
    """

    n: int
    rng: np.random.Generator
    labels: tuple[str, ...] = ()
    probabilities: NDArray[np.float32] | None = None
    embeddings: NDArray[np.float32] | None = None
    multilabel: bool = False
    labelled: NDArray[np.int64] | None = None
    targets: NDArray[Any] | None = None
    held_out: NDArray[np.float32] | None = None
    committee: NDArray[np.float32] | None = None
    llm: NDArray[np.float32] | None = None
    query: NDArray[np.float32] | None = None
    candidates: NDArray[np.int64] | None = None
    base: NDArray[np.int64] | None = None
    neighbours: Neighbours | None = None


class SplitPlan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a corpus is divided.

    `train`, `valid` and `test` are numbers of texts; `train` left out takes what remains.
    `stratify_by` names a column whose proportions each split keeps. `column` names a column
    of the file that already says train, valid or test; the numbers are then ignored.
    """

    train: int | None = None
    valid: int = 0
    test: int = 0
    seed: int = 0
    stratify_by: str | None = None
    column: str | None = None


class JobInfo(Struct, frozen=True, kw_only=True):
    """A job as hooks see it. `energy` is there before a job of a project starts."""

    id: str
    kind: str
    queue: str
    user: str
    project: str | None
    params: dict[str, Any]
    energy: EnergyStanding | None = None


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened and is already stored.

    `type` is dotted, thing first: `project.created`, `project.deleted`, `scheme.created`,
    `scheme.changed`, `job.queued`, `job.running`, `job.done`, `job.failed`, `job.cancelled`
    (not of jobs that refresh a guide), `user.signed_in`.
    """

    type: str
    project: str | None = None
    user: str | None = None
    data: dict[str, Any] = {}
