"""Params of the kinds of job that ask labellers."""

from __future__ import annotations

from typing import Annotated

from msgspec import field

from kodkod.api import Params, easy, medium
from kodkod.project.labelling import Ceiling, LabelRows

__all__ = ["LabelParams", "PlanLabellingParams"]


class LabelParams(Params, frozen=True, kw_only=True):
    """Which labelling to run on which texts. What failed before is asked again in any case."""

    model_id: Annotated[str, easy("Id of the labelling")]
    rows: Annotated[LabelRows, easy("Which texts")] = field(default_factory=LabelRows)
    ceiling: Annotated[Ceiling, easy("What it may take")] = field(default_factory=Ceiling)
    unparsed_again: Annotated[
        bool, medium("Ask again what was answered with something that is no value")
    ] = False


class PlanLabellingParams(Params, frozen=True, kw_only=True):
    """Which labelling would be run on which texts."""

    model_id: Annotated[str, easy("Id of the labelling")]
    rows: Annotated[LabelRows, easy("Which texts")] = field(default_factory=LabelRows)
