"""The shapes of drawn samples, estimates and plans in the HTTP contract."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from kodkod.project.drawn_samples import DrawPlan
from kodkod.project.estimation import EstimateQuestion
from kodkod.store.drawn_samples import Stratum
from kodkod.web.contract import Request

__all__ = [
    "EstimatorPlan",
    "EstimatorPlans",
    "NewCorpusEstimate",
    "NewDrawnSample",
    "SampleInfo",
    "SampleProgress",
]


class NewDrawnSample(Request, frozen=True):
    """Draw texts with known probabilities, for people to annotate."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    plan: DrawPlan


class SampleProgress(Struct, frozen=True, kw_only=True):
    """How many texts of a sample have a human label in a scheme."""

    scheme: str
    annotated: int


class SampleInfo(Struct, frozen=True, kw_only=True):
    """A drawn sample of `n` texts. `of` says what was drawn from, of a corpus that had
    `population` rows then.

    Name it in the filter of `next` (`drawn_sample`) to annotate it.
    """

    id: str
    name: str
    plan: DrawPlan
    population: int
    of: str
    n: int
    strata: list[Stratum]
    progress: list[SampleProgress]
    created_at: datetime


class NewCorpusEstimate(Request, frozen=True):
    """Estimate from human labels that were drawn with known probability and from machine labels.

    `human` says which count: those of a drawn `sample` (id or name), of the test split if it was
    split at random, or those that the random strategy alone has drawn from the train split.
    Drawn texts that have none yet are refused; `nonresponse` may say that they are missing at
    random, which nothing can check.
    `model` (id or name) has predicted the complete corpus: its `machine` probabilities or labels.
    """

    question: EstimateQuestion = EstimateQuestion()
    human: Literal["drawn-sample", "test-split", "random-draws"] = "drawn-sample"
    sample: str | None = None
    nonresponse: Literal["refuse", "random"] = "refuse"
    model: str | None = None
    machine: Literal["probabilities", "labels"] = "probabilities"
    estimator: str = "ppi"
    params: dict[str, Any] = msgspec.field(default_factory=dict)
    level: Annotated[float, Meta(gt=0.5, lt=1)] = 0.95
    population: Literal["corpus", "wider"] = "corpus"
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0


class EstimatorPlan(Struct, frozen=True, kw_only=True):
    """How many human labels an estimator needs, drawn by `design`."""

    estimator: str
    design: Literal["simple", "stratified"]
    n_human: int
    note: str


class EstimatorPlans(Struct, frozen=True, kw_only=True):
    """Plans of all estimators for a corpus of `n_rows` texts, the fewest labels first."""

    n_rows: int
    plans: list[EstimatorPlan]
