"""Which cost of errors is best, by cross-validation along a grid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from kodkod.api import JobContext, Matrix

__all__ = ["GRID", "choose_cost"]

GRID = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
FOLDS = 3

Weights = NDArray[np.float64] | None
Fit = Callable[[float, Matrix, NDArray[np.integer], Weights, Any], Any]
"""Fits with a cost; the last argument is what it fitted with the cost before, or None."""
Loss = Callable[[Any, Matrix, NDArray[np.integer], Weights], float]
"""What a classifier loses on texts that it has not seen; less is better."""


def choose_cost(
    features: Matrix,
    y: NDArray[np.integer],
    weights: Weights,
    *,
    fit: Fit,
    loss: Loss,
    usual: float,
    seed: int,
    ctx: JobContext,
) -> float:
    """Return the cost of `GRID` with the least mean loss in stratified folds.

    Costs are tried upwards, each fit beginning where the one before ended; of equals the smaller
    is taken. Where a label has a single text nothing can be held out: `usual` is returned, and
    the log says so.
    """
    rarest = int(np.unique(y, return_counts=True)[1].min())
    if rarest < 2:
        ctx.log(f"a label has a single text: the cost is {usual:g}, as no other can be judged")
        return usual
    folds = StratifiedKFold(min(FOLDS, rarest), shuffle=True, random_state=seed)
    losses = np.zeros(len(GRID))
    shares = 0
    rows: Any = features
    for train, held in folds.split(np.zeros(len(y)), y):
        before: Any = None
        for place, cost in enumerate(GRID):
            ctx.progress(None, f"trying the cost {cost:g}")
            before = fit(cost, rows[train], y[train], _some(weights, train), before)
            losses[place] += loss(before, rows[held], y[held], _some(weights, held))
        shares += 1
    best = int(losses.argmin())
    tried = ", ".join(
        f"{cost:g} {lost / shares:.3f}" for cost, lost in zip(GRID, losses, strict=True)
    )
    ctx.log(f"the cost {GRID[best]:g} loses least on held-out texts ({tried})")
    return GRID[best]


def _some(weights: Weights, rows: NDArray[np.integer]) -> Weights:
    return None if weights is None else weights[rows]
