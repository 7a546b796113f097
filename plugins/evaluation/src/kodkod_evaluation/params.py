"""Params of the metrics."""

from __future__ import annotations

from typing import Annotated

from kodkod.api import Params, medium, pro

__all__ = ["ClassificationParams", "SpanParams"]

Replicates = Annotated[int, pro("Bootstrap replicates for the intervals; 0: none", ge=0, le=10_000)]


class ClassificationParams(Params, frozen=True):
    """What is counted, and how sure the intervals are."""

    replicates: Replicates = 1_000
    bins: Annotated[int, pro("Bins of the calibration curve", ge=2, le=50)] = 10
    from_probabilities: Annotated[
        bool,
        medium("Also what the probabilities are worth: areas under curves, losses, calibration"),
    ] = True


class SpanParams(Params, frozen=True):
    """How sure the intervals are."""

    replicates: Replicates = 1_000
