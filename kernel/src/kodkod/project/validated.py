"""What trying a model out has come to: trials of params, and a cross-validation."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from kodkod.api import Score, ScoreReport

__all__ = ["CrossValidation", "Searched", "Trial", "Validated"]


class Trial(Struct, frozen=True, kw_only=True):
    """Some params and how a model with them was judged; without a score it could not be fitted."""

    params: dict[str, Any]
    score: Score
    seconds: float
    message: str = ""


class Searched(Struct, frozen=True, kw_only=True):
    """All trials in the order made, and which of them was chosen (its place).

    The score of the chosen one is the best of many, hence too good: it says which params to
    take, not what to expect of them.
    """

    metric: str
    figure: str
    chosen: int
    trials: list[Trial]


class CrossValidation(Struct, frozen=True, kw_only=True):
    """The report on all texts that a model learnt from, each judged by one that had not seen it."""

    metric: str
    folds: int
    report: ScoreReport


class Validated(Struct, frozen=True, kw_only=True):
    """What was asked for of the two."""

    search: Searched | None = None
    folds: CrossValidation | None = None
