"""Among the texts predicted as a label, the least sure ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kodkod.api import Pool, Strategy
from kodkod_selection.params import LabelParams
from kodkod_selection.ranking import highest_first
from kodkod_selection.reading import column_of, has_several_labels, predicted, probabilities_of

__all__ = ["LeastProbablePredicted"]


class LeastProbablePredicted(Strategy[LabelParams]):
    """Rows predicted as the label by rising p(label | x); then the others by falling.

    Least confidence (Lewis and Gale 1994; Culotta and McCallum 2005) within one predicted label:
    both halves walk away from that label's boundary, first on its own side. A text is predicted
    as its likeliest label, or, where it may have several, as all from 0.5 on. Time O(n log n),
    memory O(n).

    Helps to clean up one label's precision. Hurts the other labels: they are not looked at.
    """

    def order(self, pool: Pool) -> NDArray[np.int64]:
        """Return the order, ties by row, unpredicted last.

        Raises:
            InvalidParamsError: the label is not among the pool's.
        """
        column = column_of(pool, self.params.label)
        probabilities = probabilities_of(pool)
        of_label = probabilities[:, column]
        is_predicted = predicted(probabilities, several=has_several_labels(pool))[:, column]
        return highest_first(pool, np.where(is_predicted, 2 - of_label, of_label))
