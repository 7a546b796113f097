"""A real server in a process of its own, for tests, benchmarks and fault injection."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

__all__ = ["ServerProcess", "free_port"]

_HEALTH = "/api/v1/health"
_PAUSE = 0.05
_LOG_TAIL = 4000


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class ServerProcess:
    """`kodkod serve` on `data_dir`, started by `start` and ended with its workers.

    Its output goes to `log`, a file beside the data folder. `environment` adds to, and
    `arguments` follow, what every test server gets. `kodkod` is the command to start.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        environment: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
        kodkod: Path | None = None,
    ) -> None:
        self.data_dir = data_dir
        self.log = data_dir.with_name(f"{data_dir.name}.log")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.root_password = f"test-{secrets.token_urlsafe(12)}"
        self._arguments = arguments
        self._environment = environment or {}
        self._kodkod = kodkod or Path(sys.executable).with_name("kodkod")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The server's process id."""
        if self._process is None:
            raise RuntimeError("the server was not started")
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    def start(self, timeout: float = 90.0) -> None:
        """Start the server and return when annotators can work."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    self._kodkod,
                    "serve",
                    f"--data-dir={self.data_dir}",
                    "--host=127.0.0.1",
                    f"--port={self.port}",
                    *self._arguments,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.data_dir,
                env=self._child_environment(),
                start_new_session=True,
            )
        self.wait_healthy(timeout)

    def wait_healthy(self, timeout: float = 90.0) -> None:
        """Return when /health answers 200.

        Raises:
            RuntimeError: the process ended, or `timeout` seconds have passed; with its log.
        """
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline and self.running:
            try:
                if httpx.get(self.url + _HEALTH, timeout=5.0).status_code == 200:
                    return
            except httpx.TransportError:
                pass  # Not listening yet: this is what is waited for.
            time.sleep(_PAUSE)
        said = self.output()[-_LOG_TAIL:]
        state = "is not healthy" if self.running else "ended"
        self.kill()
        raise RuntimeError(f"the server {state}; its log ends:\n{said}")

    def stop(self, timeout: float = 30.0) -> None:
        """Ask the server to end as an operator would (SIGTERM); kill it if it does not."""
        if self._process is None:
            return
        if self.running:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
                raise RuntimeError(f"the server did not end in {timeout} s") from None
        self._end_group()

    def kill(self) -> None:
        """Kill the server and everything that it started (SIGKILL)."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._end_group()

    def kill_alone(self) -> None:
        """Kill the server (SIGKILL) and nothing that it started."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def restart(self) -> None:
        """Start again on the same folder and port, after a stop or a kill."""
        if self.running:
            self.stop()
        self.start()

    def output(self) -> str:
        """Return what the server has printed so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def _end_group(self) -> None:
        # Nothing is left to kill where the workers ended with the server, as they should.
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def _child_environment(self) -> dict[str, str]:
        # A developer's own settings must not reach the server under test.
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("KODKOD_")
        }
        quiet = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "0"}
        password = {"KODKOD_ROOT_PASSWORD": self.root_password}
        return {**inherited, **quiet, **password, **self._environment}
