"""How the learning rate goes."""

from __future__ import annotations

import math

from kodkod_transformers.training_params import Schedule

__all__ = ["rate_at", "warm_up_steps"]


def warm_up_steps(total: int, share: float) -> int:
    """Return how many of the steps warm up; one that is not the last is always left."""
    return min(math.ceil(total * share), max(total - 1, 0))


def rate_at(step: int, total: int, warm_up: int, schedule: Schedule) -> float:
    """Return the share of the full rate at `step`, from 0: up in a line, then as scheduled.

    `linear` and `cosine` would reach 0 at step `total`.
    """
    if step < warm_up:
        return (step + 1) / (warm_up + 1)
    if schedule == "constant":
        return 1.0
    left = (total - step) / max(total - warm_up, 1)
    if schedule == "linear":
        return left
    return 0.5 * (1 - math.cos(math.pi * left))
