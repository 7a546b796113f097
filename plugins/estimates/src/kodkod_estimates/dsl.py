"""Design-based supervised learning."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Estimate, Estimator, EstimatorData, LabelPlan, PlanInput
from kodkod_estimates.design import Weighted, weigh
from kodkod_estimates.equations import solve
from kodkod_estimates.machine import machine_of
from kodkod_estimates.params import DslParams
from kodkod_estimates.planning import assisted_plans
from kodkod_estimates.reporting import report

__all__ = ["DesignBased"]

Floats = NDArray[np.float64]

_FLAT = 1e-12


class DesignBased(Estimator[DslParams]):
    """Design-based supervised learning (Egami, Hinck, Stewart and Wei 2023).

    The outcome is regressed on the machine's label by weighted least squares, in folds: no text
    is corrected by a fit that saw it. The pseudo-outcomes `g + (y - g) / probability` then stand
    for the labels of all texts.
    """

    def estimate(self, data: EstimatorData, rng: np.random.Generator) -> list[Estimate]:
        """Estimate."""
        machine, sample = machine_of(data), weigh(data.design)
        corrected = _cross_fit(data, sample, machine, self.params.folds, rng)
        return report(
            data,
            sample,
            solve(data, sample, corrected, 1.0),
            trust=1.0,
            fitted=0,
            method=f"Design-based supervised learning, {self.params.folds}-fold cross-fitting",
            citation="Egami, Hinck, Stewart and Wei 2023, arXiv:2306.04746",
            used=machine,
        )

    def plan(self, wanted: PlanInput) -> list[LabelPlan]:
        """Plan by simple random sampling, and by strata of the machine's label."""
        return assisted_plans("dsl", wanted)


def _cross_fit(
    data: EstimatorData, sample: Weighted, machine: Floats, folds: int, rng: np.random.Generator
) -> Floats:
    """Return `[n_rows]` what a fit that did not see a text expects people to say of it."""
    n = len(sample.design)
    # Coded texts are dealt evenly, so that each fit learns from as many.
    of_text = rng.integers(folds, size=data.n_rows)
    of_text[sample.design.rows] = rng.permutation(n) % folds
    level, slope = _lines(
        machine[sample.design.rows],
        data.outcome,
        sample.weights,
        of_text[sample.design.rows],
        folds,
    )
    return level[of_text] + slope[of_text] * machine


def _lines(
    x: Floats, y: Floats, weights: Floats, of_text: NDArray[np.int64], folds: int
) -> tuple[Floats, Floats]:
    """Fit a line by weighted least squares to all texts but a fold's, for each fold.

    Returns levels and slopes, float64 `[folds]`; a line is flat where x does not vary.
    """
    # Of what is centred first, differences of sums lose no digits.
    x_middle, y_middle = np.average(x, weights=weights), np.average(y, weights=weights)
    x, y = x - x_middle, y - y_middle

    def without(values: Floats) -> Floats:
        inside = np.bincount(of_text, weights * values, minlength=folds)
        return inside.sum() - inside

    total = np.maximum(without(np.ones_like(x)), np.finfo(np.float64).tiny)
    x_mean, y_mean = without(x) / total, without(y) / total
    spread = without(x * x) / total - x_mean**2
    together = without(x * y) / total - x_mean * y_mean
    varies = spread > _FLAT
    slope = np.where(varies, together / np.where(varies, spread, 1), 0.0)
    return y_middle + y_mean - slope * (x_middle + x_mean), slope
