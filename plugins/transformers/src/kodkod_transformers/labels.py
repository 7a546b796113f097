"""Labels of a scheme and outputs of a head: only labels that were seen have one."""

from __future__ import annotations

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import InvalidInputError, TrainingSet

__all__ = ["LabelColumns", "label_columns"]


class LabelColumns(Struct, frozen=True, kw_only=True):
    """Which of the training set's labels the head's outputs stand for, in their order."""

    labels: tuple[str, ...]
    seen: tuple[int, ...]
    several: bool

    @property
    def names(self) -> list[str]:
        """The outputs' labels."""
        return [self.labels[i] for i in self.seen]

    def encode(self, targets: NDArray[Any]) -> NDArray[Any]:
        """Return targets in terms of outputs."""
        if self.several:
            return targets[:, list(self.seen)]
        return np.searchsorted(np.array(self.seen), targets).astype(np.int64)

    def spread(self, outputs: NDArray[np.float32], empty: float = 0.0) -> NDArray[np.float32]:
        """Return `[..., n_labels]` from `[..., n_outputs]`; a label never seen has `empty`."""
        shape = (*outputs.shape[:-1], len(self.labels))
        out = np.full(shape, empty, dtype=np.float32)
        out[..., list(self.seen)] = outputs
        return out


def label_columns(data: TrainingSet) -> LabelColumns:
    """Return the labels that can be learnt from `data`.

    Raises:
        InvalidInputError: nothing tells any two texts apart.
    """
    targets = data.targets
    several = targets.ndim == 2
    if several:
        counts = targets.astype(bool).sum(axis=0)
        seen, differ = np.flatnonzero(counts), bool(((counts > 0) & (counts < len(targets))).any())
    else:
        seen = np.unique(targets)
        differ = len(seen) > 1
    if not differ:
        raise InvalidInputError(
            "There is nothing to tell apart: all texts have the same labels. Annotate texts of at "
            "least two labels."
        )
    return LabelColumns(labels=data.labels, seen=tuple(map(int, seen)), several=several)
