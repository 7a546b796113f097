"""Predictions against a reference, as counts from which every figure follows.

Texts with the same outcome (what the reference says and what was predicted) are one pattern
with a count. A sum over texts is then a product of counts and patterns, and a bootstrap
replicate is a draw of counts: exact, and independent of the number of texts.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Compared, InvalidInputError

__all__ = ["THRESHOLD", "Outcomes", "compare"]

THRESHOLD = 0.5
"""From this probability on, a label of several is on a text where nothing else was chosen."""


class Outcomes(Struct, frozen=True):
    """Patterns `[p, n_labels]` of reference and prediction (bool), and how many texts have each."""

    reference: NDArray[np.bool_]
    predicted: NDArray[np.bool_]
    counts: NDArray[np.int64]

    def indicators(self) -> NDArray[np.float64]:
        """Return `[p, 3 * n_labels + 1]`: true positive, reference, predicted, all right."""
        right = (self.reference == self.predicted).all(axis=1, keepdims=True)
        parts = (self.reference & self.predicted, self.reference, self.predicted, right)
        return np.hstack(parts).astype(np.float64)


def compare(compared: Compared) -> Outcomes:
    """Count what was compared.

    Raises:
        InvalidInputError: there are no texts, shapes differ, or a text has no prediction.
    """
    reference, probabilities = compared.reference, compared.probabilities
    n, n_labels = len(reference), len(compared.labels)
    if n == 0:
        raise InvalidInputError("there is no annotated text to compare with; annotate some first")
    if probabilities.shape != (n, n_labels) or reference.shape not in {(n,), (n, n_labels)}:
        raise InvalidInputError(
            f"{n} reference values of shape {reference.shape} cannot be compared with predictions "
            f"of shape {probabilities.shape} for {n_labels} labels"
        )
    missing = int(np.isnan(probabilities).any(axis=1).sum())
    if missing:
        raise InvalidInputError(
            f"{missing} of {n} texts have no prediction; predict them before scoring"
        )
    if reference.ndim == 1:
        return _one_label(reference.astype(np.int64), probabilities.argmax(axis=1), n_labels)
    thresholds = THRESHOLD if compared.thresholds is None else compared.thresholds
    return _several_labels(reference.astype(bool), probabilities >= thresholds)


def _one_label(
    reference: NDArray[np.int64], predicted: NDArray[np.int64], n_labels: int
) -> Outcomes:
    cells, counts = np.unique(reference * n_labels + predicted, return_counts=True)
    one_hot = np.eye(n_labels, dtype=bool)
    return Outcomes(one_hot[cells // n_labels], one_hot[cells % n_labels], counts)


def _several_labels(reference: NDArray[np.bool_], predicted: NDArray[np.bool_]) -> Outcomes:
    # Packed to bytes seen as one opaque value a row, rows sort many times faster.
    packed = np.packbits(np.hstack([reference, predicted]), axis=1)
    rows = np.ascontiguousarray(packed).view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first, counts = np.unique(rows, return_index=True, return_counts=True)
    return Outcomes(reference[first], predicted[first], counts)
