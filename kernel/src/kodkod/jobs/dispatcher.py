"""The server's side of jobs: submit, cancel, and see that none is forgotten."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, cast

import msgspec
import structlog
from dramatiq import Broker
from sqlalchemy.exc import DBAPIError

from kodkod.api import ConflictError, JobInfo, JobSpec, Params, UnavailableError, decode_params
from kodkod.jobs.messages import QUEUES, job_message
from kodkod.jobs.pulse import SILENT_SECONDS
from kodkod.jobs.records import ask_to_stop, end_queued, queue, rescue_orphans, rescue_silent
from kodkod.plugins import PluginRegistry
from kodkod.store.artefacts import new_id
from kodkod.store.database import Database, now
from kodkod.store.jobs import JobRow, delete_finished, list_jobs
from kodkod.store.projects import Project

__all__ = ["Dispatcher"]

_ENQUEUE_SECONDS = 10.0
_RECOVER_SECONDS = 2.0
_RESEND_SECONDS = 30.0
_RESEND_MOST = 1_000
_HISTORY = 20

_log = structlog.get_logger(__name__)


class Dispatcher:
    """Turns wishes into rows and messages. Methods belong to one event loop."""

    def __init__(self, database: Database, broker: Broker, registry: PluginRegistry) -> None:
        self._database = database
        self._broker = broker
        self._registry = registry
        # Brokers keep a connection for each thread; one thread means one connection.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="enqueue")
        self._resends: dict[str, tuple[float, float]] = {}
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Recover what an earlier server left, now and every few seconds."""
        await self.recover()
        self._task = asyncio.create_task(self._keep_recovering(), name="job recovery")

    async def stop(self) -> None:
        """Recover no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        self._thread.shutdown(wait=False)

    async def submit(
        self,
        kind: str,
        params: dict[str, Any],
        *,
        user_id: int,
        username: str,
        project: Project | None,
        lock_key: str | None = None,
        queue_name: str | None = None,
    ) -> JobRow:
        """Queue a job and return its row.

        An exclusive kind lets one job of a user and project be live at a time; `lock_key` says
        otherwise what may be live once. `queue_name` overrides the kind's queue (a feature
        that needs a GPU).

        Raises:
            NotFoundError: there is no such kind.
            InvalidParamsError: the params are not acceptable.
            ConflictError: a plugin refuses, or a job under the same lock is live.
            UnavailableError: the broker does not answer; the job is marked failed.
        """
        spec = cast("JobSpec", self._registry.spec("job", kind))
        job_id = new_id()
        row = JobRow(
            id=job_id,
            kind=kind,
            queue=queue_name or spec.queue,
            project_id=project.id if project else None,
            user_id=user_id,
            params=_plain(decode_params(spec.params, params)),
            lock_key=lock_key or _default_lock(spec, job_id, user_id, project),
            created_at=now(),
        )
        await self._admit(row, username, project)
        async with self._database.write() as connection:
            await queue(connection, row)
            if lock_key is not None:
                await delete_finished(connection, lock_key=lock_key, keep=_HISTORY)
        try:
            await self._enqueue(row)
        except UnavailableError as error:
            async with self._database.write() as connection:
                await end_queued(connection, row, error.message)
            raise
        return row

    async def cancel(self, job_id: str) -> JobRow:
        """Cancel a queued job at once; ask a running one to stop; leave a finished one alone.

        Raises:
            NotFoundError: there is no such job.
        """
        async with self._database.write() as connection:
            return await ask_to_stop(connection, job_id)

    async def recover(self) -> None:
        """Queue again the jobs of dead workers, and send again messages that may be lost.

        A message too many does no harm: a job is claimed once.
        """
        async with self._database.write() as connection:
            rescued = await rescue_silent(connection, timedelta(seconds=SILENT_SECONDS))
        async with self._database.read() as connection:
            waiting = await list_jobs(connection, states=("queued",), limit=_RESEND_MOST)
        self._resends = {
            row.id: self._resends[row.id] for row in waiting if row.id in self._resends
        }
        for row in rescued:
            self._resends.pop(row.id, None)
        for row in waiting:
            if self._due(row):
                await self._resend(row)

    async def worker_died(self, worker: str) -> None:
        """Queue a dead worker's job again at once."""
        async with self._database.write() as connection:
            rescued = await rescue_orphans(connection, worker)
        for row in rescued:
            if row.state == "queued":
                await self._resend(row)

    async def _admit(self, row: JobRow, username: str, project: Project | None) -> None:
        info = JobInfo(
            id=row.id,
            kind=row.kind,
            queue=row.queue,
            user=username,
            project=project.slug if project else None,
            params=row.params,
        )
        refusal = self._registry.admit(info)
        if refusal is not None:
            raise ConflictError(f"The job was not accepted: {refusal}")

    def _due(self, row: JobRow) -> bool:
        """Tell whether to send again, after pauses that double: a long queue is not flooded."""
        present = time.monotonic()
        if row.id not in self._resends:
            waited = (now() - row.created_at).total_seconds()
            fresh = waited < _RESEND_SECONDS and row.attempts == 0
            self._resends[row.id] = (present + _RESEND_SECONDS, _RESEND_SECONDS * 2)
            return not fresh
        at, pause = self._resends[row.id]
        if present < at:
            return False
        self._resends[row.id] = (present + pause, pause * 2)
        return True

    async def _resend(self, row: JobRow) -> None:
        try:
            await self._enqueue(row)
        except UnavailableError as error:
            _log.warning("job not sent again yet", job=row.id, reason=error.message)

    async def _enqueue(self, row: JobRow) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_ENQUEUE_SECONDS):
                await loop.run_in_executor(self._thread, self._send, row)
        except Exception as error:  # each broker raises errors of its own
            raise UnavailableError(
                f"The job could not be queued: the broker does not answer ({error}). Try again; "
                "if it goes on, tell whoever runs this server."
            ) from error

    def _send(self, row: JobRow) -> None:
        for name in QUEUES:
            self._broker.declare_queue(name)
        self._broker.enqueue(job_message(row.id, row.queue))

    async def _keep_recovering(self) -> None:
        while True:
            await asyncio.sleep(_RECOVER_SECONDS)
            try:
                await self.recover()
            except (DBAPIError, OSError):
                _log.exception("jobs could not be looked after; trying again")


def _default_lock(spec: JobSpec, job_id: str, user_id: int, project: Project | None) -> str:
    if not spec.exclusive:
        return job_id
    return f"{user_id}:{project.id if project else ''}"


def _plain(params: Params) -> dict[str, Any]:
    """Return what a worker will read from the row: hooks see no other types."""
    return msgspec.json.decode(msgspec.json.encode(params))
