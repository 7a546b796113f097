"""Prediction-powered inference, tuned for power (PPI++)."""

from __future__ import annotations

import numpy as np

from kodkod.api import Estimate, Estimator, EstimatorData, LabelPlan, NoParams, PlanInput
from kodkod_estimates.design import Weighted, weigh
from kodkod_estimates.equations import Solution, solve
from kodkod_estimates.machine import machine_of
from kodkod_estimates.planning import assisted_plans
from kodkod_estimates.reporting import report

__all__ = ["PredictionPowered", "tune"]


class PredictionPowered(Estimator[NoParams]):
    """PPI++ (Angelopoulos, Duchi and Zrnic 2023), weighted by inverse probabilities.

    The machine is trusted as far as it lowers the sum of the variances. It is not kept between 0
    and 1: labels that are wrong in one direction are of use too.
    """

    def estimate(self, data: EstimatorData, rng: np.random.Generator) -> list[Estimate]:
        """Estimate."""
        machine, sample = machine_of(data), weigh(data.design)
        alone = solve(data, sample, machine, 0.0)
        trust = tune(alone, sample)
        return report(
            data,
            sample,
            solve(data, sample, machine, trust, alone.theta),
            trust=trust,
            fitted=1,
            method=f"PPI++, power tuning {trust:.3f}",
            citation="Angelopoulos, Duchi and Zrnic 2023, arXiv:2311.01453",
            used=machine,
        )

    def plan(self, wanted: PlanInput) -> list[LabelPlan]:
        """Plan by simple random sampling, and by strata of the machine's label."""
        return assisted_plans("ppi", wanted)


def tune(solution: Solution, sample: Weighted) -> float:
    """Return the trust in the machine that gives the least sum of variances."""
    shared = float(sample.covariance(solution.human, solution.machine).sum())
    own = float(sample.covariance(solution.machine, solution.machine).sum())
    return shared / own if own > 0 else 0.0
