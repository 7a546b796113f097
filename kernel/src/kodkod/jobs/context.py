"""The context that a component runs in."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

import structlog
from sqlalchemy.exc import DBAPIError

from kodkod.api import Cancelled, JobContext, ProjectArtefacts
from kodkod.jobs.pace import Pace
from kodkod.jobs.records import Report, note_report
from kodkod.jobs.scratch import checkpoint_folder
from kodkod.jobs.series import MetricSeries
from kodkod.jobs.stored_artefacts import StoredArtefacts
from kodkod.jobs.workspace import Workspace
from kodkod.store.database import now
from kodkod.store.jobs import JobRow
from kodkod.store.projects import Project, project_with_id

__all__ = ["GRACE_SECONDS", "KernelJobContext", "PartContext"]

GRACE_SECONDS = 5.0
"""How long a job may go on after it was asked to stop, where its component says nothing."""
REPORT_SECONDS = 0.2

_log = structlog.get_logger(__name__)


class KernelJobContext(JobContext):
    """A job's context, with what the kernel's own job kinds need beyond the API.

    What is reported is stored five times a second at most; `flush` stores the rest. `stop`
    makes the next `progress` raise; `heard` says that it did, `ended` that the job is over, `grace`
    how many seconds it has until then. Folders are made when they are first asked for. Any thread
    may call any method.
    """

    def __init__(
        self,
        workspace: Workspace,
        job: JobRow,
        project: Project | None,
        make_folder: Callable[[], Path],
        seed: int,
    ) -> None:
        self.workspace = workspace
        self.job = job
        self.seed = seed
        self.stopping_since: float | None = None
        self.grace = GRACE_SECONDS
        self.heard = False
        self.ended = False
        self._make_folder = make_folder
        self._folder: Path | None = None
        self._project = project
        self._pace = Pace(time.monotonic())
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._stored_at = time.monotonic()
        self._fraction: float | None = None
        self._message = ""
        self._metrics: dict[str, float] = {}
        self._series = MetricSeries()
        self._lines: list[str] = []
        self._unsaid = False

    @property
    def folder(self) -> Path:
        """Return the job's scratch folder."""
        if self._folder is None:
            self._folder = self._make_folder()
        return self._folder

    @property
    def checkpoints(self) -> Path:
        """Return the folder that outlives a killed run; the job's end deletes it."""
        folder = checkpoint_folder(self.workspace, self.job.id)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def project(self) -> Project:
        """Return the project as it was when the job started or last refreshed it.

        Raises:
            LookupError: the job belongs to none, or the project was deleted meanwhile.
        """
        if self._project is None:
            raise LookupError(f"job {self.job.id} belongs to no project")
        return self._project

    @property
    def artefacts(self) -> ProjectArtefacts:
        """Return what else the project has."""
        return StoredArtefacts(self.workspace, self.project)

    def refresh_project(self) -> None:
        """See the project as it is now, e.g. with rows that were added meanwhile."""
        self._project = self.workspace.read(project_with_id, self.project.id)

    @property
    def stopping(self) -> bool:
        """Tell whether the job was asked to stop."""
        return self._stopping.is_set()

    @property
    def metrics(self) -> dict[str, float]:
        """Return the last value of each metric."""
        return dict(self._metrics)

    @property
    def reported(self) -> Mapping[str, float]:
        """Return a live view of the metrics."""
        return MappingProxyType(self._metrics)

    def adopt(self, metrics: Mapping[str, float]) -> None:
        """Take what the job reported in another process, where it was stored already."""
        self._metrics.update(metrics)

    def stop(self) -> None:
        """Let the next `progress` raise."""
        if self.stopping_since is None:
            self.stopping_since = time.monotonic()
        self._stopping.set()

    def progress(self, fraction: float | None, message: str = "", **metrics: float) -> None:
        """Note how far the work has come; raise if it was asked to stop."""
        if self._stopping.is_set():
            self.heard = True
            raise Cancelled
        with self._lock:
            self._fraction = None if fraction is None else min(max(float(fraction), 0.0), 1.0)
            if self._fraction is not None:
                self._pace.note(time.monotonic(), self._fraction)
            self._message = message or self._message
            if metrics:
                values = {name: float(value) for name, value in metrics.items()}
                self._metrics.update(values)
                self._series.add(now(), values)
            self._unsaid = True
        if time.monotonic() - self._stored_at >= REPORT_SECONDS:
            self.flush()

    def log(self, line: str) -> None:
        """Append a line."""
        with self._lock:
            self._lines.append(line.rstrip("\n") + "\n")
            self._unsaid = True

    def part(self, start: float, end: float, apart: str = "") -> PartContext:
        """Return a context whose progress from 0 to 1 is this one's from `start` to `end`.

        What runs `apart`, under a name, has checkpoints of its own, and its metrics are not
        the job's: one of several fits of a cross-validation.
        """
        return PartContext(self, start, end, apart)

    def flush(self) -> None:
        """Store what was reported since the last time, or keep it for the next.

        That a report cannot be stored now, the disk being full perhaps, fails no job.
        """
        report = self.take()
        if report is None:
            return
        try:
            self.workspace.note(note_report, self.job, report)
        except (DBAPIError, OSError):
            _log.warning("what a job reports is not stored yet", job=self.job.id, exc_info=True)
            with self._lock:
                self._lines.insert(0, report.lines)
                self._series.give_back(report.points)
                self._unsaid = True

    def take(self) -> Report | None:
        """Return what was reported since the last time, for the caller to store."""
        with self._lock:
            self._stored_at = time.monotonic()
            if not self._unsaid:
                return None
            self._unsaid = False
            lines, self._lines = self._lines, []
            points = self._series.take()
            remaining = None if self._fraction is None else self._pace.remaining(time.monotonic())
            return Report(
                progress=self._fraction,
                message=self._message,
                metrics=dict(self._metrics),
                lines="".join(lines),
                eta=None if remaining is None else now() + timedelta(seconds=remaining),
                points=points,
            )


class PartContext(JobContext):
    """A stretch of a job; see `KernelJobContext.part`."""

    def __init__(self, whole: KernelJobContext, start: float, end: float, apart: str = "") -> None:
        self.seed = whole.seed
        self._whole = whole
        self._start = start
        self._end = end
        self._apart = apart

    @property
    def folder(self) -> Path:
        """Return the job's scratch folder."""
        return self._whole.folder

    @property
    def checkpoints(self) -> Path:
        """Return the job's checkpoints, or those of what runs apart."""
        folder = self._whole.checkpoints / self._apart
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def artefacts(self) -> ProjectArtefacts:
        """Return what else the project has."""
        return self._whole.artefacts

    def part(self, start: float, end: float, apart: str = "") -> PartContext:
        """Return a context for a stretch of this one."""
        width = self._end - self._start
        name = f"{self._apart}/{apart}" if self._apart and apart else self._apart or apart
        lo, hi = self._start + start * width, self._start + end * width
        return PartContext(self._whole, lo, hi, name)

    def progress(self, fraction: float | None, message: str = "", **metrics: float) -> None:
        """Note how far this stretch has come; raise if the job was asked to stop."""
        done = 0.0 if fraction is None else min(max(fraction, 0.0), 1.0)
        said = {} if self._apart else metrics
        self._whole.progress(self._start + done * (self._end - self._start), message, **said)

    def log(self, line: str) -> None:
        """Append a line to the job's log."""
        self._whole.log(line)
