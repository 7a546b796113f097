"""Real database, broker and worker processes, and a toy plugin that is installed for them."""

from __future__ import annotations

import asyncio
import importlib
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from dramatiq import Broker

from kodkod.jobs.brokers.broker import make_broker
from kodkod.jobs.dispatcher import Dispatcher
from kodkod.jobs.kinds import plugin as job_kinds
from kodkod.jobs.pulse import Pulse
from kodkod.jobs.runner import JobRunner
from kodkod.jobs.workspace import Workspace
from kodkod.plugins import PluginRegistry
from kodkod.settings import Settings
from kodkod.store.corpus import write_corpus
from kodkod.store.database import Database
from kodkod.store.events import EventRow, read_events
from kodkod.store.jobs import JobRow, find_job
from kodkod.store.log import LogWriter, NewEntry
from kodkod.store.people import add_user
from kodkod.store.projects import Project, Scheme, add_project, add_scheme

from .simulated_card.simulated_cards import SimulatedCards, install
from .study import make_study  # noqa: F401 - a fixture

TOY = Path(__file__).parent / "toy"
LONGEST_SECONDS = 90.0


def until_true(what: Callable[[], Any]) -> Any:
    """Return what `what` returns once that is true."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while not (found := what()):
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)
    return found


@pytest.fixture(scope="session")
def toy_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Install the toy plugin as a distribution that lies on PYTHONPATH."""
    site = tmp_path_factory.mktemp("site")
    info = site / "kodkod_toy-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: kodkod-toy\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[kodkod]\ntoy = kodkod_toy.plugin\n")
    return os.pathsep.join([str(site), str(TOY)])


@pytest.fixture
def toy(toy_path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in toy_path.split(os.pathsep):
        monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", toy_path)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    importlib.invalidate_caches()


@pytest.fixture
def cards(toy: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimulatedCards:
    """Graphics cards for this process and the workers that it starts; none until one is set."""
    return install(tmp_path / "cards.json", monkeypatch)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", live_workers=0, cpu_workers=1, log_level="warning")


@pytest.fixture
def registry(toy: None) -> PluginRegistry:
    return PluginRegistry.load(extra=[job_kinds])


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    settings.data_dir.mkdir(parents=True)
    database = Database.at("", settings.data_dir)
    await database.migrate()
    async with database.write() as connection:
        await add_user(connection, username="ana", sign_in="none", secret="", role="manager")
    yield database
    await database.close()


@pytest.fixture
def broker(settings: Settings, database: Database) -> Iterator[Broker]:
    broker = make_broker("", settings.data_dir)
    yield broker
    broker.close()


@pytest.fixture
async def dispatcher(
    settings: Settings, database: Database, broker: Broker, registry: PluginRegistry
) -> AsyncIterator[Dispatcher]:
    dispatcher = Dispatcher(settings, database, broker, registry)
    yield dispatcher
    await dispatcher.stop()


@pytest.fixture
def workspace(
    settings: Settings, registry: PluginRegistry, database: Database
) -> Iterator[Workspace]:
    workspace = Workspace(settings, registry, Database.at("", settings.data_dir))
    yield workspace
    workspace.close()


@pytest.fixture
def runner(workspace: Workspace, broker: Broker) -> Iterator[JobRunner]:
    runner = JobRunner(workspace, broker, "worker-in-test")
    with Pulse(runner.beat):
        yield runner


class Desk:
    """Submits, runs and looks at jobs as user 1."""

    def __init__(self, dispatcher: Dispatcher, database: Database, runner: JobRunner) -> None:
        self.dispatcher = dispatcher
        self.database = database
        self.runner = runner

    async def submit(self, kind: str, project: Project | None = None, **params: Any) -> JobRow:
        return await self.dispatcher.submit(
            kind, params, user_id=1, username="ana", project=project
        )

    async def run(self, kind: str, project: Project | None = None, **params: Any) -> JobRow:
        """Run a job to its end in this process."""
        row = await self.submit(kind, project, **params)
        await asyncio.to_thread(self.runner.run, row.id)
        return await self.job(row.id)

    async def job(self, job_id: str) -> JobRow:
        async with self.database.read() as connection:
            return await find_job(connection, job_id)

    async def reaches(self, job_id: str, *states: str) -> JobRow:
        """Wait until a job is in one of the states."""
        async with asyncio.timeout(LONGEST_SECONDS):
            while (row := await self.job(job_id)).state not in states:
                await asyncio.sleep(0.02)
        return row

    async def until(self, what: Callable[[], Awaitable[Any]]) -> Any:
        async with asyncio.timeout(LONGEST_SECONDS):
            while not (found := await what()):
                await asyncio.sleep(0.02)
        return found

    async def events(self, job_id: str) -> list[EventRow]:
        async with self.database.read() as connection:
            events = await read_events(connection, after=0)
        return [event for event in events if event.data["id"] == job_id]


@pytest.fixture
def desk(dispatcher: Dispatcher, database: Database, runner: JobRunner) -> Desk:
    return Desk(dispatcher, database, runner)


class Waiting:
    """The files of a job that waits: who runs it, and the gate that lets it end."""

    def __init__(self, folder: Path) -> None:
        self.trace = folder / "trace"
        self.gate = folder / "gate"

    @property
    def params(self) -> dict[str, str]:
        return {"trace": str(self.trace), "gate": str(self.gate)}

    def pids(self) -> list[int]:
        return [int(line) for line in self.trace.read_text().split()] if self.trace.exists() else []

    async def started(self, times: int = 1) -> int:
        """Wait until the job has started that often; return the newest process's id."""
        async with asyncio.timeout(LONGEST_SECONDS):
            while len(self.pids()) < times:
                await asyncio.sleep(0.02)
        return self.pids()[-1]

    def open(self) -> None:
        self.gate.touch()


@pytest.fixture
def waiting(tmp_path: Path) -> Waiting:
    return Waiting(tmp_path)


@pytest.fixture
def start_worker(
    settings: Settings, toy: None, database: Database
) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Return a function that starts a real worker process on the queue `cpu`."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "kodkod.jobs.worker", "--queues", "cpu", *arguments],
            env=os.environ | settings.environment(),
            stdin=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdin.close()


class Field:
    """A project with a corpus of 30 texts, short and long in turn, and a scheme for that."""

    def __init__(self, project: Project, scheme: Scheme, settings: Settings) -> None:
        self.project = project
        self.scheme = scheme
        self.root = settings.projects / project.slug


def corpus(n: int) -> pl.DataFrame:
    """Return `n` texts; a third is test, the rest train; row i is i characters long or i + 100."""
    return pl.DataFrame(
        {
            "id": [f"t{i}" for i in range(n)],
            "text": ["x" * (i + 1) if i % 2 == 0 else "y" * (i + 101) for i in range(n)],
            "split": np.array([2 if i % 3 == 2 else 0 for i in range(n)], dtype=np.uint8),
            "context.page": list(range(n)),
        }
    )


@pytest.fixture
async def field(settings: Settings, database: Database) -> Field:
    root = settings.projects / "songs"
    root.mkdir(parents=True)
    facts = write_corpus(root, corpus(30))
    async with database.write() as connection:
        project = await add_project(
            connection,
            owner_id=1,
            slug="songs",
            name="Songs",
            language="en",
            config={},
            n_rows=facts.n_rows,
            splits=facts.splits,
            corpus_fingerprint=facts.fingerprint,
            created_by="ana",
        )
        scheme = await add_scheme(
            connection,
            [("short", None, ""), ("long", None, "")],
            project_id=project.id,
            name="size",
            type="toy-choice",
            params={},
            codebook="",
            overlap=1,
            guide=None,
        )
    return Field(project, scheme, settings)


@pytest.fixture
async def annotate(
    database: Database, field: Field
) -> AsyncIterator[Callable[[list[int]], Awaitable[list[int]]]]:
    """Return a function that says of each row, rightly, whether it is short or long."""
    writer = LogWriter(database, lambda _: None)
    await writer.start()

    async def say(rows: list[int]) -> list[int]:
        entries = [
            NewEntry(
                project_id=field.project.id,
                scheme_id=field.scheme.id,
                op="set",
                row=row,
                user_id=1,
                value=f'"{field.scheme.labels[row % 2].id}"',
            )
            for row in rows
        ]
        return await writer.append(entries)

    yield say
    await writer.stop()
