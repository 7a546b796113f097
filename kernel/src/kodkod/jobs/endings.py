"""What becomes of a job's row when a run of it is over."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from typing import Concatenate, ParamSpec, TypeVar

import structlog
from dramatiq import Broker
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import JobSpec
from kodkod.jobs.context import KernelJobContext
from kodkod.jobs.messages import job_message
from kodkod.jobs.outcome import Outcome
from kodkod.jobs.records import Account, end, note_account, note_waiting, put_back
from kodkod.jobs.scratch import drop_checkpoints
from kodkod.jobs.workspace import Workspace
from kodkod.plugins.wrapping import Spent
from kodkod.store.jobs import MAX_ATTEMPTS, JobRow

__all__ = ["Endings"]

_log = structlog.get_logger(__name__)
_OFFER_AGAIN_MS = 2_000
_STORE_AGAIN_SECONDS = 0.5

P = ParamSpec("P")
T = TypeVar("T")


class Endings:
    """Ends the rows of one worker's jobs, or puts them back into the queue.

    What came of a run is stored for as long as it takes, the disk being full perhaps, but for a
    worker that is `leaving`: otherwise others would take it to be dead, and run the job again.
    """

    def __init__(
        self, workspace: Workspace, broker: Broker, worker: str, leaving: threading.Event
    ) -> None:
        self._workspace = workspace
        self._broker = broker
        self._worker = worker
        self._leaving = leaving

    def settle(self, ctx: KernelJobContext, outcome: Outcome, spent: Spent) -> None:
        """End the row as done, failed or cancelled, if it is still this worker's.

        A job whose process died is queued again, once.
        """
        if outcome.state == "died" and ctx.job.attempts < MAX_ATTEMPTS:
            ctx.flush()
            _log.warning("job queued again", reason=outcome.error)
            self.note(ctx, outcome, spent)
            self.give_back(ctx, f"queued again: {outcome.error}", died=True)
            return
        error, state = outcome.error, outcome.state
        if state == "died":
            state, error = "failed", f"The job failed {MAX_ATTEMPTS} times: {error}."
        state = "cancelled" if state == "stopped" else state
        _log.info("job ended", kind=ctx.job.kind, state=state, seconds=round(outcome.seconds, 3))
        ended = self._store(
            end,
            ctx.job,
            self._worker,
            state,
            account=self._account(ctx, spent),
            report=ctx.take(),
            result=outcome.result,
            error=error,
            metrics=outcome.metrics | spent.metrics,
            seconds=outcome.seconds,
            **({"progress": 1.0} if state == "done" else {}),
        )
        if ended:
            drop_checkpoints(self._workspace, ctx.job.id)

    def cancelled(self, ctx: KernelJobContext, seconds: float, spent: Spent) -> None:
        """End the row of a job that was asked to stop and runs on."""
        ended = self._workspace.write(
            end,
            ctx.job,
            self._worker,
            "cancelled",
            account=self._account(ctx, spent),
            report=ctx.take(),
            metrics=ctx.metrics | spent.metrics,
            seconds=seconds,
        )
        if ended:
            drop_checkpoints(self._workspace, ctx.job.id)

    def note(self, ctx: KernelJobContext, outcome: Outcome, spent: Spent) -> None:
        """Note what a run took that does not end the job."""
        account = self._account(ctx, spent)
        if account is not None:
            self._store(note_account, ctx.job, account, outcome.state, outcome.seconds)

    def give_back(self, ctx: KernelJobContext, message: str, *, died: bool = False) -> None:
        """Queue the job again; the run counts as one of its attempts only if it `died`."""
        row = ctx.job
        attempts = row.attempts if died else row.attempts - 1
        if self._store(put_back, row, self._worker, message=message, attempts=attempts):
            self._broker.enqueue(job_message(row.id, row.queue))

    def wait(self, row: JobRow, message: str) -> None:
        """Let a queued job say what it waits for, and offer it again after some seconds."""
        if row.message != message:
            self._workspace.write(note_waiting, row, message)
        self._broker.enqueue(job_message(row.id, row.queue), delay=_OFFER_AGAIN_MS)

    def offer_later(self, ctx: KernelJobContext, message: str) -> None:
        """Queue the job again, to be offered after some seconds."""
        row = ctx.job
        if self._workspace.write(
            put_back, row, self._worker, message=message, attempts=row.attempts - 1
        ):
            self._broker.enqueue(job_message(row.id, row.queue), delay=_OFFER_AGAIN_MS)

    def move(self, ctx: KernelJobContext, queue: str, message: str) -> None:
        """Put the job onto another queue."""
        row = ctx.job
        if self._workspace.write(
            put_back, row, self._worker, message=message, attempts=row.attempts - 1, queue=queue
        ):
            self._broker.enqueue(job_message(row.id, queue))

    def _store(
        self,
        change: Callable[Concatenate[AsyncConnection, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        while True:
            try:
                return self._workspace.write(change, *args, **kwargs)
            except (OperationalError, InterfaceError, OSError) as error:
                _log.warning("what came of a job is not stored yet", reason=str(error))
                if self._leaving.wait(_STORE_AGAIN_SECONDS):
                    raise

    def _account(self, ctx: KernelJobContext, spent: Spent) -> Account | None:
        if spent.energy is None:
            return None
        project = ctx.project if ctx.job.project_id is not None else None
        spec = self._workspace.registry.spec("job", ctx.job.kind)
        per_row = isinstance(spec, JobSpec) and spec.per_row
        return Account(
            energy=spent.energy,
            project=project.slug if project else None,
            rows=project.n_rows if project and per_row else None,
        )
