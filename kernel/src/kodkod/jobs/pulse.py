"""A heart: something called every second, or more often, from a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType

import structlog
from sqlalchemy.exc import DBAPIError

__all__ = ["BEAT_SECONDS", "SILENT_SECONDS", "Pulse"]

BEAT_SECONDS = 1.0
SILENT_SECONDS = 10.0
"""A job whose heart has not beaten for so long is taken to have lost its worker."""

_log = structlog.get_logger(__name__)


class Pulse:
    """Calls `beat` every second, from `start` (or `with`) to `stop` (or the end of it)."""

    def __init__(self, beat: Callable[[], None], seconds: float = BEAT_SECONDS) -> None:
        self._beat = beat
        self._seconds = seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Begin to beat."""
        self._thread.start()

    def stop(self) -> None:
        """Beat no more, once a beat that is under way is over."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def __enter__(self) -> None:
        self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _run(self) -> None:
        while not self._over.wait(self._seconds):
            try:
                self._beat()
            except (DBAPIError, OSError):
                # The next beat may come through; if none does, the job goes to another worker.
                _log.warning("a heartbeat was not stored", exc_info=True)
