"""One locked file for each worker process: the kernel drops the lock when the process dies."""

from __future__ import annotations

import fcntl
import os
import secrets
from pathlib import Path

__all__ = ["ProofOfLife"]


class ProofOfLife:
    """The locked files in `folder`, which lies on a local disk; the name of one names its worker.

    A heartbeat can be starved by a busy worker and has to lapse before it says anything. The lock
    is right at once, however the process ended, and costs a living worker nothing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._descriptor: int | None = None
        self._name = ""

    def hold(self) -> str:
        """Return the name under which this process is alive, from the first call until `release`.

        Raises:
            OSError: the file cannot be made.
        """
        if self._descriptor is not None:
            return self._name
        self.folder.mkdir(parents=True, exist_ok=True)
        self._sweep()
        self._name = f"{os.getpid()}-{secrets.token_hex(4)}"
        # Locked first, named second: nobody ever sees the file without its lock.
        aside = self.folder / f".{self._name}"
        self._descriptor = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        aside.rename(self.folder / self._name)
        # A forked child shares the lock and would keep it after this process has died.
        os.register_at_fork(after_in_child=self._close)
        return self._name

    def release(self) -> None:
        """Be no longer alive under that name."""
        if self._descriptor is not None:
            self.forget(self._name)
            self._close()

    def is_alive(self, name: str) -> bool:
        """Tell whether the process that holds `name` lives."""
        try:
            descriptor = os.open(self.folder / name, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            # Shared, so that two who ask at the same time do not take each other for the holder.
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def forget(self, name: str) -> None:
        """Delete what a process that is gone left behind."""
        (self.folder / name).unlink(missing_ok=True)

    def _sweep(self) -> None:
        for file in self.folder.iterdir():
            if not file.name.startswith(".") and not self.is_alive(file.name):
                self.forget(file.name)

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)
