"""A JobContext for tests: it keeps what it is told, and can be cancelled."""

from __future__ import annotations

import math
from pathlib import Path

from msgspec import Struct

from kodkod.api import Cancelled, JobContext, ProjectArtefacts

__all__ = ["RecordingContext", "Report"]


class Report(Struct, frozen=True):
    """One call of `progress`."""

    fraction: float | None
    message: str
    metrics: dict[str, float]


class RecordingContext(JobContext):
    """Keeps `reports` and `lines`. The call of `progress` after `cancel_after` others cancels.

    `cancel_after=0` cancels at the first call. A fraction outside [0, 1] or a metric that is
    no finite number is an AssertionError, since the browser could not draw it. `project` is what
    the job's project has, if it is of one.
    """

    def __init__(
        self,
        folder: Path,
        *,
        seed: int = 0,
        cancel_after: int | None = None,
        project: ProjectArtefacts | None = None,
    ) -> None:
        self._folder = folder
        self.seed = seed
        self.cancel_after = cancel_after
        self.reports: list[Report] = []
        self.lines: list[str] = []
        self._project = project

    @property
    def folder(self) -> Path:
        """Return the folder that was given."""
        return self._folder

    @property
    def artefacts(self) -> ProjectArtefacts:
        """Return what the project has."""
        return super().artefacts if self._project is None else self._project

    def progress(self, fraction: float | None, message: str = "", **metrics: float) -> None:
        """Keep the report, or cancel."""
        if self.cancel_after is not None and len(self.reports) >= self.cancel_after:
            raise Cancelled
        if fraction is not None and not 0 <= fraction <= 1:
            raise AssertionError(f"progress: the fraction {fraction!r} is not in [0, 1]")
        for name, value in metrics.items():
            if not math.isfinite(value):
                raise AssertionError(f"progress: the metric {name} is {value!r}")
        self.reports.append(Report(fraction, message, metrics))

    def log(self, line: str) -> None:
        """Keep the line."""
        self.lines.append(line)
