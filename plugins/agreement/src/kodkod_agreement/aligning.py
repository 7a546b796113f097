"""The best alignment of what coders marked in one text, and its disorder (Mathet et al. 2015).

Two passages are dissimilar by where they are, ((|starts apart| + |ends apart|) / (sum of their
lengths))^2, plus 1 if their labels differ; a passage and nothing by 1. A unitary alignment takes
from each coder a passage or nothing, and its disorder is the mean dissimilarity of its pairs. The
best alignment has every passage in one unitary alignment, and the least sum of disorders.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import csr_array

from kodkod_agreement.patterns import Floats

__all__ = ["MOST_TUPLES", "Marked", "least_disorder", "n_tuples"]

Marked = NDArray[np.float64]
"""What one coder marked: `[n, 3]`, starts, ends and places of labels."""

MOST_TUPLES = 20_000
"""Unitary alignments of one text; with more than two coders all of them are looked at."""


def n_tuples(marked: Sequence[Marked]) -> int:
    """Return how many unitary alignments there are."""
    return int(np.prod([len(each) + 1 for each in marked], dtype=np.float64))


def least_disorder(marked: Sequence[Marked]) -> float:
    """Return the sum of disorders of the best alignment.

    Of two coders it is an assignment; of more an integer program, solved exactly.
    """
    if len(marked) == 2:
        return _of_two(_dissimilarity(*marked))
    return _of_many(marked)


def _of_two(apart: Floats) -> float:
    # Two that are further apart than 2 are better left alone, each beside nothing.
    cost = np.minimum(apart, 2.0)
    rows, columns = linear_sum_assignment(cost)
    return float(cost[rows, columns].sum() + abs(apart.shape[0] - apart.shape[1]))


def _of_many(marked: Sequence[Marked]) -> float:
    sizes = [len(each) for each in marked]
    if not sum(sizes):
        return 0.0
    grid = np.indices([size + 1 for size in sizes]).reshape(len(sizes), -1)
    disorder = np.zeros(grid.shape[1])
    for i, j in combinations(range(len(marked)), 2):
        # Place 0 is nothing, which is 1 from whatever it stands beside.
        apart = np.ones((sizes[i] + 1, sizes[j] + 1))
        apart[1:, 1:] = _dissimilarity(marked[i], marked[j])
        disorder += apart[grid[i], grid[j]]
    disorder /= len(sizes) * (len(sizes) - 1) / 2
    # One that is dearer than its passages apart, each at 1, is in no best alignment.
    useful = (grid > 0).any(axis=0) & (disorder <= (grid > 0).sum(axis=0) + 1e-9)
    grid, disorder = grid[:, useful], disorder[useful]
    first = np.cumsum(sizes) - np.array(sizes)
    coder, column = np.nonzero(grid)
    passage = first[coder] + grid[coder, column] - 1
    covers = csr_array(
        (np.ones(len(passage)), (passage, column)), shape=(sum(sizes), len(disorder))
    )
    found = milp(
        disorder,
        constraints=LinearConstraint(covers, 1, 1),
        integrality=np.ones(len(disorder)),
        bounds=Bounds(0, 1),
    )
    return float(found.fun)


def _dissimilarity(one: Marked, other: Marked) -> Floats:
    starts = np.abs(one[:, None, 0] - other[None, :, 0])
    ends = np.abs(one[:, None, 1] - other[None, :, 1])
    lengths = (one[:, 1] - one[:, 0])[:, None] + (other[:, 1] - other[:, 0])
    return ((starts + ends) / lengths) ** 2 + (one[:, None, 2] != other[None, :, 2])
