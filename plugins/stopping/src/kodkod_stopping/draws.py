"""How many texts of a label there are, from draws of which the probability is known."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Score

__all__ = ["total_by_draws"]

_NORMAL = 1.959964


def total_by_draws(
    has_label: NDArray[np.bool_],
    probability: NDArray[np.float64],
    turn: NDArray[np.int64],
    *,
    least_draws: int,
    least_found: float,
) -> Score | None:
    """Estimate the number of texts with a label; None where too few draws are defined.

    That is fewer than `least_draws`, or texts with the label that count for fewer than
    `least_found` of the rarest kind of draw: where one draw in five is at random, it is those.

    For each labelled text: `has_label`; the `probability` with which it was drawn from those not
    labelled then (NaN: not defined); and its `turn`. When a text is drawn, those found before
    plus, if it has the label, one over its probability is an unbiased estimate of them all (the
    Horvitz-Thompson estimate for what is left, Horvitz and Thompson 1952), and so is the mean of
    these over the draws; they are not correlated, hence the standard error: Des Raj, "Some
    estimators in sampling with varying probabilities without replacement", JASA 51, 1956. Texts
    that were drawn with no defined probability count as found. The interval is the normal one for
    the logarithm, for the estimate is skewed where few are found; it holds what was found.
    """
    order = np.argsort(turn, kind="stable")
    found = has_label[order]
    chance = probability[order]
    defined = np.isfinite(chance) & (chance > 0)
    if np.count_nonzero(defined) < least_draws:
        return None
    stands_for = 1 / chance[defined]
    weight = float(found[defined] @ stands_for)
    if weight <= 0 or weight < least_found * float(stands_for.max()):
        return None
    before = np.cumsum(found) - found
    each = before[defined] + found[defined] * stands_for
    mean = float(each.mean())
    error = float(each.std(ddof=1)) / math.sqrt(len(each))
    known = int(np.count_nonzero(found))
    value = max(mean, float(known))
    factor = math.exp(_NORMAL * error / mean)
    return Score(value=value, low=max(mean / factor, float(known)), high=max(mean * factor, value))
