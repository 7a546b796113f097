"""Params of the scheme types."""

from __future__ import annotations

from typing import Annotated

from kodkod.api import Params, medium

__all__ = ["MultilabelParams", "SpanParams"]


class MultilabelParams(Params, frozen=True):
    """How several labels a text are read from a model."""

    threshold: Annotated[
        float, medium("A label is predicted from this probability on", gt=0, lt=1)
    ] = 0.5


class SpanParams(Params, frozen=True):
    """What spans may do."""

    allow_overlap: Annotated[bool, medium("Whether two spans may share characters")] = True
