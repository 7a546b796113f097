"""Texts counted by what was said of them, so that drawing texts anew is drawing counts.

Texts on which the same coders said the same are alike to every coefficient. Drawing n texts with
replacement is drawing how many of each kind there are, from a multinomial distribution: nothing is
enumerated again, and 100,000 texts are as many numbers as there are kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.sparse import csr_array

__all__ = ["Floats", "Patterns", "count_patterns", "draw_counts", "replicate", "summed"]

Floats = NDArray[np.float64]

_AT_ONCE = 4_000_000
"""Numbers of one part of the draws: 32 MB."""


class Patterns(Struct, frozen=True):
    """Kinds of texts: `values`, int64 `[p, n_coders]` (-1: nothing said), and how many of each."""

    values: NDArray[np.int64]
    counts: NDArray[np.int64]

    @property
    def n(self) -> int:
        """How many texts there are."""
        return int(self.counts.sum())

    @property
    def said(self) -> NDArray[np.int64]:
        """Return how many coders said something, `[p]`."""
        return (self.values >= 0).sum(axis=1)

    def by_category(self, k: int) -> csr_array:
        """Return how many coders chose each of `k` categories, sparse `[p, k]`."""
        line, column = np.nonzero(self.values >= 0)
        ones = np.ones(len(line))
        chosen = self.values[line, column]
        # Coordinates that occur twice are added up.
        return csr_array((ones, (line, chosen)), shape=(len(self.values), k))

    def of_pair(self, first: int, second: int) -> Patterns:
        """Return the texts that two coders share, as what they said."""
        both = self.values[:, [first, second]]
        shared = (both >= 0).all(axis=1)
        values, place = np.unique(both[shared], axis=0, return_inverse=True)
        counts = np.bincount(place.ravel(), self.counts[shared], minlength=len(values))
        return Patterns(values, counts.astype(np.int64))


def count_patterns(values: NDArray[np.int64]) -> Patterns:
    """Count the texts that at least two coders have coded, by what was said of them."""
    pairable = values[(values >= 0).sum(axis=1) >= 2]
    if not len(pairable):
        return Patterns(pairable, np.zeros(0, dtype=np.int64))
    found, counts = np.unique(pairable, axis=0, return_counts=True)
    return Patterns(found, counts)


def draw_counts(
    counts: NDArray[np.int64], replicates: int, rng: np.random.Generator
) -> Iterator[Floats]:
    """Yield float64 `[r, p]`: the counts as they are, then those of each draw."""
    yield counts[None, :].astype(np.float64)
    n = int(counts.sum())
    if n < 2:
        return
    step = max(1, _AT_ONCE // len(counts))
    for start in range(0, replicates, step):
        size = min(step, replicates - start)
        yield rng.multinomial(n, counts / n, size=size).astype(np.float64)


def replicate(
    work: Callable[[Floats], dict[str, Floats]],
    counts: NDArray[np.int64],
    replicates: int,
    rng: np.random.Generator,
) -> dict[str, Floats]:
    """Return what `work` makes of the counts and of each draw, the replicates on the first axis."""
    parts: dict[str, list[Floats]] = {}
    for drawn in draw_counts(counts, replicates, rng):
        for name, values in work(drawn).items():
            parts.setdefault(name, []).append(values)
    return {name: np.concatenate(each) for name, each in parts.items()}


def summed(drawn: Floats, table: Any) -> Floats:
    """Return the sums of `table` (`[p]`, or `[p, q]`, perhaps sparse) over each draw's texts."""
    if isinstance(table, csr_array):
        return np.asarray((table.T @ drawn.T).T)
    return drawn @ table
