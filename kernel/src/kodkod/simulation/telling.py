"""How far a simulation is."""

from __future__ import annotations

from pathlib import Path

from kodkod.api import JobContext

__all__ = ["Telling"]


class Telling(JobContext):
    """The context of what a simulation runs: a model says nothing, but hears of a cancellation.

    A simulation fits hundreds of models; of what they log, each line is passed on once.
    """

    def __init__(self, whole: JobContext, steps: int) -> None:
        self.seed = whole.seed
        self._whole = whole
        self._steps = max(steps, 1)
        self._done = 0
        self._logged: set[str] = set()

    @property
    def folder(self) -> Path:  # type: ignore[override]
        """Return the scratch folder of the whole."""
        return self._whole.folder

    def begin(self, message: str) -> None:
        """Say what the next of the steps is.

        Raises:
            Cancelled: the simulation was asked to stop.
        """
        self._whole.progress(self._share, message)
        self._done += 1

    def progress(self, fraction: float | None, message: str = "", **metrics: float) -> None:
        """Let a cancellation through."""
        self._whole.progress(self._share)

    def log(self, line: str) -> None:
        """Pass on what was not said before."""
        if line not in self._logged:
            self._logged.add(line)
            self._whole.log(line)

    @property
    def _share(self) -> float:
        return min(self._done / self._steps, 1.0)
