"""kill -9 of `kodkod worker`, the master of workers that no server has started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Self

import psutil
import pytest

from faults.books import check_whole, lives
from faults.site import Gate, Site, open_site, until

Measured = Callable[[str, float], None]
ROUNDS = 2
KODKOD = Path(sys.executable).with_name("kodkod")


class Master:
    """`kodkod worker` with two workers beside a site's server."""

    def __init__(self, site: Site, environment: Mapping[str, str]) -> None:
        self._log = site.folder / "master.log"
        self._command = [KODKOD, "worker", f"--data-dir={site.server.data_dir}", "--cpu-workers=2"]
        own = {name: value for name, value in os.environ.items() if not name.startswith("KODKOD_")}
        self._environment = {**own, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start it; its workers come by themselves."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def kill(self) -> list[int]:
        """Kill it alone; return the processes that it leaves."""
        assert self._process is not None
        family = psutil.Process(self._process.pid).children(recursive=True)
        self._process.kill()
        self._process.wait()
        return [process.pid for process in family]

    def stop(self) -> None:
        """End it in good order."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(30)


@pytest.fixture
def headless(tmp_path: Path, plugin: str) -> Iterator[tuple[Site, Master]]:
    """Give a server that has no workers but the live one, and their master, running."""
    settings = {"KODKOD_CPU_WORKERS": "0"}
    with open_site(tmp_path, plugin, environment=settings) as site:
        master = Master(site, {"PYTHONPATH": plugin, "KODKOD_LOG_LEVEL": "warning"}).start()
        try:
            yield site, master
        finally:
            master.stop()


@pytest.mark.slow
def test_a_master_that_is_killed_takes_its_workers_along_and_no_job(
    headless: tuple[Site, Master], measured: Measured
) -> None:
    site, master = headless
    with site.annotators() as crew:
        for _ in range(ROUNDS):
            # Given two jobs, half-written, in the workers of a master
            (heavy_gate, heavy), (light_gate, light) = (
                site.gated("gated-heavy"),
                site.gated("gated", by_other=True),
            )
            heavy_gate.started()
            light_gate.started()
            # When the master is killed
            orphans = master.kill()
            # Then its workers end by themselves and their jobs wait for others
            took = until(
                lambda left=orphans: not any(lives(pid, "kodkod") for pid in left),
                why=f"{orphans} live on",
            )
            measured("killed the master: its workers have ended", took)
            until(lambda: len(site.books.jobs("queued")) == 2)
            # When there is a master again
            master.start()
            took = until(lambda gates=(heavy_gate, light_gate): all_again(gates))
            measured("killed the master: jobs run again under another", took)
            heavy_gate.open()
            light_gate.open()
            # Then they are done, and those two runs count as one
            assert (heavy.wait().state, light.wait().state) == ("done", "done")
            assert {site.books.job(job.id).attempts for job in (heavy, light)} == {1}
        crew.go_on()
    check_whole(site.server.data_dir)
    site.nothing_left()
    assert crew.said.items() <= site.log().items()


def all_again(gates: tuple[Gate, ...]) -> bool:
    return all(len(gate.pids()) >= 2 for gate in gates)
