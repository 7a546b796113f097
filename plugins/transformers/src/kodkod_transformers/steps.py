"""Which texts are computed together: little padding, and yet in random order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

__all__ = ["cut_to_budget", "padded", "steps_of_epoch"]

_POOL_STEPS = 32
"""Texts are sorted by length within so many steps' worth of them."""


def steps_of_epoch(
    lengths: NDArray[np.int64], texts: NDArray[np.int64], size: int, rng: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Return an epoch's steps: each text once, `size` texts a step (one step may have fewer).

    Texts are shuffled; within pools of 32 steps those of similar length come together; then
    the steps are shuffled. `lengths` is by position, `texts` are the positions to learn from.
    """
    shuffled = rng.permutation(texts)
    steps: list[NDArray[np.int64]] = []
    for start in range(0, len(shuffled), size * _POOL_STEPS):
        pool = shuffled[start : start + size * _POOL_STEPS]
        pool = pool[np.argsort(-lengths[pool], kind="stable")]
        steps.extend(pool[i : i + size] for i in range(0, len(pool), size))
    return [steps[i] for i in rng.permutation(len(steps))]


def cut_to_budget(
    lengths: NDArray[np.int64], texts: NDArray[np.int64], budget: int
) -> Iterator[NDArray[np.int64]]:
    """Yield the texts of a step, the longest first, in batches of at most `budget` tokens.

    Padding counts; a text longer than the budget comes alone.
    """
    order = texts[np.argsort(-lengths[texts], kind="stable")]
    start = 0
    while start < len(order):
        size = max(1, budget // max(1, int(lengths[order[start]])))
        yield order[start : start + size]
        start += size


def padded(rows: Sequence[Sequence[int]], filler: int, *, left: bool = False) -> Tensor:
    """Return int64 `[n, longest]`: the rows, filled up on the right (or left)."""
    longest = max((len(row) for row in rows), default=0)
    out = torch.full((len(rows), longest), filler, dtype=torch.long)
    for i, row in enumerate(rows):
        values = torch.as_tensor(row, dtype=torch.long)
        if left:
            out[i, longest - len(row) :] = values
        else:
            out[i, : len(row)] = values
    return out
