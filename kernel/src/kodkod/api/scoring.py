"""Predictions against a reference: what a metric is given, and what it answers."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api.components import Component
from kodkod.api.params import Params
from kodkod.api.values import Value

__all__ = ["Compared", "Metric", "Score", "ScoreReport"]

P = TypeVar("P", bound=Params)


class Score(Struct, frozen=True, kw_only=True):
    """One figure, with its 95 % interval where one is defined."""

    value: float | None
    low: float | None = None
    high: float | None = None


class ScoreReport(Struct, frozen=True, kw_only=True):
    """A metric's answer. `n` is the number of texts compared.

    `confusion[i][j]` counts texts whose reference is `labels[i]` and prediction `labels[j]`.
    """

    n: int
    labels: list[str]
    overall: dict[str, Score]
    by_label: dict[str, dict[str, Score]] = {}
    confusion: list[list[int]] | None = None


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
