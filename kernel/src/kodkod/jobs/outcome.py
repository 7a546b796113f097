"""Running a job's component, and what came of it."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, cast

import msgspec
import structlog
from msgspec import Struct

from kodkod.api import Cancelled, Job, KodkodError
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.disk import disk_trouble
from kodkod.jobs.scratch import scratch_folder
from kodkod.jobs.workspace import Workspace
from kodkod.store.jobs import JobRow
from kodkod.store.projects import project_with_id

__all__ = ["Outcome", "job_component", "job_context", "run_component"]

_log = structlog.get_logger(__name__)
_SEED_MAX = 2**31


class Outcome(Struct, frozen=True, kw_only=True):
    """What came of one run.

    `stopped` means that it let a request to stop through, `died` that its process ended on its
    own and `error` says how.
    """

    state: Literal["done", "failed", "stopped", "died"]
    result: dict[str, Any] | None = None
    error: str | None = None
    metrics: dict[str, float] = {}
    seconds: float = 0.0


def job_component(workspace: Workspace, row: JobRow) -> Job[Any]:
    """Build the component that a row names.

    Raises:
        KodkodError: no plugin has the kind any more, or the params are not acceptable.
    """
    return cast("Job[Any]", workspace.registry.build("job", row.kind, row.params))


@contextmanager
def job_context(workspace: Workspace, row: JobRow, run: str) -> Iterator[KernelJobContext]:
    """Give the context for one run; its scratch folder is deleted when the run is over."""
    project = None if row.project_id is None else workspace.read(project_with_id, row.project_id)
    seed = int(row.params.get("seed", int(row.id, 16))) % _SEED_MAX
    with scratch_folder(workspace, row.id, run, again=row.attempts > 1) as folder:
        yield KernelJobContext(workspace, row, project, folder, seed)


def run_component(ctx: KernelJobContext, job: Job[Any]) -> Outcome:
    """Run to the end, whatever the end is; a traceback goes to the job's log only."""
    began = time.monotonic()
    state: Literal["done", "failed", "stopped"] = "done"
    result = error = None
    try:
        result = job.run(ctx)
    except Cancelled:
        state = "stopped"
    except KodkodError as problem:
        state, error = "failed", problem.message
        ctx.log(traceback.format_exc())
    except (Exception, SystemExit) as problem:  # noqa: BLE001 - a component's error fails its job, nothing else
        trouble = disk_trouble(problem)
        state, error = "failed", trouble or f"{type(problem).__name__}: {problem}"
        ctx.log(traceback.format_exc())
        if trouble is None:
            _log.exception("job failed", kind=ctx.job.kind)
    return Outcome(
        state=state,
        result=None if result is None else msgspec.to_builtins(result),
        error=error,
        metrics=ctx.metrics,
        seconds=time.monotonic() - began,
    )
