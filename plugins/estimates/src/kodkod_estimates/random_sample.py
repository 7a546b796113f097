"""Human labels alone."""

from __future__ import annotations

import numpy as np

from kodkod.api import Estimate, Estimator, EstimatorData, LabelPlan, NoParams, PlanInput
from kodkod_estimates.design import weigh
from kodkod_estimates.equations import solve
from kodkod_estimates.planning import labels_needed, variance_of_label
from kodkod_estimates.reporting import report

__all__ = ["RandomSample"]


class RandomSample(Estimator[NoParams]):
    """Horvitz and Thompson's (1952) estimator in Hajek's form, with its design variance."""

    def estimate(self, data: EstimatorData, rng: np.random.Generator) -> list[Estimate]:
        """Estimate."""
        sample = weigh(data.design)
        nothing = np.zeros(data.n_rows)
        return report(
            data,
            sample,
            solve(data, sample, nothing, 0.0),
            trust=0.0,
            fitted=0,
            method="Human labels weighted by the inverse of their probability of being drawn",
            citation="Horvitz and Thompson 1952; Hajek 1971",
            used=None,
        )

    def plan(self, wanted: PlanInput) -> list[LabelPlan]:
        """Plan by simple random sampling."""
        n = labels_needed(variance_of_label(wanted), wanted)
        note = "No machine labels are used."
        return [LabelPlan(estimator="random-sample", design="simple", n_human=n, note=note)]
