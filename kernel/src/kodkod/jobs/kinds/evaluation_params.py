"""Params of the jobs that judge models."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from kodkod.api import Params, easy, medium, pro
from kodkod.jobs.kinds.params import Seed

__all__ = ["CompareParams", "LearningCurveParams"]


class CompareParams(Params, frozen=True):
    """Which two models to compare, on the texts of which split."""

    first_id: Annotated[str, easy("Id of the first model")]
    second_id: Annotated[str, easy("Id of the second model")]
    split: Annotated[Literal["train", "valid", "test"], easy("Split to compare on")] = "test"
    metric: Annotated[str | None, medium("Metric to compare by; none named: the scheme's")] = None
    seed: Seed = 0


class LearningCurveParams(Params, frozen=True):
    """Which model's kind to draw the learning curve of, and with how many fits.

    There are `folds` fits on all but a fold of the texts, and for each fold and each smaller size
    as many as there are `repeats`.
    """

    model_id: Annotated[str, easy("Id of the model")]
    folds: Annotated[int, medium("Folds of the cross-validation", ge=2, le=5)] = 5
    sizes: Annotated[int, medium("Points of the curve", ge=2, le=10)] = 5
    repeats: Annotated[
        Annotated[int, Meta(ge=1, le=5)] | None,
        pro("Models that learn from each smaller size in a fold; empty: what the texts allow"),
    ] = None
    seed: Seed = 0
