"""kill -9 of all there is while jobs run and people annotate, again and again."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import psutil
import pytest

from faults.books import check_whole, lives
from faults.site import Gate, Site, until

Measured = Callable[[str, float], None]
Strike = Callable[[Site, Gate, Gate], None]


def child(_site: Site, heavy: Gate, _light: Gate) -> None:
    os.kill(heavy.pids()[-1], signal.SIGKILL)


def worker_in_mid_job(_site: Site, _heavy: Gate, light: Gate) -> None:
    os.kill(light.pids()[-1], signal.SIGKILL)


def worker_of_a_child(_site: Site, heavy: Gate, _light: Gate) -> None:
    os.kill(psutil.Process(heavy.pids()[-1]).ppid(), signal.SIGKILL)


def server_alone(site: Site, _heavy: Gate, _light: Gate) -> None:
    site.server.kill_alone()
    site.server.start()


def everything(site: Site, _heavy: Gate, _light: Gate) -> None:
    # A heavy child is not of the server's group.
    for process in site.family():
        process.kill()
    site.server.kill()
    site.server.start()


# Each again and again: what the second finds is what the first has left.
STRIKES = [
    [child, child],
    [worker_in_mid_job, worker_of_a_child] * 2,
    [server_alone, server_alone],
    [everything],
]


def runs(site: Site, job_id: str, gate: Gate) -> bool:
    """Tell whether a job runs in a process that lives."""
    return site.books.is_settled(job_id) and lives(gate.pids()[-1], "kodkod.jobs")


@pytest.mark.slow
@pytest.mark.parametrize("strikes", STRIKES, ids=lambda strikes: strikes[-1].__name__)
def test_every_job_is_taken_up_again(site: Site, strikes: list[Strike], measured: Measured) -> None:
    with site.annotators() as crew:
        for strike in strikes:
            # Given a heavy job and a light one, half-written, and people who annotate
            (heavy_gate, heavy), (light_gate, light) = (
                site.gated("gated-heavy"),
                site.gated("gated", by_other=True),
            )
            heavy_gate.started()
            light_gate.started()
            crew.go_on()
            before = site.family()
            # When something is killed
            strike(site, heavy_gate, light_gate)
            # Then both run again before long
            took = until(
                lambda jobs=((heavy.id, heavy_gate), (light.id, light_gate)): all(
                    runs(site, *each) for each in jobs
                )
            )
            measured(f"killed {strike.__name__}: jobs run again", took)
            # ... and to their end, with nobody left of those who were orphaned.
            heavy_gate.open()
            light_gate.open()
            assert (heavy.wait().state, light.wait().state) == ("done", "done")
            alive = {process.pid for process in site.family()}
            until(lambda old=before, new=alive: not orphans(old, new), why=f"{before} live on")
        crew.go_on()
    # Nothing is half-written, nothing acknowledged is missing.
    features, _ = check_whole(site.server.data_dir)
    assert features >= 2 * len(strikes)
    site.nothing_left()
    assert site.books.jobs("queued", "running") == []
    assert crew.said.items() <= site.log().items()


def orphans(before: list[psutil.Process], alive: set[int]) -> list[psutil.Process]:
    return [each for each in before if each.pid not in alive and lives(each.pid, "kodkod")]
