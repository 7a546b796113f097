"""What a running component may ask of the job it runs in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path

import numpy as np

__all__ = ["JobContext"]


class JobContext(ABC):
    """Progress, cancellation, log and scratch space of one job.

    `folder` is an empty folder that is deleted when the job ends. `seed` is the job's own;
    `rng()` gives a fresh generator from it, the same on every call.
    """

    folder: Path
    seed: int

    @abstractmethod
    def progress(self, fraction: float | None, message: str = "", **metrics: float) -> None:
        """Tell how far the work has come, and let a cancellation through.

        Call it often (each batch): it is cheap, and what it passes on is throttled.
        `fraction` is in [0, 1], or None where the end is unknown; `metrics` are kept as a
        series (a loss curve).

        Raises:
            Cancelled: the job was asked to stop. Let it pass.
        """

    @abstractmethod
    def log(self, line: str) -> None:
        """Append a line to the job's log."""

    def rng(self) -> np.random.Generator:
        """Return a generator seeded with the job's seed."""
        return np.random.default_rng(self.seed)
