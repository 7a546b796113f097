"""Params of the job that estimates."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from kodkod.api import Params, easy, medium, pro
from kodkod.jobs.kinds.params import Seed
from kodkod.project.estimation import EstimateQuestion

__all__ = ["EstimateParams"]


class EstimateParams(Params, frozen=True):
    """What to estimate of a scheme, from which human and which machine labels."""

    scheme_id: Annotated[int, easy("Id of the scheme")]
    question: Annotated[EstimateQuestion, easy("What to estimate")] = EstimateQuestion()
    human: Annotated[
        Literal["drawn-sample", "test-split", "random-draws"], easy("Whose human labels count")
    ] = "drawn-sample"
    sample_id: Annotated[str | None, easy("Id of the drawn sample")] = None
    nonresponse: Annotated[
        Literal["refuse", "random"], medium("What drawn texts without a human label count as")
    ] = "refuse"
    model_id: Annotated[str | None, easy("Id of the model whose predictions are used")] = None
    machine: Annotated[
        Literal["probabilities", "labels"], medium("What of the predictions is used")
    ] = "probabilities"
    estimator: Annotated[str, easy("Estimator")] = "ppi"
    params: Annotated[dict[str, Any], medium("Params of the estimator")] = msgspec.field(
        default_factory=dict
    )
    level: Annotated[float, medium("Level of the intervals", gt=0.5, lt=1)] = 0.95
    population: Annotated[
        Literal["corpus", "wider"], pro("The corpus, or what it is a random sample of")
    ] = "corpus"
    seed: Seed = 0
