"""What a guide waits for before it learns: some texts of each label."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import SchemeType, Split
from kodkod.project.coding import Coder
from kodkod.project.fold import SchemeFold

__all__ = ["ColdStart"]

_TEXTS_A_LABEL = 10
"""Labelled texts for each label of the scheme after which a missing label is waited for no more."""


class _Found(Struct, frozen=True):
    seq: int
    coder: Coder
    wanted: int
    missing: dict[str, int]


class ColdStart:
    """Counts the labels of one scheme's fold, anew only where the answer may be another."""

    def __init__(self, fold: SchemeFold, scheme_type: SchemeType[Any, Any]) -> None:
        self._fold = fold
        self._type = scheme_type
        self._found: _Found | None = None

    def missing(self, wanted: int, coder: Coder, splits: NDArray[np.uint8]) -> dict[str, int]:
        """Count, by label, the texts of the train split that are missing of `wanted` each.

        A label that representative texts do not bring is not waited for beyond ten texts a label.
        What was complete stays so until the labels change, whatever is taken back, so that the
        strategy does not change under those who correct themselves; a restart looks anew. `splits`
        has the code of each row's split.
        """
        found, seq = self._found, self._fold.seq
        same = found is not None and found.coder is coder and found.wanted == wanted
        if found is None or not same or (found.missing and found.seq != seq):
            found = self._found = _Found(seq, coder, wanted, self._count(wanted, coder, splits))
        return found.missing

    def _count(self, wanted: int, coder: Coder, splits: NDArray[np.uint8]) -> dict[str, int]:
        rows = np.flatnonzero(self._fold.coded & (splits == Split.TRAIN.code))
        if len(rows) >= _TEXTS_A_LABEL * len(coder.names):
            return {}
        counts: Counter[str] = Counter()
        for row in rows.tolist():
            value = self._fold.value_of(self._fold.counted(row))
            counts.update([] if value is None else self._type.labels_of(value))
        return {name: wanted - counts[name] for name in coder.names if counts[name] < wanted}
