"""The shapes of jobs, and of what they take, in the HTTP contract."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct, field

from kodkod.api import Energy, EnergyStanding
from kodkod.store.energy import Expectation, Sum
from kodkod.web.contract import Request

__all__ = [
    "EnergyReport",
    "JobEstimate",
    "JobLog",
    "JobMetrics",
    "JobSeries",
    "JobView",
    "NewEstimate",
]


class JobView(Struct, frozen=True, kw_only=True):
    """A job. `metrics` are the last values; `result` names what it made.

    `eta` is when it is likely to be done, `expected` what it was likely to take before it started,
    `energy` what it took. `warning` is what plugins had to say of it.
    """

    id: str
    kind: str
    subject: str
    queue: str
    project: str | None
    user: str
    params: dict[str, Any]
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    progress: float | None
    message: str
    metrics: dict[str, float]
    result: dict[str, Any] | None
    error: str | None
    warning: str
    seconds: float | None
    expected: Expectation | None
    energy: Energy | None
    wh: float | None
    g_co2e: float | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    eta: datetime | None


class JobLog(Struct, frozen=True, kw_only=True):
    """What a job has written."""

    lines: list[str]


class JobMetrics(Struct, frozen=True, kw_only=True):
    """Numbers that a job reported together, and when."""

    at: datetime
    values: dict[str, float]


class JobSeries(Struct, frozen=True, kw_only=True):
    """What a job reported over time, oldest first: loss curves, scores by epoch, texts a second.

    After 500 points with the same names every second one is kept, then every fourth, and so on.
    """

    points: list[JobMetrics]


class NewEstimate(Request, frozen=True):
    """A job that somebody thinks of: its kind, and what it would run."""

    kind: Literal["feature", "train", "predict"]
    component: str | None = None
    model: str | None = None
    params: dict[str, Any] = field(default_factory=dict)


class JobEstimate(Struct, frozen=True, kw_only=True):
    """What a job would take, from like ones before it; null where there was none.

    `gpu_mb` is the memory of a graphics card that it would take. `refusal` says why it would not
    be accepted now, `warning` what it would be accepted with.
    """

    expected: Expectation | None
    standing: EnergyStanding
    gpu_mb: int | None
    refusal: str | None
    warning: str


class EnergyReport(Struct, frozen=True, kw_only=True):
    """What jobs have taken, added up; `standing` is there for a project."""

    by: Literal["project", "user", "kind", "subject", "day"]
    sums: list[Sum]
    total_wh: float
    total_g_co2e: float
    standing: EnergyStanding | None
