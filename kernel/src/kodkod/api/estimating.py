"""Estimators: what is true of a corpus, from many machine labels and few human ones."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api.components import Component, P
from kodkod.api.specs import ComponentSpec

__all__ = [
    "Estimand",
    "Estimate",
    "Estimator",
    "EstimatorData",
    "EstimatorSpec",
    "LabelPlan",
    "PlanInput",
    "SampleDesign",
]

Estimand = Literal["share", "linear", "logistic"]
"""`share`: the mean of an outcome where the one covariate, 0 or 1, is 1. The others: coefficients
of a regression of the outcome on the covariates."""


class SampleDesign(Struct, frozen=True, kw_only=True):
    """How the texts that people coded were drawn from the corpus, without replacement.

    - `rows`, int64 `[n]`, ascending: the texts drawn.
    - `inclusion`, float64 `[n]` in (0, 1]: the probability with which each was to be drawn.
    - `strata`, int64 `[n]`: the stratum of each, a place in `stratum_sizes`.
    - `stratum_sizes`, int64 `[h]`: how many texts of the corpus each stratum has.
    """

    rows: NDArray[np.int64]
    inclusion: NDArray[np.float64]
    strata: NDArray[np.int64]
    stratum_sizes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rows)


class EstimatorData(Struct, frozen=True, kw_only=True):
    """One question about a corpus of `n_rows` texts.

    - `outcome`, float64 `[n]`: what people said of the texts of the design, 0 or 1.
    - `machine`, float64 `[n_rows]` from 0 to 1: what the machine says of every text; None where
      there is none.
    - `covariates`, float64 `[n_rows, k]`, with a name for each column.
    - `population`: `corpus` asks for what coding every text would give, so that the interval
      closes as the sample nears the corpus; `wider` takes the corpus itself for a random sample.
    """

    estimand: Estimand
    design: SampleDesign
    outcome: NDArray[np.float64]
    machine: NDArray[np.float64] | None
    covariates: NDArray[np.float64]
    names: tuple[str, ...]
    level: float = 0.95
    population: Literal["corpus", "wider"] = "corpus"

    @property
    def n_rows(self) -> int:
        """How many texts the corpus has."""
        return len(self.covariates)


class Estimate(Struct, frozen=True, kw_only=True):
    """One figure with its interval, of which `level` (0 to 1) should hold the truth.

    `n_effective` is how many human labels, drawn by simple random sampling and used alone, would
    give this standard error; None where it is 0.
    """

    name: str
    value: float
    standard_error: float
    low: float
    high: float
    level: float
    n_human: int
    n_machine: int
    n_effective: float | None
    method: str
    citation: str
    warnings: list[str] = []


class PlanInput(Struct, frozen=True, kw_only=True):
    """What a plan goes by: a guess, or what a pilot sample showed.

    `prevalence` is the share of texts with the label, `correlation` that between the machine's
    label and the human one, over the texts. The interval of `level` is to be the estimate plus or
    minus `half_width`. The corpus has `n_rows` texts.
    """

    prevalence: float
    correlation: float
    half_width: float
    level: float
    n_rows: int


class LabelPlan(Struct, frozen=True, kw_only=True):
    """How many human labels an estimator needs, drawn by `design`, and what that rests on."""

    estimator: str
    design: Literal["simple", "stratified"]
    n_human: int
    note: str


class EstimatorSpec(ComponentSpec, frozen=True):
    """A way to estimate. `needs_machine` says that it does nothing without machine labels.

    Plans are made in the web process: its factory must import no ML library.
    """

    kind: ClassVar[str] = "estimator"

    needs_machine: bool = True


class Estimator(Component[P]):
    """Answers questions about a corpus with valid intervals, whatever the machine's errors."""

    @abstractmethod
    def estimate(self, data: EstimatorData, rng: np.random.Generator) -> list[Estimate]:
        """Return one estimate for each covariate, in order. `rng` is for cross-fitting.

        Raises:
            InvalidInputError: there are too few human labels, no machine labels where they are
                needed, or the coefficients cannot be told apart.
        """

    @abstractmethod
    def plan(self, wanted: PlanInput) -> list[LabelPlan]:
        """Return how many human labels a share's interval of a given width needs."""
