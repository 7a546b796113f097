"""Value types that cross the boundary between kernel and plugins."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NewType, TypeAlias

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

    `context` has the context and label columns as imported, one line a text.
    """

    rows: NDArray[np.int64]
    texts: Sequence[str]
    context: pl.DataFrame

    def __len__(self) -> int:
        return len(self.texts)


class TrainingSet(Struct, frozen=True, kw_only=True):
    """What a model learns from.

    `features` is None for a model that reads texts. `targets` is what the scheme type's
    `encode` gave: int64 `[n]` of label positions for one label a text, uint8 `[n, n_labels]`
    for several.
    """

    batch: TextBatch
    features: Matrix | None
    targets: NDArray[Any]
    labels: tuple[str, ...]
    seed: int


class Pool(Struct, frozen=True, kw_only=True):
    """What a strategy ranks: every row of the corpus, annotated or not.

    `probabilities` is float32 `[n, n_labels]` and `embeddings` float32 `[n, dim]`; each is
    there if the strategy's spec says that it needs it. `labels` names the columns.
    """

    n: int
    rng: np.random.Generator
    labels: tuple[str, ...] = ()
    probabilities: NDArray[np.float32] | None = None
    embeddings: NDArray[np.float32] | None = None


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
    `scheme.changed`, `annotations.saved`, `job.queued`, `job.running`, `job.done`,
    `job.failed`, `job.cancelled`, `user.signed_in`.
    """

    type: str
    project: str | None = None
    user: str | None = None
    data: dict[str, Any] = {}
