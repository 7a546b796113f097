"""Refreshes that are far enough apart to be compared."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from msgspec import Struct

from kodkod.api import Belief

__all__ = ["Step", "steps_apart"]


class Step(Struct, frozen=True):
    """What changed while the labelled texts became `n`: a bound from above, None if undefined."""

    n: int
    change: float | None


def steps_apart(
    beliefs: Sequence[Belief], least: int, change_of: Callable[[Belief], float | None]
) -> list[Step]:
    """Return the changes between refreshes that are at least `least` labels apart.

    `change_of` tells what changed since the refresh before. Each rule's paper compares models that
    are a batch of labels apart. A guide may refresh after every other label, and such models agree
    however much there is left to learn. So the changes of refreshes in between are added up: what
    is different after several of them is different after one at least, and the sum is never less
    than what a direct comparison would have given (for kappa, as far as the labels' shares hold).
    """
    found: list[Step] = []
    since: int | None = None
    total: float | None = 0.0
    for belief in beliefs:
        if since is None:
            since = belief.n_train
            continue
        change = change_of(belief)
        if total is None or change is None or not math.isfinite(change):
            total = None
        else:
            total += change
        if abs(belief.n_train - since) >= least:
            found.append(Step(belief.n_train, total))
            since, total = belief.n_train, 0.0
    return found
