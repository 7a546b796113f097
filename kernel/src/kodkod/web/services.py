"""What the routes work with: made once for each server, opened and closed with it."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError

from kodkod.api import ConflictError, Event, InvalidInputError
from kodkod.jobs.brokers.broker import make_broker
from kodkod.jobs.dispatcher import Dispatcher
from kodkod.jobs.indexer import Indexer
from kodkod.jobs.map_follower import MapFollower
from kodkod.jobs.needs import subject_of
from kodkod.jobs.refresher import Refresher
from kodkod.jobs.remains import sweep_remains
from kodkod.jobs.supervisor import Supervisor
from kodkod.plugins import PluginRegistry
from kodkod.plugins.sections import check_sections
from kodkod.project.creation import Workshop
from kodkod.project.residency import Residency
from kodkod.settings import Settings
from kodkod.store.artefacts import list_features
from kodkod.store.audit import purge_audit
from kodkod.store.database import Database, now
from kodkod.store.events import EventRow, add_event, purge_events
from kodkod.store.follow import Follower
from kodkod.store.jobs import purge_jobs
from kodkod.store.log import LogWriter
from kodkod.store.people import Identity, purge_tokens
from kodkod.store.projects import Project, project_with_id
from kodkod.store.redirected import purge_redirected
from kodkod.store.tasks import late_tasks
from kodkod.store.workers import purge_workers
from kodkod.web.access import Access
from kodkod.web.encoder import Encoder
from kodkod.web.ending import purge_due
from kodkod.web.enrolling import EnrolmentDesk
from kodkod.web.events import EventHub
from kodkod.web.leftovers import sweep_leftovers
from kodkod.web.metrics import Metrics
from kodkod.web.monitor import Monitor
from kodkod.web.names import Names
from kodkod.web.origin import TrustedProxies
from kodkod.web.postman import Postman
from kodkod.web.progress_book import ProgressBook
from kodkod.web.reach import features_of
from kodkod.web.redirecting import RedirectDesk
from kodkod.web.sign_in import SignInDesk
from kodkod.web.stopping_watch import StoppingWatch
from kodkod.web.throttle import Throttle, purge_throttle
from kodkod.web.traffic import Traffic

__all__ = ["Services", "make_services", "open_services"]

_log = structlog.get_logger("kodkod.web")
_TIDY_SECONDS = 60.0
_NOTING_SECONDS = 2.0
_EVENTS_KEPT = timedelta(days=7)

_READ_BY_LIVE = frozenset(
    {
        "feature",
        "extend-feature",
        "index",
        "train",
        "predict",
        "label",
        "projection",
        "extend-projection",
    }
)


@dataclass(kw_only=True)
class Services:
    """The server's parts. Handlers take it as the argument `services`."""

    settings: Settings
    registry: PluginRegistry
    database: Database
    access: Access
    sign_in: SignInDesk
    redirects: RedirectDesk
    proxies: TrustedProxies
    names: Names
    workshop: Workshop
    enrolment: EnrolmentDesk = field(init=False)
    progress: ProgressBook = field(init=False)
    supervisor: Supervisor | None = None
    metrics: Metrics = field(default_factory=Metrics)
    traffic: Traffic = field(init=False)
    monitor: Monitor = field(init=False)
    postman: Postman = field(init=False)
    stopping_watch: StoppingWatch = field(init=False)
    log: LogWriter = field(init=False)
    residency: Residency = field(init=False)
    dispatcher: Dispatcher = field(init=False)
    refresher: Refresher = field(init=False)
    encoder: Encoder = field(init=False)
    indexer: Indexer = field(init=False)
    map_follower: MapFollower = field(init=False)
    events: EventHub = field(init=False)
    labelling: defaultdict[int, asyncio.Lock] = field(
        default_factory=partial(defaultdict, asyncio.Lock)
    )
    """By scheme: one change of labels, or undo, at a time, each seeing what the last did."""
    _later: set[asyncio.Task[None]] = field(default_factory=set)
    _observing: set[asyncio.Future[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.traffic = Traffic(self.metrics.registry)
        self.enrolment = EnrolmentDesk(self.database)
        self.progress = ProgressBook(self.database)
        self.monitor = Monitor(self)
        self.postman = Postman(self.settings, self.database, self.registry, self.names)
        self.stopping_watch = StoppingWatch(self)

    def observe(self, event: Event) -> None:
        """Tell the plugins of something that is committed, without waiting for them."""
        context = copy_context()  # What they log has the request's id.
        future = asyncio.get_running_loop().run_in_executor(
            None, lambda: context.run(self.registry.observe, event)
        )
        self._observing.add(future)
        future.add_done_callback(self._observed)

    def job_changed(self, event: EventRow) -> None:
        """Tell the plugins that a job began, ended, ...: not of progress, nor of guides."""
        self.encoder.heard(event)
        if event.type == "job.done" and event.project_id is not None and _makes(event):
            self.later(self.residency.reload_artefacts(event.project_id))
        if event.type != "job.progress" and event.data.get("queue") != "live":
            self.later(self._observe_job(event))
        if self.indexer.concerns(event):
            self.later(self.indexer.heard(event))
        if self.map_follower.concerns(event):
            self.later(self.map_follower.heard(event))
        if self.stopping_watch.concerns(event):
            self.later(self.stopping_watch.heard(event))

    async def _observe_job(self, event: EventRow) -> None:
        project, user_id = None, event.data["user_id"]
        if event.project_id is not None:
            async with self.database.read() as connection:
                project = await project_with_id(connection, event.project_id)
        await self.names.know([user_id])
        slug = project.slug if project else None
        self.observe(
            Event(type=event.type, project=slug, user=self.names[user_id], data=event.data)
        )

    def forget_access(self, *, user_id: int | None = None, project_slug: str | None = None) -> None:
        """Let a changed user, token, project, membership or right count at once in this process.

        Without a user or a project it is a group that has changed, which may concern anybody.
        """
        if user_id is None and project_slug is None:
            self.access.forget_everyone()
        if user_id is not None:
            self.access.forget_user(user_id)
        if project_slug is not None:
            self.access.forget_project(project_slug)
        self.events.forget_rights()

    async def announce(self, type_: str, project: Project, data: dict[str, Any]) -> None:
        """Store an event, so that browsers and other servers hear of it."""
        async with self.database.write() as connection:
            await add_event(connection, type_, project.id, data)

    async def check_features(self, project: Project, names: Iterable[str]) -> None:
        """See that a project has the features named.

        Raises:
            InvalidInputError: one is not there; the message lists those that are.
        """
        async with self.database.read() as connection:
            known = {row.name for row in await features_of(connection, project)}
        missing = [name for name in names if name not in known]
        if missing:
            raise InvalidInputError(
                f"The project has no feature {missing[0]!r}; it has "
                f"{', '.join(sorted(known)) or 'none yet: compute one first'}.",
                field="features",
            )

    async def extend_features(self, project: Project, identity: Identity) -> None:
        """Let workers compute each feature for the rows that were added."""
        async with self.database.read() as connection:
            features = await list_features(connection, project.id)
        for row in features:
            # Where one is extended already, that job takes up the new rows as well.
            with suppress(ConflictError):
                await self.dispatcher.submit(
                    "extend-feature",
                    {"feature_id": row.id},
                    user_id=identity.user_id,
                    username=identity.username,
                    project=project,
                    lock_key=f"extend:{row.id}",
                    gpu=self.registry.spec("feature", row.component).resources.gpu,
                    subject=subject_of(row.component, row.params),
                )

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that nobody waits for; it ends with the server."""
        task = asyncio.get_running_loop().create_task(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def end_later(self) -> None:
        """Stop what nobody waits for."""
        for task in self._later:
            task.cancel()
        await asyncio.gather(*self._later, return_exceptions=True)

    async def settle(self) -> None:
        """Wait until the plugins have heard of everything."""
        await asyncio.gather(*self._observing, return_exceptions=True)

    def _observed(self, future: asyncio.Future[None]) -> None:
        self._observing.discard(future)
        if not future.cancelled() and (error := future.exception()) is not None:
            _log.error("an observer failed", exc_info=error)


def _makes(event: EventRow) -> bool:
    """Tell whether a job's end means that strategies have something new to read."""
    return event.data["kind"] in _READ_BY_LIVE


def make_services(settings: Settings, registry: PluginRegistry) -> Services:
    """Put the parts together; nothing is opened yet.

    Raises:
        NotFoundError: the settings name a way to sign in that no plugin brings.
        InvalidInputError: a setting, of the kernel or a plugin, is not acceptable.
    """
    check_sections(registry.sections(), settings.sections, settings.environment() | os.environ)
    database = Database.at(settings.database_url, settings.data_dir)
    sign_in = SignInDesk(registry, settings.sign_in, Throttle(database))
    return Services(
        settings=settings,
        registry=registry,
        database=database,
        access=Access(database),
        sign_in=sign_in,
        redirects=RedirectDesk(registry, database, sign_in.ways, settings.browsers_url),
        proxies=TrustedProxies(settings.trusted_proxies),
        names=Names(database),
        workshop=Workshop(settings, database, registry),
    )


@asynccontextmanager
async def open_services(services: Services) -> AsyncIterator[None]:
    """Open the parts, the database first, and close them in the opposite order."""
    async with AsyncExitStack() as stack:
        stack.push_async_callback(services.database.close)
        stack.push_async_callback(services.access.note_used)
        await services.database.migrate()
        await services.names.refresh()
        await _open_parts(services, stack)
        stack.push_async_callback(services.settle)
        yield


async def _open_parts(services: Services, stack: AsyncExitStack) -> None:
    settings, database, registry = services.settings, services.database, services.registry
    broker = make_broker(settings.broker_url, settings.data_dir)
    stack.callback(broker.close)
    services.dispatcher = Dispatcher(settings, database, broker, registry)
    services.indexer = Indexer(settings, database, services.dispatcher)
    services.map_follower = MapFollower(database, services.dispatcher)
    services.refresher = Refresher(
        settings,
        database,
        lambda: services.residency,
        services.dispatcher,
    )
    services.encoder = Encoder(database, services.dispatcher)
    services.residency = Residency(
        settings,
        database,
        registry,
        services.refresher.noticed,
        services.refresher.loaded,
        services.refresher.take_up,
    )
    services.log = LogWriter(database, services.residency.hear, services.metrics.commits.observe)
    services.events = EventHub(
        database, services.log, services.residency, services.refresher, services.job_changed
    )
    await services.log.start()
    stack.push_async_callback(services.log.stop)
    await services.events.start()
    stack.callback(services.events.close)
    follower = Follower(database, services.events.noticed)
    follower.start()
    stack.push_async_callback(follower.stop)
    await services.dispatcher.start()
    stack.push_async_callback(services.dispatcher.stop)
    stack.push_async_callback(services.refresher.stop)
    services.later(services.indexer.catch_up())
    services.later(services.map_follower.catch_up())
    services.later(services.metrics.count_jobs(services.events))
    stack.push_async_callback(services.monitor.stop)
    services.later(_keep_tidy(services))
    services.later(_keep_noting(services))
    services.later(services.postman.run())
    stack.push_async_callback(services.end_later)


async def _keep_noting(services: Services) -> None:
    while True:
        await asyncio.sleep(_NOTING_SECONDS)
        await services.access.note_used()


async def _keep_tidy(services: Services) -> None:
    while True:
        services.residency.tidy()
        try:
            if services.database.to_shred:
                await services.database.shred()
            async with services.database.write() as connection:
                for project_id, scheme_id, task_id in await late_tasks(connection):
                    late = {"scheme_id": scheme_id, "task": task_id}
                    await add_event(connection, "task.late", project_id, late)
                await purge_events(connection, _EVENTS_KEPT)
                await purge_tokens(connection)
                kept = timedelta(days=services.settings.audit_days)
                await purge_audit(connection, now() - kept)
                await purge_redirected(connection, now())
                await purge_throttle(connection)
                await purge_workers(connection)
                await purge_jobs(
                    connection,
                    rows_after=timedelta(days=services.settings.job_days),
                    logs_after=timedelta(days=services.settings.job_log_days),
                )
            await services.postman.tidy()
            await purge_due(services)
            await sweep_leftovers(services.settings, services.database)
            await sweep_remains(services.settings, services.database)
        except (DBAPIError, OSError) as error:
            _log.warning("what is old could not be deleted", error=str(error))
        await asyncio.sleep(_TIDY_SECONDS)
