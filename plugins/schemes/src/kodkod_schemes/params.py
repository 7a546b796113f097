"""Params of the scheme types."""

from __future__ import annotations

from typing import Annotated

from kodkod.api import Params, easy, medium

__all__ = ["MultilabelParams", "SpanParams"]


class MultilabelParams(Params, frozen=True):
    """When a prediction counts as a label."""

    threshold: Annotated[
        float, medium("A label is predicted from this probability on", gt=0, le=1)
    ] = 0.5


class SpanParams(Params, frozen=True):
    """What passages may do."""

    allow_overlap: Annotated[
        bool, easy("Passages may overlap, for instance when one lies inside another")
    ] = True
