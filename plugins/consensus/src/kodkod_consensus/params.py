"""Params of the ways to a consensus."""

from __future__ import annotations

from typing import Annotated

from kodkod.api import Params, pro

__all__ = ["DawidSkeneParams", "MaceParams"]


class DawidSkeneParams(Params, frozen=True):
    """How long to search, and how much to smooth."""

    iterations: Annotated[int, pro("Steps at most", ge=1, le=10_000)] = 100
    tolerance: Annotated[
        float, pro("Stop when no probability changes by more than this", ge=0, le=1)
    ] = 1e-6
    smoothing: Annotated[
        float,
        pro("Votes of each kind that a coder is taken to have given beforehand", ge=0, le=100),
    ] = 0.01


class MaceParams(Params, frozen=True):
    """How often and how long to search, and how much to smooth."""

    restarts: Annotated[int, pro("Searches, of which the likeliest wins", ge=1, le=100)] = 10
    iterations: Annotated[int, pro("Steps of each search", ge=1, le=1_000)] = 50
    smoothing: Annotated[
        float,
        pro("Guesses of each label that a coder is taken to have made beforehand", ge=0, le=100),
    ] = 0.1
