"""The shapes of the monitor. Every name here is a schema in openapi.json."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct

from kodkod.jobs.cards import CardProcess
from kodkod.web.annotating_contract import Health

__all__ = [
    "ActiveUser",
    "ActiveUsers",
    "CardProcess",
    "CardView",
    "DiskView",
    "EnergyTotal",
    "EnergyTotals",
    "FailedJob",
    "FailedRequest",
    "Health",
    "HostView",
    "JobCount",
    "LoadedProject",
    "MonitorReport",
    "QueueView",
    "RunningJob",
    "ServerView",
    "StoredView",
    "WorkerView",
]


class QueueView(Struct, frozen=True, kw_only=True):
    """A queue of jobs.

    `messages` have been taken by no worker yet (null where the broker does not say); `queued` and
    `running` are what the database says, which is the truth.
    """

    name: str
    messages: int | None
    queued: int
    running: int
    oldest_seconds: float | None
    workers: int


class RunningJob(Struct, frozen=True, kw_only=True):
    """A job that runs."""

    id: str
    kind: str
    project: str | None
    user: str
    progress: float | None
    started_at: datetime | None
    eta: datetime | None


class WorkerView(Struct, frozen=True, kw_only=True):
    """A worker, on whichever host.

    `state`: alive, starting, restarting (it died at `died_at` and comes back at `restarts_at`) or
    silent (not heard of since `heartbeat_at`). `supervised` ones are restarted by this server,
    others by whoever started them. `queue` may name several, with commas between.
    """

    name: str
    host: str
    pid: int | None
    queue: str
    card: str | None
    state: Literal["alive", "starting", "restarting", "silent"]
    supervised: bool
    restarts: int
    memory_mb: int | None
    job: RunningJob | None
    started_at: datetime | None
    heartbeat_at: datetime | None
    died_at: datetime | None
    restarts_at: datetime | None


class CardView(Struct, frozen=True, kw_only=True):
    """A graphics card of a host. `load` is in [0, 1], `temperature` in degrees Celsius.

    `planned_mb` is what the jobs that run on it may take. Process ids are the host's, which are
    not those of a container.
    """

    host: str
    uuid: str
    index: int
    name: str
    total_mb: int
    used_mb: int
    free_mb: int
    planned_mb: int
    load: float | None
    temperature: int | None
    watts: float | None
    processes: list[CardProcess]
    jobs: list[str]
    read_at: datetime


class ServerView(Struct, frozen=True, kw_only=True):
    """The server's own process. `cpu` is the cores that it took since the last look."""

    version: str
    pid: int
    started_at: datetime
    uptime_seconds: float
    cpu: float
    memory_mb: int
    threads: int
    open_files: int
    listeners: int


class HostView(Struct, frozen=True, kw_only=True):
    """The machine that the server runs on. `cpu` in [0, 1], since the last look.

    `load_1m` is the processes that ran or wanted to, on average over the last minute. Where the
    server is given less memory than the machine has (a container), the figures are those of its
    share.
    """

    name: str
    cores: int
    cpu: float
    load_1m: float
    memory_total_mb: int
    memory_available_mb: int


class DiskView(Struct, frozen=True, kw_only=True):
    """The disk below a folder: of the data, or of the models."""

    holds: Literal["data", "models"]
    path: str
    total_mb: int
    free_mb: int


class StoredView(Struct, frozen=True, kw_only=True):
    """What is stored takes on disk. Counted in the background, every few minutes.

    All null until it was counted for the first time; `database_mb` is of PostgreSQL, too,
    `queue_mb` of the embedded broker only.
    """

    projects_mb: float | None = None
    models_mb: float | None = None
    database_mb: float | None = None
    queue_mb: float | None = None
    counted_at: datetime | None = None


class LoadedProject(Struct, frozen=True, kw_only=True):
    """A project in memory."""

    slug: str
    rows: int
    memory_mb: float
    idle_seconds: float
    schemes: int


class ActiveUser(Struct, frozen=True, kw_only=True):
    """Somebody who sent a request to this server within the last hour."""

    username: str
    seen_at: datetime


class ActiveUsers(Struct, frozen=True, kw_only=True):
    """Who uses this server: how many lately, and all of the last hour, the latest first."""

    last_5_minutes: int
    last_60_minutes: int
    users: list[ActiveUser]


class JobCount(Struct, frozen=True, kw_only=True):
    """Jobs of a kind in a state: all live ones, and those that ended within a day."""

    kind: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    jobs: int


class FailedJob(Struct, frozen=True, kw_only=True):
    """A job that failed within the last day; `error` is its first line."""

    id: str
    kind: str
    project: str | None
    user: str
    error: str
    request_id: str | None
    finished_at: datetime


class FailedRequest(Struct, frozen=True, kw_only=True):
    """A request that this server could not serve within the last day; its log has the details."""

    request_id: str
    method: str
    path: str
    status: int
    error: str
    at: datetime


class EnergyTotal(Struct, frozen=True, kw_only=True):
    """What jobs took; `measured_share` of it, in [0, 1], was measured by sensors."""

    jobs: int
    wh: float
    g_co2e: float
    measured_share: float | None


class EnergyTotals(Struct, frozen=True, kw_only=True):
    """What jobs took since midnight (UTC), in the last 7 days, and altogether."""

    today: EnergyTotal
    week: EnergyTotal
    all: EnergyTotal


class MonitorReport(Struct, frozen=True, kw_only=True):
    """The state of the service at `made_at`."""

    made_at: datetime
    health: Health
    server: ServerView
    host: HostView
    disks: list[DiskView]
    stored: StoredView
    queues: list[QueueView]
    workers: list[WorkerView]
    cards: list[CardView]
    projects: list[LoadedProject]
    users: ActiveUsers
    jobs: list[JobCount]
    failed_jobs: list[FailedJob]
    failed_requests: list[FailedRequest]
    energy: EnergyTotals
