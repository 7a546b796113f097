"""The labels in turn, those with the fewest texts first."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Pool, Strategy, medium
from kodkod_selection.ranking import highest_first
from kodkod_selection.reading import (
    column_of,
    has_several_labels,
    indicators,
    predicted,
    probabilities_of,
    unpredicted,
)
from kodkod_selection.wrapping import WrapperParams, base_of

__all__ = ["Balanced", "BalancedParams", "in_turn"]


class BalancedParams(WrapperParams, frozen=True):
    """Which labels do not take turns."""

    ignored: Annotated[
        tuple[str, ...], medium("Labels that need no more texts; theirs come last", max_length=1000)
    ] = ()


class Balanced(Strategy[BalancedParams]):
    """Wrapper: the next row of the base's order among those predicted as the rarest label.

    The rarest is the label with the fewest labelled rows and turns so far, so that the labelled
    part becomes balanced if predictions are right: the j-th row predicted as a label of c labelled
    rows comes at c + j, and rows are sorted by that, ties by the base's order. Schroeder, Mueller,
    Niekler and Potthast (2023), "Small-Text: active learning for text classification in Python",
    `ClassBalancer`. A row with several predicted labels counts under the rarest of them, and one
    with none under a label of its own. Time O(n k + n log n), memory O(n k).

    Helps with labels of unequal size once the model knows each a little. Hurts where predictions
    of rare labels are mostly wrong: their turns are then spent on other labels' texts.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return the order, unpredicted rows last.

        Raises:
            InvalidParamsError: an ignored label is not among the pool's.
        """
        base, probabilities = base_of(pool), probabilities_of(pool)
        counts = np.append(indicators(pool).sum(axis=0), 0.0)
        is_predicted = predicted(probabilities, several=has_several_labels(pool))
        weights = np.where(is_predicted, counts[:-1], np.inf)
        none = ~is_predicted.any(axis=1)
        label = np.where(none, len(pool.labels), _first_least(weights))
        late = np.zeros(pool.n, dtype=np.bool_)
        for name in self.params.ignored:
            late |= label == column_of(pool, name)
        places = in_turn(base, label, counts)
        places = np.where(late, places + places.max(initial=0) + 1, places)
        unknown = unpredicted(probabilities)
        rank = np.empty(pool.n)
        rank[base] = np.arange(pool.n)
        return highest_first(pool, np.where(unknown, np.nan, -places), -rank)


def in_turn(
    base: NDArray[np.int64], label: NDArray[np.int64], counts: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Return each row's place: its label's count, plus its number among that label's in `base`."""
    of_base = label[base]
    grouped = np.argsort(of_base, kind="stable")
    starts = np.searchsorted(of_base[grouped], np.arange(len(counts)))
    number = np.arange(len(base)) - starts[of_base[grouped]]
    places = np.empty(len(base))
    places[base[grouped]] = counts[of_base[grouped]] + number
    return places


def _first_least(weights: NDArray[np.floating]) -> NDArray[np.int64]:
    if weights.shape[1] == 0:
        return np.zeros(len(weights), dtype=np.int64)
    return weights.argmin(axis=1)
