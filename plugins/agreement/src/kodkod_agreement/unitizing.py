"""Krippendorff's alpha for unitizing (1995; Content Analysis 2004, chapter 11.6; 2013, 12.4).

Of one label, among m coders on a continuum of L characters:

- observed: two stretches that overlap differ by the squares of what their starts and their ends
  are apart; one that lies wholly where the other coder marked nothing differs by the square of its
  length. D_o is the sum over ordered pairs of coders, divided by m (m - 1) L^2.
- expected: every stretch against every other and every gap, wherever they might have been put,
  D_e = 2/L sum_g [ (N - 1)/3 (2 l^3 - 3 l^2 + l) + l^2 sum_h (l_h - l + 1) ]
  / (m L (m L - 1) - sum_g l (l - 1)), with g the N stretches, l their lengths, and h the gaps that
  are at least as long.

Texts that the same coders coded lie end to end as one continuum, in which no gap goes on from one
text into the next. Continua of different coders are weighed by their lengths. Over all labels, D_o
and D_e are sums over the labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.sparse import csr_array

from kodkod.api import Coded
from kodkod_agreement.nominal import ratio
from kodkod_agreement.patterns import Floats, summed
from kodkod_agreement.stretches import Stretch, gaps_between, stretches

__all__ = ["UnitizingAlpha"]


class UnitizingAlpha:
    """Alpha of each label and of all, for any counts of the texts `[n]`."""

    def __init__(self, coded: Coded) -> None:
        said = coded.said
        groups: dict[tuple[int, ...], list[int]] = {}
        for line in range(len(coded)):
            groups.setdefault(tuple(np.flatnonzero(said[line]).tolist()), []).append(line)
        self._labels = [
            [_Continuum.of(coded, texts, coders, label) for coders, texts in groups.items()]
            for label in coded.labels
        ]

    def of(self, drawn: Floats) -> dict[str, Floats]:
        """Return `overall` `[r]` and `by_label` `[r, n_labels]`."""
        observed, expected = (np.zeros((len(drawn), len(self._labels))) for _ in range(2))
        for place, continua in enumerate(self._labels):
            for continuum in continua:
                weight, mine, chance = continuum.disagreements(drawn)
                observed[:, place] += weight * mine
                expected[:, place] += weight * chance
        return {
            "overall": 1 - ratio(observed.sum(axis=1), expected.sum(axis=1)),
            "by_label": 1 - ratio(observed, expected),
        }


class _Continuum(Struct, frozen=True):
    """One label in the texts that the same `m` coders coded: sums of each text, and histograms.

    `stretches` and `gaps` are how many of each of `stretch_lengths` and `gap_lengths` a text has.
    """

    texts: NDArray[np.int64]
    m: int
    lengths: Floats
    apart: Floats
    stretch_lengths: Floats
    stretches: csr_array
    gap_lengths: Floats
    gaps: csr_array

    @classmethod
    def of(
        cls, coded: Coded, texts: Sequence[int], coders: Sequence[int], label: str
    ) -> _Continuum:
        spans = coded.spans or ()
        lengths = np.asarray(coded.lengths)[list(texts)]
        marked = [[stretches(spans[t][c] or (), label) for c in coders] for t in texts]
        apart = [sum(_apart(a, b) for a, b in combinations(each, 2)) for each in marked]
        long = [[end - start for one in each for start, end in one] for each in marked]
        gaps = [
            [gap for one in each for gap in gaps_between(one, length)]
            for each, length in zip(marked, lengths.tolist(), strict=True)
        ]
        return cls(
            np.array(texts, dtype=np.int64),
            len(coders),
            lengths.astype(np.float64),
            np.array(apart, dtype=np.float64),
            *_histogram(long),
            *_histogram(gaps),
        )

    def disagreements(self, drawn: Floats) -> tuple[Floats, Floats, Floats]:
        """Return how long the continuum is in each draw, and what is observed and expected."""
        mine, m = drawn[:, self.texts], self.m
        length = summed(mine, self.lengths)
        units, gaps = summed(mine, self.stretches), summed(mine, self.gaps)
        at = self.stretch_lengths
        room = np.maximum(self.gap_lengths - at[:, None] + 1, 0) * at[:, None] ** 2
        in_gaps = np.einsum("ra,ra->r", units, gaps @ room.T)
        over = (units.sum(axis=1) - 1) / 3 * (units @ (2 * at**3 - 3 * at**2 + at))
        places = m * length * (m * length - 1) - units @ (at * (at - 1))
        observed = ratio(2 * summed(mine, self.apart), m * (m - 1) * length**2)
        expected = ratio(2 * (over + in_gaps), places * length)
        return length, np.nan_to_num(observed), np.nan_to_num(expected)


def _apart(one: Sequence[Stretch], other: Sequence[Stretch]) -> int:
    total = 0
    met: set[Stretch] = set()
    for start, end in one:
        over = [each for each in other if each[0] < end and start < each[1]]
        met.update(over)
        total += sum((start - a) ** 2 + (end - b) ** 2 for a, b in over)
        total += 0 if over else (end - start) ** 2
    return total + sum((end - start) ** 2 for start, end in other if (start, end) not in met)


def _histogram(lengths: Sequence[Sequence[int]]) -> tuple[Floats, csr_array]:
    line = np.repeat(np.arange(len(lengths)), [len(each) for each in lengths])
    flat = np.array([each for one in lengths for each in one], dtype=np.int64)
    known, place = np.unique(flat, return_inverse=True)
    table = csr_array((np.ones(len(flat)), (line, place)), shape=(len(lengths), len(known)))
    return known.astype(np.float64), table
