"""Predictions against a reference: what a metric is given, and what it answers."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, Literal, TypeVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api.components import Component
from kodkod.api.params import Params
from kodkod.api.values import Value

__all__ = [
    "Basis",
    "CalibrationBin",
    "Compared",
    "ComparisonReport",
    "Difference",
    "McNemar",
    "Metric",
    "Score",
    "ScoreReport",
]

Basis = Literal["unseen", "cross-validated", "in-sample"]
"""Whether a model had learnt from the texts that it is scored on.

`unseen`: it had not. `cross-validated`: it had, but what is scored is what models of the same kind
said that had not. `in-sample`: it had; the score says nothing of other texts.
"""

P = TypeVar("P", bound=Params)


class Score(Struct, frozen=True, kw_only=True):
    """One figure, with its 95 % interval where one is defined."""

    value: float | None
    low: float | None = None
    high: float | None = None


class CalibrationBin(Struct, frozen=True, kw_only=True):
    """The predictions whose probability is above `low` and at most `high` (the first: from `low`).

    There are `n` of them, of `mean_probability`; `came_true` is the share that was right.
    """

    low: float
    high: float
    n: int
    mean_probability: float
    came_true: Score


class ScoreReport(Struct, frozen=True, kw_only=True):
    """A metric's answer. `n` is the number of texts compared.

    `confusion[i][j]` counts texts whose reference is `labels[i]` and prediction `labels[j]`.
    `calibration` has the bins that are not empty, ascending. `basis` is the kernel's to say: a
    metric leaves it as it is.
    """

    n: int
    labels: list[str]
    overall: dict[str, Score]
    by_label: dict[str, dict[str, Score]] = {}
    confusion: list[list[int]] | None = None
    calibration: list[CalibrationBin] | None = None
    basis: Basis = "unseen"


class Difference(Struct, frozen=True, kw_only=True):
    """One figure of two predictors of the same texts; `difference` is `second - first`.

    With its 95 % interval and two-sided p-value, both from a paired test. None: undefined.
    """

    first: float | None
    second: float | None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None


class McNemar(Struct, frozen=True, kw_only=True):
    """McNemar's exact test: texts that only one of two predictors has right, and the p-value."""

    only_first: int
    only_second: int
    p: float


class ComparisonReport(Struct, frozen=True, kw_only=True):
    """How a second predictor differs from a first on the same `n` texts."""

    n: int
    labels: list[str]
    overall: dict[str, Difference]
    by_label: dict[str, dict[str, Difference]] = {}
    mcnemar: McNemar | None = None


class Compared(Struct, frozen=True, kw_only=True):
    """The same texts as people coded them and as something predicted them.

    - `reference` is as `SchemeType.encode` gives it, `probabilities` are float32 `[n, n_labels]`.
    - `thresholds`, float32 `[n_labels]`: from which probability on a label of several is taken to
      be on a text; None means 0.5.
    - `texts`, `values` and `predicted` are there where the scheme's values are spans: the texts,
      what people said of them and what was predicted.
    """

    reference: NDArray[Any]
    probabilities: NDArray[np.float32]
    labels: tuple[str, ...]
    thresholds: NDArray[np.float32] | None = None
    texts: Sequence[str] | None = None
    values: Sequence[Value] | None = None
    predicted: Sequence[Value] | None = None

    def __len__(self) -> int:
        return len(self.reference)


class Metric(Component[P]):
    """Predictions against a reference."""

    @abstractmethod
    def score(self, compared: Compared, rng: np.random.Generator) -> ScoreReport:
        """Compare. `rng` is for intervals.

        Raises:
            InvalidInputError: there is nothing to compare.
        """

    def compare(
        self, first: Compared, second: Compared, rng: np.random.Generator
    ) -> ComparisonReport | None:
        """Say by a paired test how two predictors of the same texts, in one order, differ.

        Both are aligned to the same labels. None, which is the default: there is no such test.

        Raises:
            InvalidInputError: there is nothing to compare, or they are not of the same texts.
        """
        return None
