"""From scores to an order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import PluginError, Pool

__all__ = ["highest_first", "probabilities_of"]


def highest_first(scores: NDArray[np.floating]) -> NDArray[np.int64]:
    """Return rows by falling score; of two that tie, the lower row; NaN last."""
    # NaN stays NaN when negated, and NumPy sorts it to the end.
    return np.argsort(-scores, kind="stable").astype(np.int64, copy=False)


def probabilities_of(pool: Pool) -> NDArray[np.float32]:
    """Return the pool's probabilities, `[n, n_labels]`.

    Raises:
        PluginError: there are none, although the spec says that they are needed.
    """
    if pool.probabilities is None:
        raise PluginError("The strategy needs probabilities, and the pool has none.")
    return pool.probabilities
