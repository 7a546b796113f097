"""One label a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidValueError, NoParams, SchemeType
from kodkod_schemes.membership import check_label

__all__ = ["Multiclass"]


class Multiclass(SchemeType[NoParams, str]):
    """A value is the name of a label."""

    def validate(self, value: object, labels: Sequence[str], text: str) -> str:
        """Return the label."""
        if not isinstance(value, str):
            raise InvalidValueError(
                f"One label was expected, as a string, not {type(value).__name__}.", field="value"
            )
        return check_label(value, labels)

    def labels_of(self, value: str) -> list[str]:
        """Return the one label."""
        return [value]

    def map_labels(self, value: str, mapping: Callable[[str], str | None]) -> str | None:
        """Rename the label; None if it is dropped."""
        return mapping(value)

    def encode(self, values: Sequence[str], labels: Sequence[str]) -> NDArray[np.int64]:
        """Return each value's position among the labels, int64 `[n]`."""
        position = {label: i for i, label in enumerate(labels)}
        return np.fromiter((position[value] for value in values), np.int64, len(values))

    def decode(self, probabilities: NDArray[np.float32], labels: Sequence[str]) -> list[Any]:
        """Return the most probable label; of equal ones the first. None where all are NaN."""
        known = ~np.isnan(probabilities).any(axis=1)
        best = np.where(np.isnan(probabilities), -1, probabilities).argmax(axis=1)
        return [labels[i] if there else None for i, there in zip(best, known, strict=True)]
