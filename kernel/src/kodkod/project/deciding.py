"""From a model's probabilities to values, and how sure they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import SchemeType, Value

__all__ = ["Decider"]

Floats = NDArray[np.float32]
_HALF = 0.5


class Decider(Struct, frozen=True, kw_only=True):
    """What the columns of a model's probabilities mean.

    `many` says that each column stands for itself; else a text has exactly one of `labels`.
    `one_of` is set for a model that was taught one label of such a scheme against the rest.
    `thresholds` are the model's own, `[n_labels]`, where it chose any.
    """

    scheme_type: SchemeType[Any, Any]
    labels: Sequence[str]
    many: bool
    one_of: bool = False
    thresholds: Floats | None = None

    def values(self, probabilities: Floats) -> list[Value | None]:
        """Return a value for each row; None where the one label that was taught is not on it."""
        if self.one_of:
            (label,) = self.labels
            return [label if on else None for on in self._on(probabilities)[:, 0].tolist()]
        if self.many and self.thresholds is not None:
            # Beyond doubt either way, so that the scheme type's own threshold changes nothing.
            probabilities = self._on(probabilities).astype(np.float32)
        return list(self.scheme_type.decode(probabilities, self.labels))

    def entropy(self, probabilities: Floats) -> Floats:
        """Return the entropy in nats; where each column stands for itself, the sum of theirs."""
        p = probabilities.astype(np.float64)
        found = _terms(p).sum(axis=1)
        if self.many:
            found += _terms(1.0 - p).sum(axis=1)
        return found.astype(np.float32)

    def margin(self, probabilities: Floats) -> Floats:
        """Return how far the likeliest label is ahead of the next.

        Where each column stands for itself: how far the nearest is from its threshold (0.5 where
        the model chose none).
        """
        if self.many:
            return np.abs(probabilities - self._thresholds()).min(axis=1).astype(np.float32)
        if probabilities.shape[1] < 2:
            return probabilities[:, 0].astype(np.float32)
        top = np.partition(probabilities, -2, axis=1)[:, -2:]
        return (top[:, 1] - top[:, 0]).astype(np.float32)

    def _on(self, probabilities: Floats) -> NDArray[np.bool_]:
        return probabilities >= self._thresholds()

    def _thresholds(self) -> Floats:
        if self.thresholds is not None:
            return self.thresholds
        return np.full(len(self.labels), _HALF, dtype=np.float32)


def _terms(p: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.where(p > 0, p * np.log(p), 0.0)
