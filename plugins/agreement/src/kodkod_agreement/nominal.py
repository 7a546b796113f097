"""Coefficients for categories: percent, alpha, the kappas, pi and AC1, from sums over texts.

m is the number of values of a text, n_c how many of them are c; sums are over texts with m >= 2.

- percent: the mean over texts of the share of pairs of coders that agree,
  sum_c n_c (n_c - 1) / (m (m - 1)) (Fleiss 1971; for unequal m as in Gwet 2014).
- alpha: 1 - D_o / D_e (Krippendorff 2011), each text weighing as its number of values.
- fleiss_kappa: chance is the sum of squares of the categories' shares (Fleiss 1971, who generalised
  Scott 1955: with two coders it is Scott's pi).
- ac1: chance is sum_c pi_c (1 - pi_c) / (k - 1) over all k labels of the scheme (Gwet 2008).
- cohen_kappa: of two coders Cohen (1960); of more, the mean of all pairs' kappas (Light 1971).
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from scipy.sparse import csr_array, diags_array

from kodkod.api import beyond_chance, cohen_kappa
from kodkod_agreement.patterns import Floats, Patterns, summed

__all__ = ["Nominal", "per", "ratio"]


def ratio(above: Floats, below: Floats) -> Floats:
    """Return above / below, NaN where `below` is 0."""
    shape = np.broadcast_shapes(np.shape(above), np.shape(below))
    return np.divide(above, below, out=np.full(shape, np.nan), where=np.asarray(below) > 0)


def per(table: csr_array, by: Floats) -> csr_array:
    """Return each line of a sparse table divided by a number of its own."""
    return csr_array(diags_array(1 / by) @ table)


class Nominal:
    """Coefficients of categories that are the same or not, for any counts of the patterns."""

    def __init__(self, patterns: Patterns, k: int, labels: int | None = None) -> None:
        self._k = k if labels is None else labels
        m = patterns.said.astype(np.float64)
        chosen = patterns.by_category(k)
        self._same = (chosen.multiply(chosen).sum(axis=1) - m) / (m - 1)
        self._agreed = self._same / m
        self._m = m
        self._chosen = chosen
        self._shares = per(chosen, m)
        self._pairs = _pairs(patterns, k)

    def of(self, drawn: Floats) -> dict[str, Floats]:
        """Return the coefficients for each draw `[r, p]`."""
        n = drawn.sum(axis=1)
        agreed = summed(drawn, self._agreed) / n
        shares = summed(drawn, self._shares) / n[:, None]
        chance = (shares**2).sum(axis=1)
        pi = beyond_chance(agreed, chance)
        found = {"percent": agreed, "fleiss_kappa": pi, "alpha": self._alpha(drawn)}
        found["cohen_kappa"] = self._cohen(drawn)
        if self._several_coders:
            found["scott_pi"] = np.full(len(n), np.nan)
        else:
            found["scott_pi"] = pi
        if self._k > 1:
            found["ac1"] = beyond_chance(agreed, (1 - chance) / (self._k - 1))
        return found

    @property
    def _several_coders(self) -> bool:
        return len(self._pairs) != 1

    def _alpha(self, drawn: Floats) -> Floats:
        values = summed(drawn, self._m)
        by_category = summed(drawn, self._chosen)
        observed = ratio(values - summed(drawn, self._same), values)
        differing = values**2 - (by_category**2).sum(axis=1)
        return 1 - ratio(observed, ratio(differing, values * (values - 1)))

    def _cohen(self, drawn: Floats) -> Floats:
        kappas = []
        for lines, agreed, first, second in self._pairs:
            mine = drawn[:, lines]
            sums = [summed(mine, each) for each in (agreed, first, second)]
            kappas.append(cohen_kappa(*sums))
        table = np.array(kappas).reshape(len(kappas), len(drawn))
        known = ~np.isnan(table)
        return ratio(np.where(known, table, 0).sum(axis=0), known.sum(axis=0))


def _pairs(patterns: Patterns, k: int) -> list[tuple[np.ndarray, Floats, csr_array, csr_array]]:
    """Return, of each pair, the texts it shares, where it agrees, and what each of them said."""
    found = []
    for i, j in combinations(range(patterns.values.shape[1]), 2):
        both = patterns.values[:, [i, j]]
        lines = np.flatnonzero((both >= 0).all(axis=1))
        if len(lines):
            said = both[lines]
            agreed = (said[:, 0] == said[:, 1]).astype(np.float64)
            found.append((lines, agreed, *(_one_hot(said[:, each], k) for each in (0, 1))))
    return found


def _one_hot(values: np.ndarray, k: int) -> csr_array:
    n = len(values)
    return csr_array((np.ones(n), (np.arange(n), values)), shape=(n, k))
