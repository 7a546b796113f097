"""F1 of passages between coders: neither of two is the reference, and F1 does not need one.

Of two coders with a and b passages, h of which pair up, F1 = 2 h / (a + b), whichever is taken for
right (Hripcsak and Rothschild 2005). Sums are over texts and pairs of coders.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from kodkod.api import Coded, Span
from kodkod_agreement.nominal import ratio
from kodkod_agreement.patterns import Floats, summed
from kodkod_agreement.stretches import Stretch

__all__ = ["PassageF1"]


class PassageF1:
    """F1 of passages that are the same, and of those that overlap; the label is always the same."""

    def __init__(self, coded: Coded) -> None:
        labels = {label: place for place, label in enumerate(coded.labels)}
        shape = (len(coded), len(labels))
        self._exact, self._overlap, self._marked = (np.zeros(shape) for _ in range(3))
        for line, said in enumerate(coded.spans or ()):
            known = [_by_label(each, labels) for each in said if each is not None]
            for one, other in combinations(known, 2):
                for place in one.keys() | other.keys():
                    a, b = one.get(place, []), other.get(place, [])
                    self._exact[line, place] += (Counter(a) & Counter(b)).total()
                    self._overlap[line, place] += _pair_up(a, b)
                    self._marked[line, place] += len(a) + len(b)

    def of(self, drawn: Floats) -> dict[str, Floats]:
        """Return `f1_exact` and `f1_overlap`: `[r, 1 + n_labels]`, all labels first."""
        marked = _with_total(summed(drawn, self._marked))
        return {
            "f1_exact": ratio(2 * _with_total(summed(drawn, self._exact)), marked),
            "f1_overlap": ratio(2 * _with_total(summed(drawn, self._overlap)), marked),
        }


def _with_total(table: Floats) -> Floats:
    return np.hstack([table.sum(axis=1, keepdims=True), table])


def _by_label(spans: Sequence[Span], labels: dict[str, int]) -> dict[int, list[Stretch]]:
    found: dict[int, list[Stretch]] = {}
    for span in spans:
        found.setdefault(labels[span.label], []).append((span.start, span.end))
    return found


def _pair_up(one: Sequence[Stretch], other: Sequence[Stretch]) -> int:
    """Count pairs that overlap, each stretch in one at most; by their ends, from the left."""
    left = sorted(other, key=lambda each: (each[1], each[0]))
    found = 0
    for start, end in sorted(one, key=lambda each: (each[1], each[0])):
        for place, (a, b) in enumerate(left):
            if a < end and start < b:
                left.pop(place)
                found += 1
                break
    return found
