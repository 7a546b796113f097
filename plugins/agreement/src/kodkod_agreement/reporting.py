"""Figures and their replicates, made into coefficients with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kodkod.api import Coefficient
from kodkod_agreement.patterns import Floats

__all__ = ["NO_PAIRS", "coefficient", "coefficients", "one_category"]

NO_PAIRS = (
    "No text was coded by two people or more, so nothing can be compared; let a second person "
    "code some of them."
)
_DEFINED = 0.5
"""Of the draws: with fewer that have a value there is no interval."""


def one_category(label: str) -> str:
    """Say why nothing is beyond chance where all say the same one thing."""
    return (
        f"Everybody always said {label!r}. With one category there is nothing to tell apart, and "
        "chance alone would agree as well: a coefficient would be 0 / 0."
    )


def coefficient(values: Floats, level: float, reason: str) -> Coefficient:
    """Return a coefficient from its value, which is first, and its replicates, NaN if undefined."""
    if len(values) == 0 or np.isnan(values[0]):
        return Coefficient(value=None, undefined=reason)
    draws = values[1:]
    known = draws[~np.isnan(draws)]
    if len(known) == 0 or len(known) < _DEFINED * len(draws):
        return Coefficient(value=float(values[0]))
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    # A biased coefficient's draws may all lie to one side of it; an interval holds its estimate.
    value = float(values[0])
    return Coefficient(value=value, low=min(float(low), value), high=max(float(high), value))


def coefficients(
    figures: Mapping[str, Floats],
    measures: Sequence[str],
    level: float,
    reasons: Mapping[str, str],
    reason: str,
) -> dict[str, Coefficient]:
    """Return the named coefficients; one that is not defined has its own reason or `reason`."""
    nothing = np.full(1, np.nan)
    return {
        name: coefficient(figures.get(name, nothing), level, reasons.get(name, reason))
        for name in measures
    }
