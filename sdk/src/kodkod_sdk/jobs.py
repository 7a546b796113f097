"""Work that runs on the server."""

from __future__ import annotations

import time
from collections.abc import Callable

from kodkod_sdk.errors import JobFailedError, WaitTimeoutError
from kodkod_sdk.generated.contract import JobView
from kodkod_sdk.transport import Transport

__all__ = ["Job"]

_LIVE = frozenset({"queued", "running"})


class Job:
    """A job; `view` is what was last heard of it."""

    def __init__(self, transport: Transport, view: JobView) -> None:
        self._transport = transport
        self.view = view

    @property
    def id(self) -> str:
        """The job's identity."""
        return self.view.id

    def refresh(self) -> JobView:
        """Ask the server how far it is."""
        self.view = self._transport.get(f"/jobs/{self.id}", JobView)
        return self.view

    def cancel(self) -> None:
        """Ask the job to stop."""
        self._transport.delete(f"/jobs/{self.id}")

    def wait(
        self,
        timeout: float = 3600.0,
        on_progress: Callable[[JobView], None] | None = None,
        every: float = 0.5,
    ) -> JobView:
        """Return when the job is done, asking at most every `every` seconds.

        Raises:
            JobFailedError: it failed or was cancelled.
            WaitTimeoutError: it is still at work after `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        pause = min(0.02, every)
        while self.refresh().state in _LIVE:
            if on_progress is not None:
                on_progress(self.view)
            if time.monotonic() >= deadline:
                raise WaitTimeoutError(f"job {self.id} is still {self.view.state}")
            time.sleep(pause)
            pause = min(pause * 1.5, every)
        if self.view.state != "done":
            raise JobFailedError(self.view)
        return self.view
