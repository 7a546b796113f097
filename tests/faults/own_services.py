"""Brokers of our own, on free ports, that may be killed: nobody else's are touched."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

import pytest

from server_process import free_port

__all__ = ["OwnRabbitmq", "OwnRedis", "OwnService"]

_PATIENCE = 60.0


class OwnService(ABC):
    """A broker in a process of its own; the environment names its kind where it is to be tested."""

    variable: ClassVar[str]
    programs: ClassVar[tuple[str, ...]]

    def __init__(self, folder: Path) -> None:
        if not os.environ.get(self.variable):
            pytest.skip(f"{self.variable} is not set: its kind of broker is not tested here")
        self.folder = folder
        self.folder.mkdir()
        self.port = free_port()
        self.log = folder / "log"
        self._program = self._find()
        self._process: subprocess.Popen[bytes] | None = None

    def _find(self) -> str:
        for name in self.programs:
            if found := shutil.which(name):
                return found
        message = f"{self.programs[-1]} is not installed, though {self.variable} is set"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)

    @property
    @abstractmethod
    def url(self) -> str:
        """What KODKOD_BROKER_URL is to say."""

    @abstractmethod
    def arguments(self) -> list[str]:
        """Return the command line after the program's name."""

    @abstractmethod
    def answers(self, greeting: socket.socket) -> bool:
        """Tell whether it is ready, over a connection that it has accepted."""

    def environment(self) -> Mapping[str, str]:
        """Return what the program needs beyond the environment."""
        return {}

    def start(self) -> None:
        """Start it and return when it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self._program, *self.arguments()],
                cwd=self.folder,
                env={**os.environ, **self.environment()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + _PATIENCE
        while not self._ready():
            assert self._process.poll() is None, self.log.read_text()[-2000:]
            assert time.monotonic() < deadline, self.log.read_text()[-2000:]
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill it (SIGKILL)."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    @abstractmethod
    def forget(self) -> None:
        """Let it start empty the next time, as where its disk is lost."""

    def close(self) -> None:
        """End it with what it started."""
        self.kill()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as greeting:
                return self.answers(greeting)
        except OSError:
            return False


class OwnRedis(OwnService):
    """Redis without persistence: a restart loses every message."""

    variable = "KODKOD_TEST_REDIS_URL"
    programs = ("redis-server", "valkey-server")

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def arguments(self) -> list[str]:
        settings = {"bind": "127.0.0.1", "save": "", "appendonly": "no", "port": str(self.port)}
        return [part for name, value in settings.items() for part in (f"--{name}", value)]

    def answers(self, greeting: socket.socket) -> bool:
        greeting.sendall(b"PING\r\n")
        return greeting.recv(5) == b"+PONG"

    def forget(self) -> None:
        """Do nothing: it never keeps anything."""


class OwnRabbitmq(OwnService):
    """RabbitMQ as a node of its own, which keeps its messages on disk until `forget`."""

    variable = "KODKOD_TEST_RABBITMQ_URL"
    # Debian's wrapper would run the machine's own node, as another user.
    programs = ("/usr/lib/rabbitmq/bin/rabbitmq-server", "rabbitmq-server")

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._names_port = free_port()
        self._dist_port = free_port()
        (folder / "plugins").write_text("[].")

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}/"

    def arguments(self) -> list[str]:
        return []

    def environment(self) -> Mapping[str, str]:
        return {
            "HOME": str(self.folder),
            "ERL_EPMD_PORT": str(self._names_port),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "none"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "none"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_NODENAME": f"kodkod-{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._dist_port),
            "RABBITMQ_MNESIA_BASE": str(self._data),
            "RABBITMQ_LOG_BASE": str(self.folder),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
        }

    def answers(self, greeting: socket.socket) -> bool:
        greeting.sendall(b"AMQP\x00\x00\x09\x01")
        return bool(greeting.recv(1))

    def forget(self) -> None:
        shutil.rmtree(self._data)

    def close(self) -> None:
        super().close()
        # The names' daemon has left its group.
        if daemon := shutil.which("epmd"):
            command = [daemon, "-port", str(self._names_port), "-kill"]
            subprocess.run(command, capture_output=True, check=False)

    @property
    def _data(self) -> Path:
        return self.folder / "data"
