"""Params of the stopping rules."""

from __future__ import annotations

from typing import Annotated

from kodkod.api import Params, easy, medium, pro

__all__ = [
    "ChangeParams",
    "GainParams",
    "PlateauParams",
    "RecallParams",
    "StabilisingParams",
    "UncertaintyParams",
]

LabelsBetween = Annotated[
    int,
    medium(
        "Labels between two predictions that are compared; refreshes that follow one another "
        "faster are taken together",
        ge=1,
        le=10_000,
    ),
]


class StabilisingParams(Params, frozen=True):
    """When predictions count as stable."""

    agreement: Annotated[
        float, easy("Cohen's kappa between predictions from which they are stable", gt=0, le=1)
    ] = 0.99
    window: Annotated[
        int, medium("Comparisons over which the agreement is averaged", ge=1, le=100)
    ] = 3
    labels_between: LabelsBetween = 10


class ChangeParams(Params, frozen=True):
    """When predictions count as unchanged."""

    tolerance: Annotated[
        float, easy("Share of the texts whose prediction may still change", ge=0, lt=1)
    ] = 0.005
    window: Annotated[int, medium("Comparisons in a row that must all pass", ge=1, le=100)] = 2
    labels_between: LabelsBetween = 10


class UncertaintyParams(Params, frozen=True):
    """When the model counts as sure."""

    threshold: Annotated[
        float, easy("Mean uncertainty, from 0 to 1, below which the model is sure", gt=0, lt=1)
    ] = 0.1
    window: Annotated[int, medium("Refreshes over which it is averaged", ge=1, le=100)] = 3


class PlateauParams(Params, frozen=True):
    """When a score counts as level."""

    tolerance: Annotated[
        float,
        easy(
            "Rise of the score by the newest two fifths of the labels that counts as none",
            gt=0,
            lt=1,
        ),
    ] = 0.02
    widest: Annotated[
        float, pro("Half-width of the rise's interval above which nothing is said", gt=0, lt=1)
    ] = 0.05


class GainParams(Params, frozen=True):
    """Which gain is worth more labels."""

    labels: Annotated[int, easy("Labels of which the gain is worked out", ge=1, le=100_000)] = 100
    least: Annotated[float, easy("Gain of the score that is worth them", gt=0, lt=1)] = 0.01
    worst_fit: Annotated[
        float,
        pro("Mean distance of the curve from the power law above which nothing is said", gt=0),
    ] = 0.03


class RecallParams(Params, frozen=True):
    """Which labels count as rare, and how many of their texts must be found."""

    target: Annotated[float, easy("Recall to reach for each rare label", gt=0, le=1)] = 0.8
    rare: Annotated[
        float, easy("A label of fewer than this share of the texts is rare", gt=0, le=1)
    ] = 0.1
    least_found: Annotated[
        int, medium("Texts of a label that must be found before anything is said", ge=1)
    ] = 5
