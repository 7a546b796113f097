"""Texts that a model is least sure about."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import NoParams, Pool, Strategy
from kodkod_selection.ranking import highest_first, probabilities_of

__all__ = ["MaxEntropy", "entropy"]


_BLOCK = 1 << 16
"""Rows at a time: what is held in float64 stays small however large the corpus is."""

_SUM_TOLERANCE = 1e-3


class MaxEntropy(Strategy[NoParams]):
    """Uncertainty sampling by entropy (Settles 2009, section 3.1)."""

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return rows by falling entropy, ties by row, unpredicted last."""
        return highest_first(entropy(probabilities_of(pool)))


def entropy(probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the Shannon entropy of each row of `[n, n_labels]` in nats, NaN for a row with NaN.

    If the rows sum to 1, a row is a distribution over labels. If not, labels apply
    independently of one another (several labels a text), and a row's entropy is the sum of
    those of its labels, each of which applies or does not.
    """
    independent = not _sums_to_one(probabilities)
    result = np.empty(len(probabilities), dtype=np.float32)
    for start in range(0, len(probabilities), _BLOCK):
        block = probabilities[start : start + _BLOCK].astype(np.float64)
        terms = _surprise(block)
        if independent:
            terms += _surprise(1 - block)
        # Rounded to float32, rows with the same probabilities in another order tie.
        result[start : start + _BLOCK] = terms.sum(axis=1)
    return result


def _surprise(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return -p log p, which is 0 at 0 and NaN at NaN."""
    return -p * np.log(np.where(p > 0, p, 1))


def _sums_to_one(probabilities: NDArray[np.float32]) -> bool:
    sums = probabilities.sum(axis=1)
    return bool(np.all((np.abs(sums - 1) <= _SUM_TOLERANCE) | np.isnan(sums)))
