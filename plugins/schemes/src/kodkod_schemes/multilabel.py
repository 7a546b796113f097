"""Any number of labels a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kodkod.api import InvalidValueError, SchemeType
from kodkod_schemes.membership import check_label
from kodkod_schemes.params import MultilabelParams

__all__ = ["Multilabel"]


class Multilabel(SchemeType[MultilabelParams, list[str]]):
    """A value is a list of labels in the scheme's order; an empty one says that none applies."""

    def validate(self, value: object, labels: Sequence[str], text: str) -> list[str]:
        """Return the labels in the scheme's order, each once."""
        if not isinstance(value, (list, tuple)):
            raise InvalidValueError(
                f"A list of labels was expected, not {type(value).__name__}.", field="value"
            )
        said = {check_label(label, labels) for label in value}
        return [label for label in labels if label in said]

    def labels_of(self, value: list[str]) -> list[str]:
        """Return the labels."""
        return list(value)

    def map_labels(
        self, value: list[str], mapping: Callable[[str], str | None]
    ) -> list[str] | None:
        """Rename, merge or drop; None if all that was said is dropped."""
        kept = [new for label in value if (new := mapping(label)) is not None]
        if value and not kept:
            return None
        return list(dict.fromkeys(kept))

    def encode(self, values: Sequence[list[str]], labels: Sequence[str]) -> NDArray[np.uint8]:
        """Return an indicator matrix, uint8 `[n, n_labels]`."""
        position = {label: i for i, label in enumerate(labels)}
        targets = np.zeros((len(values), len(labels)), dtype=np.uint8)
        for row, value in enumerate(values):
            targets[row, [position[label] for label in value]] = 1
        return targets

    def decode(self, probabilities: NDArray[np.float32], labels: Sequence[str]) -> list[Any]:
        """Return the labels at or above the threshold. None where all are NaN."""
        chosen = probabilities >= self.params.threshold
        known = ~np.isnan(probabilities).any(axis=1)
        return [
            [label for label, yes in zip(labels, row, strict=True) if yes] if there else None
            for row, there in zip(chosen, known, strict=True)
        ]
