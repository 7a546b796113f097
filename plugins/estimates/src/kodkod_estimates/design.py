"""Weights and variances that follow from how a sample was drawn."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, SampleDesign

__all__ = ["Weighted", "weigh"]

Floats = NDArray[np.float64]


class Weighted(Struct, frozen=True):
    """A sample with weights, float64 `[n]`, that sum to each stratum's size (Hajek 1971).

    `factors`, float64 `[n]`, are what a text's squared deviation from the mean of its stratum adds
    to the variance of a weighted sum.
    """

    design: SampleDesign
    weights: Floats
    factors: Floats

    @property
    def degrees(self) -> int:
        """Return the degrees of freedom of a variance: texts less strata."""
        return len(self.design) - len(self.design.stratum_sizes)

    def centred(self, values: Floats) -> Floats:
        """Return values, `[n]` or `[n, k]`, less the weighted mean of their stratum."""
        sizes, strata = self.design.stratum_sizes, self.design.strata
        columns = values.reshape(len(values), -1)
        h, k = len(sizes), columns.shape[1]
        cells = (strata[:, None] * k + np.arange(k)).ravel()
        weighted = (columns * self.weights[:, None]).ravel()
        means = np.bincount(cells, weighted, minlength=h * k).reshape(h, k) / sizes[:, None]
        return (columns - means[strata]).reshape(values.shape)

    def covariance(self, first: Floats, second: Floats) -> Floats:
        """Estimate the design covariance of the weighted sums of two variables `[n, k]`.

        Returns one for each of the k columns. Centred in each stratum and with the finite
        population correction: Hajek's (1964) approximation for samples of unequal probabilities,
        which is exact where the probabilities in a stratum are equal.
        """
        left = self.centred(first)
        right = left if second is first else self.centred(second)
        return self.factors @ (left * right)


def weigh(design: SampleDesign) -> Weighted:
    """Return a sample with its weights.

    Raises:
        InvalidInputError: a probability is none, or a stratum has too few texts to tell how much
            its texts differ.
    """
    if not len(design):
        raise InvalidInputError("No text was drawn; draw a sample and annotate it.")
    if not ((design.inclusion > 0) & (design.inclusion <= 1)).all():
        raise InvalidInputError("Every text's probability of being drawn must be in (0, 1].")
    n_strata = len(design.stratum_sizes)
    drawn = np.bincount(design.strata, minlength=n_strata)
    thin = (drawn < 2) & (drawn < design.stratum_sizes)
    if thin.any():
        raise InvalidInputError(
            f"{int(thin.sum())} of {n_strata} strata have fewer than 2 coded texts, so nothing "
            "says how much theirs differ; draw at least 2 in each."
        )
    raw = 1 / design.inclusion
    sums = np.bincount(design.strata, weights=raw, minlength=n_strata)
    scale = design.stratum_sizes / np.where(sums > 0, sums, 1)
    weights = raw * scale[design.strata]
    # A stratum of which one text was drawn has that one text, and nothing missing.
    correction = (drawn / np.maximum(drawn - 1, 1))[design.strata] * (1 - design.inclusion)
    return Weighted(design, weights, correction * weights**2)
