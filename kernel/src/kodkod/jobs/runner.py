"""What a worker does with a job's id: claim, run, store."""

from __future__ import annotations

import os
import threading
import time
from contextlib import AbstractContextManager

import structlog
from dramatiq import Broker
from structlog.contextvars import bound_contextvars

from kodkod.api import Cancelled, Job, JobInfo, KodkodError, free_gpu_cache
from kodkod.jobs.card_gate import CardGate
from kodkod.jobs.context import GRACE_SECONDS, KernelJobContext
from kodkod.jobs.endings import Endings
from kodkod.jobs.heavy import run_child
from kodkod.jobs.kinds.project_job import ProjectJob
from kodkod.jobs.needs import Needs, needs_of
from kodkod.jobs.outcome import Outcome, job_component, job_context, run_component
from kodkod.jobs.records import claim
from kodkod.jobs.workspace import Workspace
from kodkod.plugins.wrapping import Spent
from kodkod.store.jobs import JobRow, beat, find_job, is_to_stop
from kodkod.store.people import name_of

__all__ = ["ABANDONED", "JobRunner"]

ABANDONED = 70
"""Exit status of a worker that left a job running which did not stop when it was asked to."""
_UNSAID_NEED_MB = 4_096
"""What a component is taken to need of a card whose author does not say."""
_LEAVING = "queued again: its worker was stopped"

_log = structlog.get_logger(__name__)


class JobFailedError(KodkodError):
    """What wrappers hear when a job failed."""


class JobRunner:
    """Runs the jobs of one worker, one at a time, on one `card` (its uuid) or on none.

    Somebody calls `beat` every second from another thread, and `listen` more often.
    """

    def __init__(
        self, workspace: Workspace, broker: Broker, worker: str, card: str | None = None
    ) -> None:
        self._workspace = workspace
        self._worker = worker
        self._gate = None if card is None else CardGate(workspace, card)
        self._current: KernelJobContext | None = None
        self._in_child = False
        self._wrapping: tuple[AbstractContextManager[Spent], Spent, float] | None = None
        self._leaving = threading.Event()
        self._endings = Endings(workspace, broker, worker, self._leaving)
        self._turn = threading.Lock()

    @property
    def current(self) -> str | None:
        """Return the id of the job that runs now."""
        ctx = self._current
        return None if ctx is None else ctx.job.id

    def run(self, job_id: str) -> None:
        """Run a job, if it is still queued: a message may come twice, a claim succeeds once."""
        if self._leaving.is_set() or self._must_wait(job_id):
            return
        row = self._workspace.note(claim, job_id, self._worker)
        if row is None:
            return
        with (
            bound_contextvars(job=row.id, request_id=row.request_id),
            job_context(self._workspace, row, self._worker) as ctx,
        ):
            _log.info("job started", kind=row.kind, attempt=row.attempts)
            self._current, self._wrapping = ctx, None
            if self._leaving.is_set():
                self._stop(ctx)
            try:
                self._run(ctx)
            finally:
                with self._turn:
                    self._current = None
                if self._gate is not None:
                    free_gpu_cache()

    def leave(self) -> None:
        """Stop the current job, which goes back into the queue, and take no other."""
        self._leaving.set()
        ctx = self._current
        if ctx is not None:
            self._stop(ctx)

    def beat(self) -> None:
        """Keep the current job alive, and hear whether it was asked to stop."""
        ctx = self._current
        if ctx is None:
            return
        if self._workspace.note(beat, ctx.job.id, self._worker):
            self._stop(ctx)
        ctx.flush()

    def listen(self) -> None:
        """Hear soon whether the current job was asked to stop: to look costs less than to beat."""
        ctx = self._current
        if ctx is not None and self._workspace.read(is_to_stop, ctx.job.id, self._worker):
            self._stop(ctx)

    def _run(self, ctx: KernelJobContext) -> None:
        try:
            job = job_component(self._workspace, ctx.job)
            needs = self._needs(ctx.job, job)
            ctx.grace = needs.grace
        except KodkodError as error:
            self._endings.settle(ctx, Outcome(state="failed", error=error.message), Spent())
            return
        if not self._admitted(ctx, needs):
            return
        outcome, spent = self._wrapped(ctx, job, needs)
        if outcome.state == "stopped" and self._leaving.is_set():
            ctx.flush()
            self._endings.note(ctx, outcome, spent)
            self._endings.give_back(ctx, _LEAVING)
        else:
            self._endings.settle(ctx, outcome, spent)

    def _wrapped(self, ctx: KernelJobContext, job: Job, needs: Needs) -> tuple[Outcome, Spent]:
        """Run the job within the plugins' wrappers, which hear of its failure."""
        outcome = Outcome(state="stopped")
        spent = Spent()
        try:
            wrapping = self._workspace.registry.wrap(self._info(ctx), ctx.reported)
            with wrapping as spent:
                self._wrapping = (wrapping, spent, time.monotonic())
                outcome = self._outcome(ctx, job, needs)
                with self._turn:
                    ctx.ended = True
                if outcome.state == "stopped":
                    raise Cancelled
                if outcome.error is not None:
                    raise JobFailedError(outcome.error)
        except (Cancelled, JobFailedError):
            pass
        return outcome, spent

    def _outcome(self, ctx: KernelJobContext, job: Job, needs: Needs) -> Outcome:
        if not needs.heavy:
            return run_component(ctx, job)
        self._in_child = True
        try:
            outcome = run_child(ctx, self._worker)
        finally:
            self._in_child = False
        ctx.adopt(outcome.metrics)
        return outcome

    def _needs(self, row: JobRow, job: Job) -> Needs:
        needs = needs_of(self._workspace.registry.spec("job", row.kind), row.params)
        return needs | job.needs(self._workspace) if isinstance(job, ProjectJob) else needs

    def _must_wait(self, job_id: str) -> bool:
        """Tell whether a job has no room on the card now; it stays queued, and says so."""
        if self._gate is None:
            return False
        try:
            row = self._workspace.read(find_job, job_id)
            needs = self._needs(row, job_component(self._workspace, row))
        except KodkodError:
            return False  # Whoever claims it will say what is wrong with it.
        if not needs.gpu or row.state != "queued":
            return False
        need_mb = _mb(needs)
        if self._gate.never(need_mb) is not None:
            return False
        admission = self._gate.room(job_id, need_mb)
        if not admission.fits:
            self._endings.wait(row, admission.reason)
        return not admission.fits

    def _admitted(self, ctx: KernelJobContext, needs: Needs) -> bool:
        """Tell whether the job may start; one that does not fit the card now is put back."""
        if self._gate is None or not needs.gpu:
            return True
        need_mb = _mb(needs)
        never = self._gate.never(need_mb)
        if never is not None:
            ctx.log(f"{never} It runs on processors instead.")
            ctx.flush()
            self._endings.move(ctx, "cpu", never)
            return False
        admission = self._gate.admit(ctx.job.id, need_mb)
        if not admission.fits:
            self._endings.offer_later(ctx, admission.reason)
        return admission.fits

    def _stop(self, ctx: KernelJobContext) -> None:
        """Ask the current job to stop, and see that it does."""
        if not ctx.stopping:
            ctx.stop()
            self._look_in(ctx.grace, ctx)

    def _look_in(self, seconds: float, ctx: KernelJobContext) -> None:
        timer = threading.Timer(seconds, self._end_deaf, (ctx,))
        timer.daemon = True
        timer.start()

    def _end_deaf(self, ctx: KernelJobContext) -> None:
        """End this process if the job runs on; who has heard and cleans up gets more time."""
        since = ctx.stopping_since or 0.0
        if ctx.heard and time.monotonic() - since < GRACE_SECONDS:
            self._look_in(GRACE_SECONDS, ctx)
            return
        with self._turn:
            if self._current is ctx and not self._in_child and not ctx.ended:
                self._abandon(ctx)

    def _abandon(self, ctx: KernelJobContext) -> None:
        """End this process: a thread that does not listen cannot be ended otherwise."""
        _log.warning("a job does not stop; its worker ends", job=ctx.job.id, kind=ctx.job.kind)
        try:
            if self._leaving.is_set():
                self._endings.give_back(ctx, _LEAVING)
            else:
                self._endings.cancelled(ctx, *self._spent_so_far())
        except Exception:  # noqa: BLE001 - logged; a silent worker's job is taken up by others
            _log.exception("a job that does not stop could not be ended", job=ctx.job.id)
        finally:
            os._exit(ABANDONED)

    def _spent_so_far(self) -> tuple[float, Spent]:
        """End the wrappers of the current job under it; return its seconds and what they say."""
        if self._wrapping is None:
            return 0.0, Spent()
        wrapping, spent, began = self._wrapping
        wrapping.__exit__(None, None, None)
        return time.monotonic() - began, spent

    def _info(self, ctx: KernelJobContext) -> JobInfo:
        row = ctx.job
        return JobInfo(
            id=row.id,
            kind=row.kind,
            queue=row.queue,
            user=self._workspace.warm.names.get(
                row.user_id, lambda: self._workspace.read(name_of, row.user_id)
            ),
            project=None if row.project_id is None else ctx.project.slug,
            params=row.params,
        )


def _mb(needs: Needs) -> int:
    return _UNSAID_NEED_MB if needs.gpu_mb is None else needs.gpu_mb
