"""Poststratification by the machine's label."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Estimate, Estimator, EstimatorData, LabelPlan, NoParams, PlanInput
from kodkod_estimates.design import Weighted, weigh
from kodkod_estimates.equations import solve
from kodkod_estimates.machine import machine_of
from kodkod_estimates.planning import assisted_plans
from kodkod_estimates.reporting import report

__all__ = ["Poststratified"]

_FEWEST = 5


class Poststratified(Estimator[NoParams]):
    """The mean of the human labels in each class of the machine, times the class's share.

    Holt and Smith (1979), on top of whatever strata were drawn by. A class with fewer than 5 coded
    texts takes the mean of all.
    """

    def estimate(self, data: EstimatorData, rng: np.random.Generator) -> list[Estimate]:
        """Estimate."""
        machine, sample = machine_of(data), weigh(data.design)
        expected, classes = _class_means(data, sample, machine)
        return report(
            data,
            sample,
            solve(data, sample, expected, 1.0),
            trust=1.0,
            fitted=classes - 1,
            method=f"Poststratified by the machine's label ({classes} classes)",
            citation="Holt and Smith 1979; Sarndal, Swensson and Wretman 1992, chapter 7",
            used=machine,
        )

    def plan(self, wanted: PlanInput) -> list[LabelPlan]:
        """Plan by simple random sampling, and by strata of the machine's label."""
        return assisted_plans("stratified", wanted)


def _class_means(
    data: EstimatorData, sample: Weighted, machine: NDArray[np.float64]
) -> tuple[NDArray[np.float64], int]:
    """Return `[n_rows]` the mean of each text's class, and how many classes there are.

    In the part of the corpus that a share is of, for there alone the classes have to balance.
    """
    inside = np.ones(data.n_rows, dtype=np.bool_)
    if data.estimand == "share":
        inside = data.covariates[:, 0] > 0
    of_text = machine >= 0.5
    coded = of_text[sample.design.rows]
    there = inside[sample.design.rows]
    weights = sample.weights * there
    everyone = weights @ data.outcome / weights.sum() if there.any() else 0.0
    expected = np.full(data.n_rows, everyone)
    enough = [(there & (coded == each)).sum() >= _FEWEST for each in (False, True)]
    if not all(enough):
        return expected, 1
    for each in (False, True):
        mine = weights * (coded == each)
        expected[of_text == each] = mine @ data.outcome / mine.sum()
    return expected, 2
