"""What a job reports as numbers over time, few enough to be stored and drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from kodkod.store.job_points import JobPoint

__all__ = ["MetricSeries"]

KEPT_EACH = 500


class MetricSeries:
    """Keeps every report of some metrics until there are 500, then every second one, and so on.

    Metrics that are reported together are one series: the score after each epoch is not thinned
    out by the loss after each step.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[str, ...], int] = {}
        self._points: list[JobPoint] = []

    def add(self, at: datetime, values: Mapping[str, float]) -> None:
        """Keep a report, or leave it out."""
        names = tuple(sorted(values))
        n = self._seen[names] = self._seen.get(names, 0) + 1
        if n % (1 << (n // KEPT_EACH).bit_length()) == 0:
            self._points.append(JobPoint(at=at, values=dict(values)))

    def take(self) -> list[JobPoint]:
        """Return what was kept since the last time."""
        points, self._points = self._points, []
        return points

    def give_back(self, points: Sequence[JobPoint]) -> None:
        """Keep what could not be stored for the next time."""
        self._points[:0] = points
