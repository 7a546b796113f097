"""Texts that a model has wrong, the most confident first."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Compared, Span

__all__ = ["Mistakes", "find_mistakes"]

Bools = NDArray[np.bool_]
_THRESHOLD = np.float32(0.5)


class Mistakes(Struct, frozen=True):
    """Places of texts among those compared, the most confident mistake first.

    `missed` and `added`, bool `[m, k]`, are the labels that the text has and was not given, and
    those that it was given and has not. `said`, bool `[m, k]`, is what was predicted. The
    confidence is the probability of the predicted label; where a text may have several labels,
    how sure the model was of what it has most wrong.
    """

    places: NDArray[np.int64]
    confidence: NDArray[np.float64]
    missed: Bools
    added: Bools
    said: Bools

    def __len__(self) -> int:
        return len(self.places)

    def within(self, kept: Bools) -> Mistakes:
        """Return some of them."""
        return Mistakes(*(getattr(self, name)[kept] for name in self.__struct_fields__))

    def cell(self, true: int | None, predicted: int | None) -> Mistakes:
        """Return those in which label `true` was missed and label `predicted` was added."""
        kept = np.ones(len(self), dtype=np.bool_)
        if true is not None:
            kept &= self.missed[:, true]
        if predicted is not None:
            kept &= self.added[:, predicted]
        return self.within(kept)


def find_mistakes(compared: Compared) -> Mistakes:
    """Return the texts whose prediction is not what the reference says."""
    p = np.asarray(compared.probabilities, dtype=np.float64)
    reference, columns = compared.reference, np.arange(len(compared.labels))
    single = reference.ndim == 1
    if single:
        has, said = reference[:, None] == columns, p.argmax(axis=1)[:, None] == columns
    else:
        limits = _THRESHOLD if compared.thresholds is None else compared.thresholds
        has, said = reference.astype(np.bool_), compared.probabilities >= limits
    missed, added = has & ~said, said & ~has
    if compared.values is not None and compared.predicted is not None:
        said, missed, added = _of_spans(compared)
    wrong = np.flatnonzero((missed | added).any(axis=1))
    p, missed, added, said = p[wrong], missed[wrong], added[wrong], said[wrong]
    sure = np.where(added, p, 0.0).max(axis=1, initial=0.0)
    if not single:
        sure = np.maximum(sure, np.where(missed, 1 - p, 0.0).max(axis=1, initial=0.0))
    order = np.lexsort((wrong, -sure))
    return Mistakes(wrong[order], sure[order], missed[order], added[order], said[order])


def _of_spans(compared: Compared) -> tuple[Bools, Bools, Bools]:
    """Return of which labels a span was predicted, is missed, and is too much."""
    column = {label: place for place, label in enumerate(compared.labels)}
    tables = [np.zeros((len(compared), len(column)), dtype=np.bool_) for _ in range(3)]
    pairs: Any = zip(compared.values or (), compared.predicted or (), strict=True)
    for line, (there, found) in enumerate(pairs):
        given, said = (set(cast("list[Span]", each)) for each in (there, found))
        for table, spans in zip(tables, (said, given - said, said - given), strict=True):
            for span in spans:
                table[line, column[span.label]] = True
    return tables[0], tables[1], tables[2]
