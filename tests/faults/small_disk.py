"""Disks of our own that can be filled and broken: mounting them takes root on Linux."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

__all__ = ["BreakableDisk", "fill", "free_mb", "read_only", "tmpfs"]

_MB = 1024 * 1024
_PATIENCE = 20.0


@contextmanager
def tmpfs(folder: Path, megabytes: int) -> Iterator[Path]:
    """Give a small disk in memory, mounted at `folder`."""
    folder.mkdir()
    _mount("-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        _unmount(folder)


def read_only(disk: Path) -> None:
    """Let nothing be written to a disk on which no file is open."""
    _run("mount", "-o", "remount,ro", str(disk))


class BreakableDisk:
    """A disk in a file, which turns read-only as a real one does: its file system finds an error.

    A plain remount is refused while files are open, as those of a running server are.
    """

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        folder.mkdir()
        self._image = folder.with_suffix(".img")
        with self._image.open("wb") as image:
            image.truncate(megabytes * _MB)
        _need("mkfs.ext4", "-q", str(self._image))

    def mount(self) -> None:
        """Attach it."""
        _mount("-o", "loop,errors=remount-ro", str(self._image), str(self.folder))

    def unmount(self) -> None:
        """Detach it."""
        _unmount(self.folder)

    def break_it(self) -> None:
        """Let the file system find an error: nothing can be written any more."""
        number = self.folder.stat().st_dev
        block = Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}").resolve().name
        try:
            Path(f"/sys/fs/ext4/{block}/trigger_fs_error").write_text("1")
        except OSError as error:
            pytest.skip(f"this kernel cannot make a disk fail: {error}")
        with pytest.raises(OSError, match="Read-only"):
            (self.folder / "probe").touch()

    def repair(self) -> None:
        """Do what an administrator does: detach it, check it, attach it again."""
        self.unmount()
        checked = subprocess.run(
            ["e2fsck", "-f", "-y", str(self._image)], capture_output=True, text=True, check=False
        )
        assert checked.returncode in {0, 1}, checked.stdout
        self.mount()


def fill(disk: Path) -> Path:
    """Fill a disk to the last byte; delete the file that this returns to have it back."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (_MB, 4096, 1):
            try:
                while file.write(b"\0" * size):
                    pass
            except OSError:
                continue
    return filler


def free_mb(disk: Path) -> float:
    """Return how many MB are free."""
    return shutil.disk_usage(disk).free / _MB


def _mount(*arguments: str) -> None:
    _need("mount", *arguments)


def _unmount(folder: Path) -> None:
    # Processes that were orphaned need a moment to end.
    deadline = time.monotonic() + _PATIENCE
    while subprocess.run(["umount", folder], capture_output=True, check=False).returncode:
        assert time.monotonic() < deadline, f"{folder} is in use"
        time.sleep(0.1)


def _need(*command: str) -> None:
    """Run what takes root and Linux, or skip the test and say why."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed: no small disk can be made")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
