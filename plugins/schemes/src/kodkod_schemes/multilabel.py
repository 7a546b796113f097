"""Several labels a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from kodkod.api import SchemeType
from kodkod_schemes.labels import known_label, refuse
from kodkod_schemes.params import MultilabelParams

__all__ = ["Multilabel"]


class Multilabel(SchemeType[MultilabelParams, list[str]]):
    """A value is a list of labels in the scheme's order; an empty one says that none applies."""

    def validate(self, value: object, labels: Sequence[str], text: str) -> list[str]:
        """Return the labels in the scheme's order, each once.

        Raises:
            InvalidValueError: it is no list, or has what is no label of the scheme.
        """
        if not isinstance(value, list | tuple):
            refuse(f"A value is a list of labels, perhaps an empty one, and this is {value!r:.60}.")
        chosen = {known_label(each, labels) for each in value}
        return [label for label in labels if label in chosen]

    def labels_of(self, value: list[str]) -> list[str]:
        """Return the labels."""
        return list(dict.fromkeys(value))

    def map_labels(
        self, value: list[str], mapping: Callable[[str], str | None]
    ) -> list[str] | None:
        """Rename, merge or drop. None if labels were there and all are dropped."""
        mapped = dict.fromkeys(new for new in map(mapping, value) if new is not None)
        return None if value and not mapped else list(mapped)

    def encode(self, values: Sequence[list[str]], labels: Sequence[str]) -> NDArray[np.uint8]:
        """Return ones where a label applies, uint8 `[n, n_labels]`."""
        position = {label: i for i, label in enumerate(labels)}
        targets = np.zeros((len(values), len(labels)), dtype=np.uint8)
        for row, value in enumerate(values):
            targets[row, [position[each] for each in value]] = 1
        return targets

    def distance(self, one: list[str], other: list[str]) -> float:
        """Return the MASI distance: 1 - Jaccard's similarity times how far one set holds the other.

        That is 1 for the same, 2/3 where one holds the other, 1/3 where they cross, else 0.
        Passonneau (2006), "Measuring agreement on set-valued items (MASI)".
        """
        a, b = set(one), set(other)
        if a == b:
            return 0.0
        monotony = 2 / 3 if a <= b or b <= a else 1 / 3
        return 1 - monotony * len(a & b) / len(a | b)

    def decode(self, probabilities: NDArray[np.float32], labels: Sequence[str]) -> list[list[str]]:
        """Return each row's labels of which the probability reaches the threshold."""
        # Compared as float32, or 0.7 as a model gives it would lie below 0.7.
        chosen = probabilities >= np.float32(self.params.threshold)
        return [[labels[i] for i in np.flatnonzero(row).tolist()] for row in chosen]
