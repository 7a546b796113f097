"""Gamma (Mathet, Widlocher and Metivier 2015): the disorder of a text's annotations beside chance.

gamma = 1 - observed / expected disorder. The disorder of a text is the sum over its best alignment,
divided by the mean number of passages of a coder. Chance is the mean disorder of random annotations
of the same text: for each coder the passages of one of them, drawn at random, moved round the text
by a random number of characters. Over several texts both disorders are summed, each text weighing
as its mean number of passages; of one text it is the paper's gamma.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kodkod.api import Coded, Span
from kodkod_agreement.aligning import MOST_TUPLES, Marked, least_disorder, n_tuples
from kodkod_agreement.nominal import ratio
from kodkod_agreement.patterns import Floats, summed

__all__ = ["Gamma"]

_MOST_PROGRAMS = 600
"""Alignments of more than two coders that are worked out; each takes around ten milliseconds."""


class Gamma:
    """Gamma of some texts drawn at random, for any counts of them; `lines` says which."""

    def __init__(self, coded: Coded, texts: int, samples: int, rng: np.random.Generator) -> None:
        marked = [_marked(coded, line) for line in range(len(coded))]
        said = [sum(map(len, each)) > 0 for each in marked]
        fits = [len(each) == 2 or n_tuples(each) * len(each) ** 2 <= MOST_TUPLES for each in marked]
        eligible = [line for line in range(len(coded)) if said[line] and fits[line]]
        self.notes = _left_out(sum(said) - len(eligible))
        if any(len(marked[line]) > 2 for line in eligible):
            texts = min(texts, max(1, _MOST_PROGRAMS // (samples + 1)))
        if len(eligible) > texts:
            self.notes.append(
                f"Gamma is of {texts} texts drawn at random from {len(eligible)}: aligning "
                "passages takes long. The interval says what that costs."
            )
            eligible = sorted(rng.choice(eligible, texts, replace=False).tolist())
        self.lines = np.array(eligible, dtype=np.int64)
        lengths = np.zeros(0) if coded.lengths is None else coded.lengths
        found = [_disorders(marked[line], int(lengths[line]), samples, rng) for line in eligible]
        self._observed, self._expected = np.array(found).reshape(-1, 2).T

    def of(self, drawn: Floats) -> dict[str, Floats]:
        """Return gamma for each draw of `lines`."""
        observed, expected = summed(drawn, self._observed), summed(drawn, self._expected)
        return {"gamma": 1 - ratio(observed, expected)}


def _disorders(
    marked: Sequence[Marked], length: int, samples: int, rng: np.random.Generator
) -> tuple[float, float]:
    """Return the observed and the expected disorder, times the mean number of passages."""
    mean = sum(map(len, marked)) / len(marked)
    chance: list[float] = []
    for _ in range(samples):
        drawn = _by_chance(marked, length, rng)
        passages = sum(map(len, drawn)) / len(drawn)
        if passages:
            chance.append(least_disorder(drawn) / passages)
    return least_disorder(marked), mean * float(np.mean(chance)) if chance else 0.0


def _by_chance(marked: Sequence[Marked], length: int, rng: np.random.Generator) -> list[Marked]:
    drawn: list[Marked] = []
    for place in rng.integers(len(marked), size=len(marked)).tolist():
        moved = marked[place].copy()
        start = (moved[:, 0] + rng.integers(length)) % length
        # A passage that goes round the end sticks out of it, rather than being cut in two.
        moved[:, 1] += start - moved[:, 0]
        moved[:, 0] = start
        drawn.append(moved)
    return drawn


def _marked(coded: Coded, line: int) -> list[Marked]:
    labels = {label: place for place, label in enumerate(coded.labels)}
    said: Sequence[Sequence[Span] | None] = (coded.spans or ())[line]
    return [
        np.array(
            [(each.start, each.end, labels[each.label]) for each in spans], dtype=np.float64
        ).reshape(-1, 3)
        for spans in said
        if spans is not None
    ]


def _left_out(n: int) -> list[str]:
    if n == 0:
        return []
    note = (
        f"Gamma leaves {n} texts out: with so many passages by more than two coders there are too "
        "many alignments. Compare two coders to have them in."
    )
    return [note]
