"""The context that a component runs in."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from kodkod.api import Cancelled, JobContext
from kodkod.jobs.records import Report, note_report
from kodkod.jobs.workspace import Workspace
from kodkod.store.jobs import JobRow
from kodkod.store.projects import Project, project_with_id

__all__ = ["KernelJobContext"]

REPORT_SECONDS = 0.2


class KernelJobContext(JobContext):
    """A job's context, with what the kernel's own job kinds need beyond the API.

    What is reported is stored five times a second at most; `flush` stores the rest. `stop`
    makes the next `progress` raise. Any thread may call any method.
    """

    def __init__(
        self, workspace: Workspace, job: JobRow, project: Project | None, folder: Path, seed: int
    ) -> None:
        self.workspace = workspace
        self.job = job
        self.folder = folder
        self.seed = seed
        self._project = project
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._stored_at = time.monotonic()
        self._fraction: float | None = None
        self._message = ""
        self._metrics: dict[str, float] = {}
        self._lines: list[str] = []
        self._unsaid = False

    @property
    def project(self) -> Project:
        """Return the project as it was when the job started or last refreshed it.

        Raises:
            LookupError: the job belongs to none, or the project was deleted meanwhile.
        """
        if self._project is None:
            raise LookupError(f"job {self.job.id} belongs to no project")
        return self._project

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

    def stop(self) -> None:
        """Let the next `progress` raise."""
        self._stopping.set()

    def progress(self, fraction: float | None, message: str = "", **metrics: float) -> None:
        """Note how far the work has come; raise if it was asked to stop."""
        if self._stopping.is_set():
            raise Cancelled
        with self._lock:
            self._fraction = None if fraction is None else min(max(float(fraction), 0.0), 1.0)
            self._message = message or self._message
            self._metrics |= {name: float(value) for name, value in metrics.items()}
            self._unsaid = True
        if time.monotonic() - self._stored_at >= REPORT_SECONDS:
            self.flush()

    def log(self, line: str) -> None:
        """Append a line."""
        with self._lock:
            self._lines.append(line.rstrip("\n") + "\n")
            self._unsaid = True

    def part(self, start: float, end: float) -> JobContext:
        """Return a context whose progress from 0 to 1 is this one's from `start` to `end`."""
        return _Part(self, start, end)

    def flush(self) -> None:
        """Store what was reported since the last time."""
        with self._lock:
            self._stored_at = time.monotonic()
            if not self._unsaid:
                return
            self._unsaid = False
            lines, self._lines = self._lines, []
            report = Report(
                progress=self._fraction,
                message=self._message,
                metrics=dict(self._metrics),
                lines="".join(lines),
            )
        self.workspace.write(note_report, self.job, report)


class _Part(JobContext):
    def __init__(self, whole: KernelJobContext, start: float, end: float) -> None:
        self.folder = whole.folder
        self.seed = whole.seed
        self._whole = whole
        self._start = start
        self._end = end

    def progress(self, fraction: float | None, message: str = "", **metrics: float) -> None:
        done = 0.0 if fraction is None else min(max(fraction, 0.0), 1.0)
        self._whole.progress(self._start + done * (self._end - self._start), message, **metrics)

    def log(self, line: str) -> None:
        self._whole.log(line)
