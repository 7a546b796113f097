"""From scores to figures: intervals over seeds, areas, labels needed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Score

__all__ = ["area", "interval", "labels_needed"]

_TAIL = 0.975


def interval(values: Sequence[float] | NDArray[np.float64]) -> Score:
    """Return the mean with Student's 95 % interval; of one value, there is none.

    Student (1908), "The probable error of a mean".
    """
    found = np.asarray(values, dtype=np.float64)
    mean = float(found.mean())
    if len(found) < 2:
        return Score(value=mean)
    from scipy.special import stdtrit  # only workers and the command line come here

    error = found.std(ddof=1) / np.sqrt(len(found))
    half = float(stdtrit(len(found) - 1, _TAIL) * error)
    return Score(value=mean, low=mean - half, high=mean + half)


def area(n: Sequence[int], scores: Sequence[float]) -> float:
    """Return the area under a curve by trapezoids, divided by its width: the mean score.

    `n` ascends strictly. The area of a single point is its score.
    """
    if len(n) < 2:
        return float(scores[0])
    return float(np.trapezoid(scores, n) / (n[-1] - n[0]))


def labels_needed(n: Sequence[int], scores: Sequence[float], target: float) -> float | None:
    """Return at how many labels a curve first reaches `target`; None if it never does.

    Between two points the curve is a straight line.
    """
    for place, score in enumerate(scores):
        if score < target:
            continue
        if place == 0:
            return float(n[0])
        share = (target - scores[place - 1]) / (score - scores[place - 1])
        return float(n[place - 1] + share * (n[place] - n[place - 1]))
    return None
