"""The exact test of two predictors' accuracy on the same texts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from kodkod.api import McNemar

__all__ = ["mcnemar"]


def mcnemar(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> McNemar:
    """Test whether one is right more often than the other; `[n]`, which texts each has right.

    McNemar (1947), with the binomial distribution of the texts that only one has right in place
    of its approximation; two-sided.
    """
    only_first = int((first & ~second).sum())
    only_second = int((second & ~first).sum())
    differing = only_first + only_second
    fewer = min(only_first, only_second)
    p = min(1.0, 2 * float(binom.cdf(fewer, differing, 0.5))) if differing else 1.0
    return McNemar(only_first=only_first, only_second=only_second, p=p)
