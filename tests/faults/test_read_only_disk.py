"""The data folder cannot be written: from the start, or because its disk breaks meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faults.books import check_whole
from faults.site import LIMIT, open_site, until
from faults.small_disk import BreakableDisk, read_only, tmpfs
from kodkod_sdk import ServerError
from server_process import free_port

Measured = Callable[[str, float], None]
KODKOD = Path(sys.executable).with_name("kodkod")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[BreakableDisk]:
    """Give a disk that can be broken, mounted."""
    made = BreakableDisk(tmp_path / "disk", megabytes=96)
    made.mount()
    yield made
    made.unmount()


@pytest.mark.slow
def test_a_disk_that_turns_read_only_loses_nothing_that_was_acknowledged(
    disk: BreakableDisk, tmp_path: Path, plugin: str, measured: Measured
) -> None:
    data_dir = disk.folder / "data"
    data_dir.mkdir()
    with open_site(
        tmp_path, plugin, data_dir=data_dir, environment={"KODKOD_MIN_FREE_MB": "0"}
    ) as site:
        with site.annotators() as crew:
            # Given two features half-written, and people who annotate
            (heavy_gate, heavy), (light_gate, light) = (
                site.gated("gated-heavy"),
                site.gated("gated", by_other=True),
            )
            heavy_gate.started()
            light_gate.started()
            crew.go_on()
            # When the disk turns read-only
            disk.break_it()
            # Then annotations are refused with the reason, and so is all else that is stored
            crew.refused()
            assert "readonly" in crew.refusals[-1] or "disk" in crew.refusals[-1]
            with pytest.raises(ServerError, match="cannot be written") as refused:
                site.client.create_api_token("one-more")
            assert refused.value.problem.status == 503
            heavy_gate.open()
            light_gate.open()
        # When it is repaired, and the server started again
        site.server.kill()
        disk.repair()
        site.server.start()
        # Then nothing acknowledged is missing, and each job comes to its end
        assert crew.said.items() <= site.log().items()
        took = until(lambda: not site.books.jobs("queued", "running"))
        measured("the disk can be written again: every job has ended", took)
        for job in (heavy, light):
            view = job.refresh()
            assert view.state == "done" or "the disk is read-only" in str(view.error), view
        check_whole(data_dir)
        site.nothing_left()
        site.server.stop()


@pytest.mark.parametrize("used", [False, True], ids=["new", "in use"])
def test_a_server_says_in_one_line_that_its_folder_cannot_be_written(
    tmp_path: Path, used: bool
) -> None:
    with tmpfs(tmp_path / "disk", 16) as disk:
        # Given a folder, new or of an earlier server, on a disk that cannot be written
        if used:
            assert user_add(disk).returncode == 0
        read_only(disk)
        # When a server is started on it
        ended = serve(disk, "--cpu-workers=0", "--live-workers=0")
        # Then it says so and ends
        assert ended.returncode == 1
        (line,) = ended.stderr.splitlines()
        assert line.startswith("kodkod: ")
        assert str(disk) in line
        assert "written" in line or "read-only" in line.lower()


def serve(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return kodkod("serve", f"--data-dir={folder}", f"--port={free_port()}", *arguments)


def user_add(folder: Path) -> subprocess.CompletedProcess[str]:
    return kodkod("user", "add", "ana", f"--data-dir={folder}", password="a-long-password-7")


def kodkod(*arguments: str, password: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [KODKOD, *arguments],
        input=f"{password}\n{password}\n",
        env={name: value for name, value in os.environ.items() if not name.startswith("KODKOD_")},
        capture_output=True,
        text=True,
        timeout=LIMIT * 2,
        check=False,
    )
