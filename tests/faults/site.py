"""A server with the faulty plugin, a project, two users and people who annotate."""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
import psutil

from faults.annotators import LABELS, Annotators, read_log
from faults.books import Books, leftovers
from kodkod_sdk import Client, Job, Project
from kodkod_sdk.generated.contract import (
    Membership,
    NewAccount,
    NewFeature,
    NewScheme,
    ProjectConfig,
)
from server_process import ServerProcess

__all__ = ["LIMIT", "SCHEME", "Gate", "Site", "awaited", "open_site", "until"]

LIMIT = 30.0
"""Seconds after which every job must have been taken up again."""
SCHEME = "/projects/shaken/schemes/tone"
TEXTS = 6_000

T = TypeVar("T")
_LOG_TAIL = 8_000


def until(what: Callable[[], Any], limit: float = LIMIT, why: str = "it never came") -> float:
    """Wait until `what` returns something true; return the seconds that it took."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < limit, why
        time.sleep(0.01)
    return time.monotonic() - began


def awaited(what: Callable[[], T]) -> T:
    """Return the first true value of `what`."""
    found: list[T] = []
    until(lambda: found.append(what()) or found[-1])
    return found[-1]


class Gate:
    """The files of a feature that waits: who ran it, and the gate that lets it end."""

    def __init__(self, folder: Path) -> None:
        name = secrets.token_hex(4)
        self._trace = folder / f"{name}.trace"
        self._gate = folder / f"{name}.gate"
        self.params: dict[str, Any] = {"trace": str(self._trace), "gate": str(self._gate)}

    def pids(self) -> list[int]:
        """Return the processes that have run it, in order."""
        return [int(line) for line in self._trace.read_text().split()] if self._ran else []

    def started(self, times: int = 1) -> int:
        """Wait until it has started so often; return the newest process."""
        until(lambda: len(self.pids()) >= times, why=f"it was started {self.pids()}")
        return self.pids()[-1]

    def open(self) -> None:
        """Let it end."""
        self._gate.touch()

    @property
    def _ran(self) -> bool:
        return self._trace.exists()


class Site:
    """One server's project, and its managers: each may have one job there at a time."""

    def __init__(self, server: ServerProcess, folder: Path, stack: ExitStack) -> None:
        self.server = server
        self.folder = folder
        self.books = Books(server.data_dir)
        self.client = Client(server.url, username="root", password=server.root_password)
        stack.enter_context(self.client)
        self.project = self._make_project()
        self.token = str(self.client.create_api_token("annotators").token)
        self._stack = stack
        self.others = self.manager("bo")

    def manager(self, name: str) -> Project:
        """Return the project as a manager of its own sees it."""
        password = f"test-{secrets.token_urlsafe(12)}"
        self.client.create_user(NewAccount(username=name, password=password, role="manager"))
        self.project.set_member(name, Membership(role="manager"))
        client = Client(self.server.url, username=name, password=password)
        return self._stack.enter_context(client).project(self.project.slug)

    def _make_project(self) -> Project:
        project = self.client.create_project(
            corpus(self.folder / "texts.csv", TEXTS),
            ProjectConfig(name="shaken", id_column="id", text_columns=["text"]),
        )
        project.create_scheme(NewScheme(name="tone", labels=list(LABELS)))
        return project

    def annotators(self) -> Annotators:
        """Return people who annotate once they are entered as a context."""
        return Annotators(self.server.port, self.token, SCHEME, TEXTS)

    def log(self) -> dict[int, Any]:
        """Return the annotation log by place."""
        return asyncio.run(read_log(self.server.port, self.token, SCHEME))

    def nothing_left(self) -> None:
        """Wait until nothing is half-written, and no scratch is there."""
        folder = self.server.data_dir
        until(lambda: not leftovers(folder), why=f"{leftovers(folder)} is left")

    def gated(self, component: str, *, by_other: bool = False) -> tuple[Gate, Job]:
        """Start a feature that waits at a gate of its own."""
        gate = Gate(self.folder)
        project = self.others if by_other else self.project
        return gate, project.create_feature(feature(component, gate.params))

    def family(self) -> list[psutil.Process]:
        """Return the server's processes: workers, their children, the server itself last."""
        server = psutil.Process(self.server.pid)
        return [*server.children(recursive=True), server]


def feature(component: str, params: Mapping[str, Any] | None = None) -> NewFeature:
    """Return a feature under a name of its own."""
    name = f"{component}-{secrets.token_hex(4)}"
    return NewFeature(name=name, component=component, params=dict(params or {}))


def corpus(path: Path, n: int) -> Path:
    """Write `n` short texts to a file."""
    words = ["calm", "angry", "sea", "storm", "wind", "night", "boat", "light"]
    pl.DataFrame(
        {
            "id": [f"t{i}" for i in range(n)],
            "text": [
                f"{words[i % 8]} {words[i // 8 % 8]} {words[i // 64 % 8]} {i}" for i in range(n)
            ],
        }
    ).write_csv(path)
    return path


@contextmanager
def open_site(
    folder: Path,
    plugin: str,
    *,
    data_dir: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Site]:
    """Start a server, make the project, and end both."""
    settings = {
        "PYTHONPATH": plugin,
        "KODKOD_CPU_WORKERS": "2",
        "KODKOD_LIVE_WORKERS": "0",
        "KODKOD_LOG_LEVEL": "warning",
        **(environment or {}),
    }
    with (
        ServerProcess(data_dir or folder / "data", environment=settings) as server,
        ExitStack() as stack,
    ):
        yield Site(server, folder, stack)
        print(server.output()[-_LOG_TAIL:])  # shown where a test has failed


def plugin_path(folder: Path) -> str:
    """Install the faulty plugin as a distribution that lies on PYTHONPATH; return that."""
    info = folder / "kodkod_faulty-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: kodkod-faulty\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[kodkod]\nfaulty = kodkod_faulty.plugin\n")
    return os.pathsep.join([str(folder), str(Path(__file__).parent / "faulty")])
