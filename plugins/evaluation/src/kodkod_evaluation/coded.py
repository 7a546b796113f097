"""What is compared, checked, as tables of which text has which label."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Compared, InvalidInputError

__all__ = ["THRESHOLD", "Coded", "read_coded"]

THRESHOLD = 0.5
"""From this probability on, a label of several is on a text where nothing else was chosen."""


class Coded(Struct, frozen=True):
    """Bool `[n, k]`: reference and prediction; float64 `[n, k]`: the probabilities.

    `several` says that a text may have several labels, each of them for itself.
    """

    reference: NDArray[np.bool_]
    predicted: NDArray[np.bool_]
    probabilities: NDArray[np.float64]
    several: bool

    def __len__(self) -> int:
        return len(self.reference)

    @property
    def right(self) -> NDArray[np.bool_]:
        """Tell of which texts everything was predicted right, `[n]`."""
        return (self.reference == self.predicted).all(axis=1)


def read_coded(compared: Compared) -> Coded:
    """Read the likeliest label, or those from their thresholds on, as what was predicted.

    Raises:
        InvalidInputError: there are no texts, shapes differ, or a text has no prediction.
    """
    reference, probabilities = compared.reference, compared.probabilities
    n, k = len(reference), len(compared.labels)
    if n == 0 or k == 0:
        raise InvalidInputError("there is no annotated text to compare with; annotate some first")
    if probabilities.shape != (n, k) or reference.shape not in {(n,), (n, k)}:
        raise InvalidInputError(
            f"{n} reference values of shape {reference.shape} cannot be compared with predictions "
            f"of shape {probabilities.shape} for {k} labels"
        )
    missing = int((~np.isfinite(probabilities)).any(axis=1).sum())
    if missing:
        raise InvalidInputError(
            f"{missing} of {n} texts have no prediction; predict them before scoring"
        )
    if reference.ndim == 1:
        columns = np.arange(k)
        return Coded(
            reference.astype(np.int64)[:, None] == columns,
            probabilities.argmax(axis=1)[:, None] == columns,
            probabilities.astype(np.float64),
            several=False,
        )
    # Compared as float32, or 0.7 as a model gives it would lie below a threshold of 0.7.
    chosen = np.float32(THRESHOLD) if compared.thresholds is None else compared.thresholds
    return Coded(
        reference.astype(np.bool_),
        probabilities >= np.asarray(chosen, dtype=np.float32),
        probabilities.astype(np.float64),
        several=True,
    )
