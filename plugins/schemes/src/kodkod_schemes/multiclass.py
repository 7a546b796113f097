"""One label a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from kodkod.api import NoParams, SchemeType
from kodkod_schemes.labels import known_label, refuse

__all__ = ["Multiclass"]


class Multiclass(SchemeType[NoParams, str]):
    """A value is a label's name."""

    def validate(self, value: object, labels: Sequence[str], text: str) -> str:
        """Return the label.

        Raises:
            InvalidValueError: it is no string, or no label of the scheme.
        """
        if not isinstance(value, str):
            refuse(f"A value is the name of one label, and this is {value!r:.60}.")
        return known_label(value, labels)

    def labels_of(self, value: str) -> list[str]:
        """Return the label."""
        return [value]

    def map_labels(self, value: str, mapping: Callable[[str], str | None]) -> str | None:
        """Return what became of the label."""
        return mapping(value)

    def encode(self, values: Sequence[str], labels: Sequence[str]) -> NDArray[np.int64]:
        """Return positions in `labels`, int64 `[n]`."""
        position = {label: i for i, label in enumerate(labels)}
        return np.fromiter((position[each] for each in values), np.int64, len(values))

    def decode(self, probabilities: NDArray[np.float32], labels: Sequence[str]) -> list[str]:
        """Return each row's most probable label; of two that tie, the first."""
        if len(probabilities) == 0:
            return []
        return [labels[int(i)] for i in probabilities.argmax(axis=1)]
