"""Learning curves as a power law: score = a - b * n ** -c."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

__all__ = ["PowerLaws", "fit_power_laws"]

Floats = NDArray[np.float64]

_RATES = np.geomspace(0.05, 3.0, 60)
"""Values of c that are tried: nearly a logarithm to nearly a step."""


class PowerLaws(Struct, frozen=True):
    """Several curves: each array has a value for each of them."""

    a: Floats
    b: Floats
    c: Floats
    error: Floats
    """Weighted root mean square distance from the points."""

    def at(self, n: float) -> Floats:
        """Return each curve's score after `n` labels."""
        return self.a - self.b * float(n) ** -self.c


def fit_power_laws(n: Floats, scores: Floats, weights: Floats) -> PowerLaws:
    """Fit a curve to each row of `scores` `[r, p]`, at `n` labels `[p]` (more than 0).

    Weighted least squares: exact in a and b for each c tried, and the best c kept. The score
    never falls with more labels (b >= 0) and never exceeds 1 (a <= 1). As Figueroa, Zeng-Treitler,
    Kandula and Ngo, "Predicting sample size required for classification performance", BMC Medical
    Informatics and Decision Making 12:8, 2012, who search by nonlinear optimisation.
    """
    weights = weights / weights.sum()
    x = n[None, :] ** -_RATES[:, None]
    x_mean, y_mean = x @ weights, scores @ weights
    # Centred sums: x ** 2 sums directly lose their digits where x hardly varies.
    x_apart = x - x_mean[:, None]
    y_apart = scores - y_mean[:, None]
    covariance = (y_apart * weights) @ x_apart.T
    variance = (x_apart**2) @ weights
    b = np.maximum(-covariance / np.maximum(variance, 1e-300), 0.0)
    a = y_mean[:, None] + b * x_mean
    # Where the limit would lie above 1 it is 1, and the slope what then fits best.
    through = ((1 - scores) * weights) @ x.T / np.maximum((x**2) @ weights, 1e-300)
    b = np.where(a > 1, np.maximum(through, 0.0), b)
    a = np.minimum(a, 1.0)
    predicted = a[:, :, None] - b[:, :, None] * x[None, :, :]
    errors = (predicted - scores[:, None, :]) ** 2 @ weights
    best = errors.argmin(axis=1)
    each = np.arange(len(scores))
    return PowerLaws(
        a[each, best], b[each, best], _RATES[best], np.sqrt(np.maximum(errors[each, best], 0.0))
    )
