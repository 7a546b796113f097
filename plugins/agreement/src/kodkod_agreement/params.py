"""Params of the agreement components."""

from __future__ import annotations

from typing import Annotated, Literal

from kodkod.api import Params, easy, medium, pro

__all__ = ["LabelParams", "PassageParams", "SetParams"]

Replicates = Annotated[
    int, medium("How often texts are drawn anew for the intervals; 0 gives none", ge=0, le=10_000)
]
Level = Annotated[float, easy("How often an interval should hold the truth", gt=0.5, lt=1)]


class LabelParams(Params, frozen=True):
    """How one label a text is compared."""

    replicates: Replicates = 1_000
    level: Level = 0.95
    weights: Annotated[
        Literal["quadratic", "linear", "ordinal"],
        pro("How much AC2 takes two labels that are near each other for agreement"),
    ] = "quadratic"


class SetParams(Params, frozen=True):
    """How sets of labels are compared."""

    replicates: Replicates = 1_000
    level: Level = 0.95


class PassageParams(Params, frozen=True):
    """How passages are compared."""

    replicates: Replicates = 1_000
    level: Level = 0.95
    gamma_texts: Annotated[
        int, pro("Gamma looks at no more texts than this, drawn at random", ge=1, le=100_000)
    ] = 200
    gamma_samples: Annotated[
        int, pro("Random annotations of each text that gamma takes for chance", ge=2, le=1_000)
    ] = 30
