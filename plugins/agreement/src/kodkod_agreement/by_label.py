"""Each label by itself: is it on the text or not, by those who coded the text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from kodkod.api import Coefficient, beyond_chance
from kodkod_agreement.nominal import per, ratio
from kodkod_agreement.patterns import Floats, summed
from kodkod_agreement.reporting import coefficients

__all__ = ["BY_LABEL", "EachLabel", "label_coefficients"]

BY_LABEL = ("percent", "specific", "alpha", "fleiss_kappa", "ac1")


class EachLabel:
    """Coefficients of each label against all else, from how many of m coders chose it.

    `specific` is the share of agreement among pairs of values of which one at least is the label
    (specific agreement: Fleiss, Levin and Paik 2003; with two coders the Dice coefficient).
    """

    def __init__(self, chosen: csr_array, m: Floats) -> None:
        squares = chosen.multiply(chosen)
        # n (m - n) of the pairs differ, twice as many in both orders.
        differing = csr_array(chosen.multiply(m[:, None]) - squares)
        self._m = m
        self._chosen = chosen
        self._shares = per(chosen, m)
        self._differ = per(differing, m * (m - 1) / 2)
        self._weighed = per(differing, (m - 1) / 2)
        self._same = per(csr_array(squares - chosen), m - 1)

    def of(self, drawn: Floats) -> dict[str, Floats]:
        """Return the coefficients, `[r, n_labels]`, for each draw."""
        n = drawn.sum(axis=1)[:, None]
        agreed = 1 - summed(drawn, self._differ) / n
        share = summed(drawn, self._shares) / n
        spread = 2 * share * (1 - share)
        values = summed(drawn, self._m)[:, None]
        has = summed(drawn, self._chosen)
        observed = ratio(summed(drawn, self._weighed), values)
        expected = ratio(2 * has * (values - has), values * (values - 1))
        return {
            "percent": agreed,
            "specific": ratio(summed(drawn, self._same), has),
            "alpha": 1 - ratio(observed, expected),
            "fleiss_kappa": beyond_chance(agreed, 1 - spread),
            "ac1": beyond_chance(agreed, spread),
        }


def label_coefficients(
    figures: dict[str, Floats], labels: Sequence[str], level: float
) -> dict[str, dict[str, Coefficient]]:
    """Return the coefficients of each label."""
    found: dict[str, dict[str, Coefficient]] = {}
    for place, label in enumerate(labels):
        mine = {name: values[:, place] for name, values in figures.items()}
        reason = (
            f"Nobody gave {label!r} to any of these texts."
            if np.isnan(mine["specific"][0])
            else f"Everybody gave {label!r} to all of these texts."
        )
        found[label] = coefficients(mine, BY_LABEL, level, {}, reason)
    return found
