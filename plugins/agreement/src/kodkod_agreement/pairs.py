"""Which coders share texts, and how many."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST_PAIRS", "shared_texts", "too_many_pairs"]

MOST_PAIRS = 66
"""Twelve coders have as many pairs; those who share the fewest texts are left out beyond it."""


def shared_texts(said: NDArray[np.bool_]) -> list[tuple[int, int, int]]:
    """Return the pairs of columns that share texts, and how many, the most first."""
    both = said.astype(np.float64).T @ said.astype(np.float64)
    pairs = [(i, j, int(both[i, j])) for i, j in combinations(range(said.shape[1]), 2)]
    return sorted((each for each in pairs if each[2]), key=lambda each: (-each[2], *each[:2]))


def too_many_pairs(n: int) -> list[str]:
    """Say where pairs have no coefficients of their own."""
    if n <= MOST_PAIRS:
        return []
    note = (
        f"{n} pairs of coders share texts; the {MOST_PAIRS} that share the most have coefficients "
        "of their own. Name annotators to see others."
    )
    return [note]
