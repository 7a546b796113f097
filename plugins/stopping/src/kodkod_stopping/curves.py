"""Reading learning curves: which points can be used, and how well they are known."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kodkod.api import CurvePoint, LearningHistory, Score, Series
from kodkod_stopping.wording import point_of

__all__ = ["curve_series", "drawn_scores", "known_points", "standard_error"]

_NORMAL = 1.959964
_DRAWS = 400
_UNKNOWN = 0.1
"""The standard error of a score that has no interval."""


def known_points(history: LearningHistory) -> list[CurvePoint]:
    """Return the points of the newest curve that have a score, one for each size."""
    points = {each.n: each for each in history.curve if each.n > 0 and _is_known(each.score)}
    return [points[n] for n in sorted(points)]


def curve_series(points: Sequence[CurvePoint]) -> Series:
    """Return the points as evidence."""
    return Series(
        name="Score on texts not seen, by labels learnt from",
        points=[point_of(each.n, each.score) for each in points],
    )


def standard_error(score: Score) -> float:
    """Return the standard error that an interval of 95 % stands for."""
    low, high = score.low, score.high
    if low is None or high is None or not math.isfinite(high - low):
        return _UNKNOWN
    return (high - low) / (2 * _NORMAL)


def drawn_scores(points: Sequence[CurvePoint], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return `[draws, len(points)]`: curves that might as well have been measured.

    The bootstrap replicates where there are any: each is of the same texts at all points, which
    thus err together as they do in truth. Otherwise each point is drawn by its own interval, as if
    they erred independently; differences between points then look less certain than they are.
    """
    count = len(points[0].replicates) if points else 0
    if count and all(len(each.replicates) == count for each in points):
        drawn = np.array([each.replicates for each in points], dtype=np.float64).T
        if np.isfinite(drawn).all():
            return drawn
    scores = np.array([each.score.value for each in points], dtype=np.float64)
    errors = np.array([standard_error(each.score) for each in points])
    return scores + rng.standard_normal((_DRAWS, len(points))) * errors


def _is_known(score: Score) -> bool:
    return score.value is not None and math.isfinite(score.value)
