"""Coefficients for labels on a scale: ordinal and interval alpha, and Gwet's AC2."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from kodkod.api import beyond_chance
from kodkod_agreement.nominal import per, ratio
from kodkod_agreement.patterns import Floats, Patterns, summed

__all__ = ["IntervalAlpha", "OrdinalAlpha", "WeightedAC", "closeness"]


class OrdinalAlpha:
    """Krippendorff's alpha (2011) with the ordinal difference.

    The difference of c and k is the number of values between them, half of those in c and k
    counted: the difference of their mid-ranks, which a draw has of its own.
    """

    def __init__(self, patterns: Patterns, k: int) -> None:
        m = patterns.said.astype(np.float64)
        chosen = patterns.by_category(k)
        self._k = k
        self._m = m
        self._chosen = chosen
        self._once = per(chosen, (m - 1) / m)
        self._twice = _products(per(chosen, np.sqrt(m - 1)), k)

    def of(self, drawn: Floats) -> Floats:
        """Return alpha for each draw."""
        by_category = summed(drawn, self._chosen)
        ranks = np.cumsum(by_category, axis=1) - by_category / 2
        once = summed(drawn, self._once)
        twice = summed(drawn, self._twice).reshape(-1, self._k, self._k)
        crossed = np.einsum("rc,rck,rk->r", ranks, twice, ranks)
        return _alpha(once, crossed, by_category, ranks)


class IntervalAlpha:
    """Krippendorff's alpha (2011) with squared differences of positions."""

    def __init__(self, patterns: Patterns, positions: Floats) -> None:
        m = patterns.said.astype(np.float64)
        chosen = patterns.by_category(len(positions))
        self._positions = positions
        self._chosen = chosen
        self._once = per(chosen, (m - 1) / m)
        self._crossed = (chosen @ positions) ** 2 / (m - 1)

    def of(self, drawn: Floats) -> Floats:
        """Return alpha for each draw."""
        by_category = summed(drawn, self._chosen)
        once = summed(drawn, self._once)
        return _alpha(once, summed(drawn, self._crossed), by_category, self._positions[None, :])


class WeightedAC:
    """Gwet's AC2 (2014): labels that are near each other agree in part."""

    def __init__(self, patterns: Patterns, weights: Floats) -> None:
        m = patterns.said.astype(np.float64)
        chosen = patterns.by_category(len(weights))
        near = chosen.multiply(csr_array(chosen @ weights)).sum(axis=1)
        self._agreed = (near - m) / (m * (m - 1))
        self._shares = per(chosen, m)
        self._weights = weights

    def of(self, drawn: Floats) -> Floats:
        """Return AC2 for each draw."""
        n = drawn.sum(axis=1)
        k = len(self._weights)
        shares = summed(drawn, self._shares) / n[:, None]
        chance = self._weights.sum() / (k * (k - 1)) * (shares * (1 - shares)).sum(axis=1)
        return beyond_chance(summed(drawn, self._agreed) / n, chance)


def closeness(positions: NDArray[np.float64], kind: str) -> Floats:
    """Return how near labels are to each other, 1 on the diagonal, `[k, k]` (Gwet 2014, table 3).

    `ordinal` goes by their order; the others by their positions.
    """
    if kind == "ordinal":
        place = np.argsort(np.argsort(positions, kind="stable"), kind="stable")
        apart = np.abs(place[:, None] - place).astype(np.float64)
        return 1 - apart * (apart + 1) / (len(place) * (len(place) - 1))
    apart = np.abs(positions[:, None] - positions) / np.ptp(positions)
    return 1 - (apart if kind == "linear" else apart**2)


def _alpha(once: Floats, crossed: Floats, by_category: Floats, at: Floats) -> Floats:
    """Return 1 - D_o / D_e; the sum of squared differences of all pairs is twice m q - s^2."""
    values = by_category.sum(axis=1)
    observed = ratio(2 * ((once * at**2).sum(axis=1) - crossed), values)
    squares = (by_category * at**2).sum(axis=1)
    expected = 2 * (values * squares - (by_category * at).sum(axis=1) ** 2)
    # What is 0 but for rounding: everybody chose the same one label.
    one = (by_category > 0).sum(axis=1) < 2
    return np.where(one, np.nan, 1 - ratio(observed, ratio(expected, values * (values - 1))))


def _products(chosen: csr_array, k: int) -> csr_array:
    """Return the product of each two columns, sparse `[p, k * k]`."""
    n = len(chosen.indptr) - 1
    lines = chosen.tocoo()
    order = np.argsort(lines.coords[0], kind="stable")
    line, column, data = lines.coords[0][order], lines.coords[1][order], lines.data[order]
    sizes = np.bincount(line, minlength=n)
    starts = np.cumsum(sizes) - sizes
    # Each entry meets every entry of its own line.
    repeats = sizes[line]
    one = np.repeat(np.arange(len(line)), repeats)
    within = np.arange(len(one)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    other = starts[line[one]] + within
    places = (line[one], column[one] * k + column[other])
    return csr_array((data[one] * data[other], places), shape=(n, k * k))
