"""From replicates to what is reported: intervals, and differences with their p-values."""

from __future__ import annotations

import math

import numpy as np

from kodkod.api import Difference, Score
from kodkod_evaluation.resampling import Floats, Measured

__all__ = ["difference_of", "differences", "score_of", "scores"]

_TIE = 1e-12


def scores(
    measured: Measured, labels: tuple[str, ...]
) -> tuple[dict[str, Score], dict[str, dict[str, Score]]]:
    """Return the figures overall and by label."""
    return (
        {name: score_of(values) for name, values in measured.overall.items()},
        {
            label: {name: score_of(values[i]) for name, values in measured.by_label.items()}
            for i, label in enumerate(labels)
        },
    )


def differences(
    first: Measured, second: Measured, labels: tuple[str, ...]
) -> tuple[dict[str, Difference], dict[str, dict[str, Difference]]]:
    """Return how the second differs, overall and by label; replicates are paired."""
    return (
        {
            name: difference_of(values, second.overall[name])
            for name, values in first.overall.items()
        },
        {
            label: {
                name: difference_of(values[i], second.by_label[name][i])
                for name, values in first.by_label.items()
            }
            for i, label in enumerate(labels)
        },
    )


def score_of(values: Floats) -> Score:
    """Return the first of `values` with the 95 % percentile interval of the others.

    Efron and Tibshirani (1993), chapter 13. Replicates in which the figure is undefined are left
    out. The interval is widened to the value where the resampling is biased that far, as the
    calibration error's is.
    """
    value = float(values[0])
    if math.isnan(value):
        return Score(value=None)
    interval = _interval(values[1:])
    if interval is None:
        return Score(value=value)
    return Score(value=value, low=min(interval[0], value), high=max(interval[1], value))


def difference_of(first: Floats, second: Floats) -> Difference:
    """Return second - first with its 95 % percentile interval and a two-sided p-value.

    The p-value is the share of replicates that lie as far from the difference as that lies from
    nought (the shift method of Berg-Kirkpatrick, Burkett and Klein 2012; Dror et al. 2018).
    """
    one, two = (None if math.isnan(values[0]) else float(values[0]) for values in (first, second))
    if one is None or two is None:
        return Difference(first=one, second=two)
    found = second - first
    drawn = found[1:][~np.isnan(found[1:])]
    interval = _interval(drawn)
    if interval is None:
        return Difference(first=one, second=two, difference=two - one)
    value = two - one
    farther = int((np.abs(drawn - value) >= abs(value) - _TIE).sum())
    return Difference(
        first=one,
        second=two,
        difference=value,
        low=min(interval[0], value),
        high=max(interval[1], value),
        p=(1 + farther) / (1 + len(drawn)),
    )


def _interval(drawn: Floats) -> tuple[float, float] | None:
    defined = drawn[~np.isnan(drawn)]
    if not len(defined):
        return None
    low, high = np.percentile(defined, [2.5, 97.5])
    return float(low), float(high)
