"""What a worker does with a job's id: claim, run, store."""

from __future__ import annotations

import threading

import structlog
from dramatiq import Broker

from kodkod.api import JobSpec, KodkodError
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.heavy import run_child
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.messages import job_message
from kodkod.jobs.outcome import (
    Outcome,
    job_component,
    job_context,
    run_component,
    store_outcome,
)
from kodkod.jobs.pulse import Pulse
from kodkod.jobs.records import claim, end, put_back
from kodkod.jobs.workspace import Workspace
from kodkod.store.jobs import MAX_ATTEMPTS, JobRow, beat

__all__ = ["JobRunner"]

_log = structlog.get_logger(__name__)


class JobRunner:
    """Runs the jobs of one worker, one at a time."""

    def __init__(self, workspace: Workspace, broker: Broker, worker: str) -> None:
        self._workspace = workspace
        self._broker = broker
        self._worker = worker
        self._current: KernelJobContext | None = None
        self._leaving = threading.Event()

    def run(self, job_id: str) -> None:
        """Run a job, if it is still queued: a message may come twice, a claim succeeds once."""
        if self._leaving.is_set():
            return
        row = self._workspace.write(claim, job_id, self._worker)
        if row is None:
            return
        with job_context(self._workspace, row, self._worker) as ctx:
            self._current = ctx
            if self._leaving.is_set():
                ctx.stop()
            try:
                with Pulse(lambda: self._beat(ctx)):
                    self._run(ctx)
            finally:
                self._current = None

    def leave(self) -> None:
        """Stop the current job, which goes back into the queue, and take no other."""
        self._leaving.set()
        if self._current is not None:
            self._current.stop()

    def _beat(self, ctx: KernelJobContext) -> None:
        if self._workspace.write(beat, ctx.job.id, self._worker):
            ctx.stop()
        ctx.flush()

    def _run(self, ctx: KernelJobContext) -> None:
        try:
            job = job_component(self._workspace, ctx.job)
            spec = self._workspace.registry.spec("job", ctx.job.kind)
            heavy = isinstance(spec, JobSpec) and spec.resources.heavy
            if isinstance(job, ProjectJob):
                heavy = heavy or job.resources(self._workspace).heavy
        except KodkodError as error:
            store_outcome(ctx, self._worker, Outcome(state="failed", error=error.message))
            return
        if heavy:
            self._run_child(ctx)
            return
        outcome = run_component(ctx, job)
        if outcome.state == "stopped" and self._leaving.is_set():
            ctx.flush()
            self._put_back(ctx.job, "queued again: its worker was stopped", died=False)
        else:
            store_outcome(ctx, self._worker, outcome)

    def _run_child(self, ctx: KernelJobContext) -> None:
        ended = run_child(ctx, self._worker)
        if ended.how == "stopped" and self._leaving.is_set():
            self._put_back(ctx.job, "queued again: its worker was stopped", died=False)
        elif ended.how == "stopped":
            self._workspace.write(end, ctx.job, self._worker, "cancelled")
        elif ended.how == "died" and ctx.job.attempts < MAX_ATTEMPTS:
            _log.warning("job queued again", job=ctx.job.id, reason=ended.reason)
            self._put_back(ctx.job, f"queued again: {ended.reason}", died=True)
        elif ended.how == "died":
            reason = f"The job failed {MAX_ATTEMPTS} times: {ended.reason}."
            self._workspace.write(end, ctx.job, self._worker, "failed", error=reason)

    def _put_back(self, row: JobRow, message: str, *, died: bool) -> None:
        attempts = row.attempts if died else row.attempts - 1
        ours = self._workspace.write(
            put_back, row, self._worker, message=message, attempts=attempts
        )
        if ours:
            self._broker.enqueue(job_message(row.id, row.queue))
