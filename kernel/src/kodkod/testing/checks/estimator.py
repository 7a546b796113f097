"""Promises of estimators."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec.structs import replace

from kodkod.api import (
    Estimand,
    Estimate,
    Estimator,
    EstimatorData,
    InvalidInputError,
    PlanInput,
    SampleDesign,
)
from kodkod.testing.subject import Subject, require

__all__ = ["CHECKS"]

_N, _DRAWN = 400, 120
_ESTIMANDS: tuple[Estimand, ...] = ("share", "linear", "logistic")


def estimates_each_figure(subject: Subject) -> None:
    """There is an estimate for each covariate, in order, inside its interval."""
    for estimand in _ESTIMANDS:
        data = _data(estimand)
        found = _estimate(subject, data)
        require(
            [each.name for each in found] == list(data.names), "one estimate for each covariate"
        )
        for each in found:
            figures = [each.low, each.value, each.high]
            require(bool(np.isfinite(figures).all()), f"{each.name} is finite")
            require(figures == sorted(figures), f"{each.name} lies in its interval: {figures}")
            require(each.n_human == _DRAWN, "n_human is how many texts people coded")
            inside = estimand != "share" or (each.low >= 0 and each.high <= 1)
            require(inside, "the interval of a share is between 0 and 1")


def same_seed_same_estimate(subject: Subject) -> None:
    """Two calls with one seed agree."""
    data = _data("share")
    same = _estimate(subject, data) == _estimate(subject, data)
    require(same, "randomness comes from rng alone")


def higher_levels_are_wider(subject: Subject) -> None:
    """An interval of a higher level holds that of a lower one."""
    data = _data("linear")
    narrow, wide = _estimate(subject, data), _estimate(subject, replace(data, level=0.99))
    for one, other in zip(narrow, wide, strict=True):
        require(other.low <= one.low <= one.high <= other.high, "99 % holds 95 %")


def nothing_drawn(subject: Subject) -> None:
    """A sample of no text is refused by a message for users."""
    nothing = np.zeros(0, dtype=np.int64)
    design = SampleDesign(
        rows=nothing,
        inclusion=np.zeros(0),
        strata=nothing,
        stratum_sizes=np.array([_N], dtype=np.int64),
    )
    data = replace(_data("share"), design=design, outcome=np.zeros(0))
    try:
        _estimate(subject, data)
    except InvalidInputError:
        return
    require(False, "a sample of no text is refused")


def plans_grow_with_precision(subject: Subject) -> None:
    """A narrower interval needs as many human labels at least, and never more than texts."""

    def needed(half_width: float) -> list[int]:
        wanted = PlanInput(
            prevalence=0.3, correlation=0.7, half_width=half_width, level=0.95, n_rows=10_000
        )
        estimator: Estimator[Any] = subject.build()
        return [each.n_human for each in estimator.plan(wanted)]

    for narrow, wide in zip(needed(0.01), needed(0.05), strict=True):
        require(0 < wide <= narrow <= 10_000, f"{narrow} for half the width of {wide}")


def _data(estimand: Estimand) -> EstimatorData:
    rng = np.random.default_rng(5)
    x = rng.normal(size=_N)
    labels = (rng.random(_N) < 1 / (1 + np.exp(-x))).astype(np.float64)
    rows = np.sort(rng.choice(_N, _DRAWN, replace=False))
    covariates = np.ones((_N, 1)) if estimand == "share" else np.column_stack([np.ones(_N), x])
    return EstimatorData(
        estimand=estimand,
        design=SampleDesign(
            rows=rows,
            inclusion=np.full(_DRAWN, _DRAWN / _N),
            strata=np.zeros(_DRAWN, dtype=np.int64),
            stratum_sizes=np.array([_N], dtype=np.int64),
        ),
        outcome=labels[rows],
        machine=np.clip(0.2 + 0.6 * labels + 0.2 * rng.normal(size=_N), 0, 1),
        covariates=covariates,
        names=("share",) if estimand == "share" else ("intercept", "x"),
    )


def _estimate(subject: Subject, data: EstimatorData) -> list[Estimate]:
    estimator: Estimator[Any] = subject.build()
    return estimator.estimate(data, np.random.default_rng(11))


CHECKS = (
    estimates_each_figure,
    same_seed_same_estimate,
    higher_levels_are_wider,
    nothing_drawn,
    plans_grow_with_precision,
)
