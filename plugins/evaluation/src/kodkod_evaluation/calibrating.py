"""Calibration: whether what is predicted with 70 % is right in 70 of 100 cases."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kodkod.api import CalibrationBin
from kodkod_evaluation.coded import Coded
from kodkod_evaluation.ratios import divide
from kodkod_evaluation.reporting import score_of
from kodkod_evaluation.resampling import Floats, Measured

__all__ = ["CalibrationFigures"]


class CalibrationFigures:
    """Expected calibration error (Naeini et al. 2015; Guo et al. 2017) and its curve.

    With one label a text the cases are texts: the probability of the likeliest label, and whether
    it is right. With several they are pairs of text and label: the label's probability, and
    whether the text has it. Cases go into bins of equal width; the error is the mean distance of
    the mean probability in a bin from the share that came true, weighted by its cases.

    The shares in the bins are figures too, for their intervals; `curve` takes them out.
    """

    by_label = ()

    def __init__(self, coded: Coded, bins: int) -> None:
        self._edges = np.linspace(0.0, 1.0, bins + 1)
        if coded.several:
            p, came_true = coded.probabilities, coded.reference
        else:
            p = coded.probabilities.max(axis=1, keepdims=True)
            came_true = coded.right[:, None]
        self._cases = p.shape[1]
        place = np.searchsorted(self._edges[1:-1], p)
        # [3, bins, n]: how many of a text's cases are in a bin, their sum, how many came true.
        self._table = np.stack(
            [
                np.stack([(part * (place == each)).sum(axis=1) for each in range(bins)])
                for part in (np.ones_like(p), p, came_true)
            ]
        )
        self._shares = tuple(f"calibration bin {each}" for each in range(bins))

    @property
    def overall(self) -> tuple[str, ...]:
        """Name the error, and the share of each bin."""
        return ("calibration_error", *self._shares)

    def of(self, weights: NDArray[Any]) -> tuple[Floats, Floats]:
        """Return the error and the shares for each of the weightings."""
        cases, sums, true = self._table.astype(weights.dtype) @ weights
        n = weights.shape[0] * self._cases
        error = np.abs(sums.astype(np.float64) - true).sum(axis=0) / n
        shares = divide(true, cases)
        return np.vstack([error, shares]), np.empty((0, 0, weights.shape[1]))

    def curve(self, measured: Measured) -> list[CalibrationBin]:
        """Return the bins that have cases, taking their shares out of `measured`."""
        cases, sums = self._table[:2].sum(axis=2)
        shares = [measured.overall.pop(name) for name in self._shares]
        return [
            CalibrationBin(
                low=float(self._edges[i]),
                high=float(self._edges[i + 1]),
                n=int(cases[i]),
                mean_probability=float(sums[i] / cases[i]),
                came_true=score_of(shares[i]),
            )
            for i in range(len(cases))
            if cases[i] > 0
        ]
