"""The server's side of jobs: submit, cancel, and see that none is forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, cast

import msgspec
import structlog
from dramatiq import Broker
from sqlalchemy.exc import DBAPIError
from structlog.contextvars import get_contextvars

from kodkod.api import JobSpec, NotFoundError, Params, UnavailableError, decode_params
from kodkod.jobs.admission import Admission
from kodkod.jobs.brokers.broker import waiting_messages
from kodkod.jobs.lost_messages import LostMessages
from kodkod.jobs.messages import QUEUES, job_message
from kodkod.jobs.needs import subject_of
from kodkod.jobs.pulse import SILENT_SECONDS
from kodkod.jobs.records import (
    ask_to_stop,
    end_queued,
    move_unserved,
    queue,
    rescue_orphans,
    rescue_silent,
)
from kodkod.plugins import PluginRegistry
from kodkod.project.live import check_unlocked
from kodkod.settings import Settings
from kodkod.store.artefacts import list_models, new_id
from kodkod.store.database import Database, now
from kodkod.store.jobs import JobRow, count_queued, delete_finished, list_jobs
from kodkod.store.projects import Project
from kodkod.store.workers import forget_worker, queues_served

__all__ = ["Dispatcher"]

_BROKER_SECONDS = 10.0
_RECOVER_SECONDS = 2.0
_RESEND_MOST = 10_000
_HISTORY = 20

_log = structlog.get_logger(__name__)


class Dispatcher:
    """Turns wishes into rows and messages. Methods belong to one event loop."""

    def __init__(
        self, settings: Settings, database: Database, broker: Broker, registry: PluginRegistry
    ) -> None:
        self._settings = settings
        self._database = database
        self._broker = broker
        self._registry = registry
        self._admission = Admission(database, registry)
        # Brokers keep a connection for each thread; one thread means one connection.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="enqueue")
        self._lost = LostMessages()
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
        gpu: bool = False,
        subject: str = "",
    ) -> JobRow:
        """Queue a job and return its row.

        An exclusive kind lets one job of a user and project be live at a time; `lock_key` says
        otherwise what may be live once. A job for a `gpu` goes to the processors where no worker
        has a card. `subject` says what the job is of (see `subject_of`), where it is not the
        component that the params name.

        Raises:
            NotFoundError: there is no such kind, or the project hides the scheme it is about.
            ForbiddenError: whoever asks may only see that scheme.
            InvalidParamsError: the params are not acceptable.
            ConflictError: a plugin refuses, a job under the same lock is live, or too many of the
                user's jobs wait.
            UnavailableError: the broker does not answer; the job is marked failed.
        """
        spec = cast("JobSpec", self._registry.spec("job", kind))
        job_id = new_id()
        row = JobRow(
            id=job_id,
            kind=kind,
            queue=spec.queue,
            project_id=project.id if project else None,
            user_id=user_id,
            params=_plain(decode_params(spec.params, params)),
            lock_key=lock_key or _default_lock(spec, job_id, user_id, project),
            created_at=now(),
            request_id=get_contextvars().get("request_id"),
            subject=subject or _subject(params),
            scheme_id=await self._scheme_of(params, project),
        )
        row = await self._admission.admit(row, spec, username, project)
        if gpu:
            row = msgspec.structs.replace(row, queue=await self._gpu_queue())
        # Guides are the project's own, and are bounded by their locks.
        most = None if lock_key is not None else self._settings.max_queued
        await self._database.change(queue, row, most=most)
        _log.info("job queued", job=row.id, kind=kind)
        if lock_key is not None:
            await self._database.change(delete_finished, lock_key=lock_key, keep=_HISTORY)
        try:
            await self._enqueue([row])
        except UnavailableError as error:
            await self._database.change(end_queued, row, error.message)
            raise
        return row

    async def cancel(self, job_id: str) -> JobRow:
        """Cancel a queued job at once; ask a running one to stop; leave a finished one alone.

        Raises:
            NotFoundError: there is no such job.
        """
        return await self._database.change(ask_to_stop, job_id)

    async def recover(self) -> None:
        """Queue again the jobs of dead workers, and send again messages that were lost.

        A message too many does no harm: a job is claimed once.
        """
        silent = timedelta(seconds=SILENT_SECONDS)
        again = [
            row
            for row in await self._database.change(rescue_silent, silent)
            if row.state == "queued"
        ]
        async with self._database.read() as connection:
            queued = await count_queued(connection)
            served = await queues_served(connection)
        if queued.get("gpu") and "gpu" not in served and "cpu" in served:
            again += await self._database.change(move_unserved, "gpu", "cpu")
        await self._resend(again)
        await self._resend(await self._unsent(queued))

    async def worker_died(self, worker: str) -> None:
        """Queue a dead worker's job again at once."""
        rescued = await self._database.change(rescue_orphans, worker)
        await self._database.change(forget_worker, worker)
        await self._resend(row for row in rescued if row.state == "queued")

    async def waiting(self) -> dict[str, int]:
        """Return how many messages of each queue no worker has taken yet.

        Raises:
            UnavailableError: the broker does not answer.
        """
        return await self._ask_broker(self._count)

    async def _unsent(self, queued: dict[str, int]) -> list[JobRow]:
        if not queued:
            self._lost.short({}, {})
            return []
        try:
            short = self._lost.short(queued, await self.waiting())
        except UnavailableError as error:
            _log.warning("the broker could not be asked what waits", reason=error.message)
            return []
        if not short:
            return []
        async with self._database.read() as connection:
            rows = await list_jobs(connection, states=("queued",), limit=_RESEND_MOST)
        # Oldest first, as they would have come.
        return [row for row in reversed(rows) if row.queue in short]

    async def _scheme_of(self, params: dict[str, Any], project: Project | None) -> int | None:
        """Return the scheme that a job is about: named itself, or by a model that learnt it."""
        if project is None:
            return None
        key = _model_named(params)
        scheme_id: int | None = params.get("scheme_id")
        if scheme_id is None and key is not None:
            async with self._database.read() as connection:
                models = await list_models(connection, project.id)
            known = {each.name: each.scheme_id for each in models}
            scheme_id = (known | {each.id: each.scheme_id for each in models}).get(key)
        if scheme_id in project.hidden:
            raise NotFoundError(f"The project has no model {key!r}.")
        check_unlocked(project, scheme_id)
        return scheme_id

    async def _gpu_queue(self) -> str:
        async with self._database.read() as connection:
            return "gpu" if "gpu" in await queues_served(connection) else "cpu"

    async def _resend(self, rows: Iterable[JobRow]) -> None:
        rows = list(rows)
        if not rows:
            return
        try:
            await self._enqueue(rows)
        except UnavailableError as error:
            _log.warning("jobs not sent again yet", jobs=len(rows), reason=error.message)

    async def _enqueue(self, rows: list[JobRow]) -> None:
        await self._ask_broker(self._send, rows)

    async def _ask_broker(self, ask: Any, *args: Any) -> Any:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_BROKER_SECONDS):
                return await loop.run_in_executor(self._thread, ask, *args)
        except Exception as error:  # each broker raises errors of its own
            raise UnavailableError(
                f"The job could not be queued: the broker does not answer ({error}). Try again; "
                "if it goes on, tell whoever runs this server."
            ) from error

    def _send(self, rows: list[JobRow]) -> None:
        self._declare()
        for row in rows:
            self._broker.enqueue(job_message(row.id, row.queue))

    def _count(self) -> dict[str, int]:
        self._declare()
        return {name: waiting_messages(self._broker, name) for name in QUEUES}

    def _declare(self) -> None:
        for name in QUEUES:
            self._broker.declare_queue(name)

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


def _model_named(params: dict[str, Any]) -> str | None:
    """Return the model that a job is about, or that a component reads; by id or name."""
    of_component = params.get("params")
    read = of_component.get("model") if isinstance(of_component, dict) else None
    return params.get("model_id") or params.get("first_id") or read


def _subject(params: dict[str, Any]) -> str:
    component = params.get("component")
    return subject_of(component, params.get("params") or {}) if component else ""


def _plain(params: Params) -> dict[str, Any]:
    """Return what a worker will read from the row: hooks see no other types."""
    return msgspec.json.decode(msgspec.json.encode(params))
