"""Strategies over a model's probabilities. Cost: one pass and one sort of the pool."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, InvalidParamsError, NoParams, Pool, Strategy
from kodkod_selection.params import MaxProbabilityParams

__all__ = ["MaxEntropy", "MaxProbability"]


class MaxProbability(Strategy[MaxProbabilityParams]):
    """Certainty sampling of one label (Attenberg, Melville and Provost 2010)."""

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return rows by falling probability of the label."""
        probabilities = _probabilities(pool)
        label = self.params.label
        if label not in pool.labels:
            raise InvalidParamsError(
                f"The guide has not learnt the label {label!r}; it knows "
                f"{', '.join(map(repr, pool.labels))}.",
                field="label",
            )
        return _falling(probabilities[:, pool.labels.index(label)])


class MaxEntropy(Strategy[NoParams]):
    """Uncertainty sampling by Shannon entropy (Shannon 1948; Settles 2009, section 3.1).

    Where a text may have several labels, the entropies of the labels' own yes-or-no
    distributions are summed; which of the two is meant shows in whether rows sum to one.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return rows by falling entropy."""
        return _falling(_entropy(_probabilities(pool)))


def _probabilities(pool: Pool) -> NDArray[np.float32]:
    if pool.probabilities is None:
        raise InvalidInputError("This strategy needs a guide's predictions.")
    return pool.probabilities


def _entropy(p: NDArray[np.float32]) -> NDArray[np.float32]:
    entropy = _sum_p_log_p(p)
    if p.size and not np.allclose(np.nansum(p, axis=1)[~np.isnan(p).any(axis=1)], 1, atol=1e-3):
        entropy = entropy + _sum_p_log_p(1 - p)
    return entropy


def _sum_p_log_p(p: NDArray[np.float32]) -> NDArray[np.float32]:
    total = np.zeros(len(p), dtype=np.float32)
    # Column by column: temporary arrays stay small and NaN stays NaN.
    for column in range(p.shape[1]):
        values = p[:, column]
        total -= values * np.log(np.maximum(values, np.float32(1e-30)))
    return total


def _falling(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """Order by falling score; NaN last, ties by row."""
    return np.argsort(-scores, kind="stable")
