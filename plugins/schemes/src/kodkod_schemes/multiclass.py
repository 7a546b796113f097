"""One label a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations

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

    def severity(self, values: Sequence[str]) -> float:
        """Return the votes' entropy, as a share of what it is where all differ.

        Weighted by how far the labels that differ are apart, which here is all the way.
        """
        counts = np.array(list(Counter(values).values()), dtype=np.float64)
        if len(counts) < 2:
            return 0.0
        shares = counts / counts.sum()
        apart = [self.distance(*each) for each in combinations(set(values), 2)]
        entropy = float(-(shares * np.log(shares)).sum() / np.log(len(values)))
        return min(entropy, 1.0) * sum(apart) / len(apart)

    def decode(self, probabilities: NDArray[np.float32], labels: Sequence[str]) -> list[str]:
        """Return each row's most probable label; of two that tie, the first."""
        if len(probabilities) == 0:
            return []
        return [labels[int(i)] for i in probabilities.argmax(axis=1)]
