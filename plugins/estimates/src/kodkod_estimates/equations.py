"""Estimating equations of human labels that are assisted by machine labels.

All estimators here solve, for the parameter t of a mean or of a (logistic) regression,

    k sum_U x (m(t) - f) + sum_S w x ((m(t) - y) - k (m(t) - f)) = 0

over the corpus U and the sample S: x covariates, m the mean that t implies, y human and f machine
labels, w weights, k how far the machine is trusted. With k = 0 people speak alone. The equations
are right on average whatever f is, because S was drawn with known probabilities (Angelopoulos,
Duchi and Zrnic 2023; Egami, Hinck, Stewart and Wei 2023; Sarndal, Swensson and Wretman 1992).
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import EstimatorData, InvalidInputError
from kodkod_estimates.design import Weighted

__all__ = ["Solution", "solve"]

Floats = NDArray[np.float64]

_STEPS = 60
_HALVINGS = 20
_CONVERGED = 1e-10
_SINGULAR = 1e12
_FAR = 35.0


class Solution(Struct, frozen=True):
    """`theta`, float64 `[k]`, and what each sampled text contributes to it per unit of weight.

    `human` and `machine`, float64 `[n, k]`, are the inverse slope times the score of the human and
    of the machine label; `leverage` is the inverse slope times the covariates, and `left`, `[n]`,
    what the machine left unexplained of the human labels.
    """

    theta: Floats
    human: Floats
    machine: Floats
    leverage: Floats
    left: Floats

    def variances(self, sample: Weighted, trust: float, *, wider: bool) -> Floats:
        """Return the variance of each of `theta`."""
        assisted = self.human - trust * self.machine
        found = sample.covariance(assisted, assisted)
        return found + self.spread(sample) if wider else found

    def spread(self, sample: Weighted) -> Floats:
        """Return the variance that coding all of a corpus drawn at random would still have."""
        return (sample.weights[:, None] * self.human**2).sum(axis=0)


def solve(
    data: EstimatorData,
    sample: Weighted,
    machine: Floats,
    trust: float,
    start: Floats | None = None,
) -> Solution:
    """Solve the equations for machine labels `[n_rows]` that are trusted by `trust`.

    `start`, float64 `[k]`, is a guess that saves steps.

    Raises:
        InvalidInputError: they have no single solution.
    """
    rows, said, heard = data.design.rows, data.outcome, machine[data.design.rows]
    counts, told = np.full(data.n_rows, trust), trust * machine
    counts[rows] += (1 - trust) * sample.weights
    told[rows] += sample.weights * (said - trust * heard)
    x, sampled = data.covariates, data.covariates[rows]
    if trust == 0:
        x, counts, told = sampled, counts[rows], told[rows]
    # Few columns of many texts: row by row, sums over texts take twice as long.
    columns = np.ascontiguousarray(x.T)
    if data.estimand == "logistic":
        theta = np.zeros(len(columns)) if start is None else start
        theta, inverse = _logistic(columns, counts, columns @ told, theta, data.n_rows)
        expected = _probability(sampled @ theta)
    else:
        inverse = _inverse((columns * counts) @ columns.T)
        theta = inverse @ (columns @ told)
        expected = sampled @ theta
    leverage = sampled @ inverse
    return Solution(
        theta,
        (expected - said)[:, None] * leverage,
        (expected - heard)[:, None] * leverage,
        leverage,
        said - trust * heard,
    )


def _logistic(
    columns: Floats, counts: Floats, told: Floats, theta: Floats, n_rows: int
) -> tuple[Floats, Floats]:
    """Return the root of `sum counts x m(x theta) = told`, and the inverse of the slope there.

    `columns`, `[k, m]`, has the covariates x of each text. By Newton's method from `theta`,
    halving steps that lead away from the root.
    """
    p = _probability(theta @ columns)
    score = columns @ (counts * p) - told
    for _ in range(_STEPS):
        inverse = _inverse((columns * (counts * p * (1 - p))) @ columns.T)
        if np.abs(score).max() <= _CONVERGED * n_rows:
            return theta, inverse
        step, before = inverse @ score, np.abs(score).max()
        p = _probability((theta - step) @ columns)
        score = columns @ (counts * p) - told
        for _ in range(_HALVINGS):
            if np.abs(score).max() < before:
                break
            step = step / 2
            p = _probability((theta - step) @ columns)
            score = columns @ (counts * p) - told
        theta = theta - step
    raise InvalidInputError(
        "The regression has no finite solution: a covariate tells the outcome apart without "
        "fail. Leave it out, join its categories, or draw more texts."
    )


def _probability(of: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.maximum(of, -_FAR)))


def _inverse(slope: Floats) -> Floats:
    try:
        inverse = np.asarray(np.linalg.inv(slope), dtype=np.float64)
    except np.linalg.LinAlgError:
        inverse = np.full_like(slope, np.inf)
    # The condition number in Frobenius' norm; not a number where the slope is not finite.
    if not np.linalg.norm(slope) * np.linalg.norm(inverse) <= _SINGULAR:
        raise InvalidInputError(
            "The covariates cannot be told apart in the texts that were drawn: one follows from "
            "the others, or a category has no coded text. Leave one out or join categories."
        )
    return inverse
