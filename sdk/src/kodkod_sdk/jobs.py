"""Work that runs on the server."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import msgspec

from kodkod_sdk.errors import JobFailedError, KodkodError, NoAnswerError, WaitTimeoutError
from kodkod_sdk.events import RESYNC, Event, EventConnection
from kodkod_sdk.generated.contract import JobView
from kodkod_sdk.transport import Transport

__all__ = ["Job"]

_LIVE = frozenset({"queued", "running"})
_QUIET_SECONDS = 10.0
"""After so long without news the server is asked, come what may."""
_NO_TIME = 0.01

Tell = Callable[[JobView], None]


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
        """Return when the job is done; `on_progress` gets what is new of it meanwhile.

        The server tells by events. Where they do not come through, it is asked at most every
        `every` seconds.

        Raises:
            JobFailedError: it failed or was cancelled.
            WaitTimeoutError: it is still at work after `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        tell = on_progress or _tell_nobody
        if self.refresh().state in _LIVE:
            tell(self.view)
            self._follow(deadline, tell, every)
            self._poll(deadline, tell, every)
        if self.view.state in _LIVE:
            raise WaitTimeoutError(f"job {self.id} is still {self.view.state}")
        if self.view.state != "done":
            raise JobFailedError(self.view)
        return self.view

    def _follow(self, deadline: float, tell: Tell, every: float) -> None:
        while self.view.state in _LIVE and time.monotonic() < deadline:
            if not self._listen(deadline, tell):
                return
            if self.view.state in _LIVE:
                time.sleep(every)

    def _poll(self, deadline: float, tell: Tell, every: float) -> None:
        pause = min(0.02, every)
        while self.view.state in _LIVE and time.monotonic() < deadline:
            time.sleep(pause)
            pause = min(pause * 1.5, every)
            if self.refresh().state in _LIVE:
                tell(self.view)

    def _listen(self, deadline: float, tell: Tell) -> bool:
        """Follow the job on one connection; tell whether events come through at all."""
        quiet = max(min(_QUIET_SECONDS, deadline - time.monotonic()), _NO_TIME)
        try:
            connection = EventConnection(self._transport, {"job": self.id}, None, quiet)
        except KodkodError:
            return False
        with connection, suppress(NoAnswerError):
            # What happened before the connection is not told on it.
            self._take(self._transport.get(f"/jobs/{self.id}", JobView), tell)
            for event in connection if self.view.state in _LIVE else ():
                self._take(self._view_after(event), tell)
                if self.view.state not in _LIVE or time.monotonic() >= deadline:
                    break
        return connection.alive

    def _view_after(self, event: Event) -> JobView:
        if event.type == RESYNC or event.data.get("state") not in _LIVE:
            return self._transport.get(f"/jobs/{self.id}", JobView)
        news = {name: event.data[name] for name in JobView.__struct_fields__ if name in event.data}
        return msgspec.convert(msgspec.to_builtins(self.view) | news, JobView)

    def _take(self, view: JobView, tell: Tell) -> None:
        is_news, self.view = view != self.view, view
        if is_news and view.state in _LIVE:
            tell(view)


def _tell_nobody(view: JobView) -> None:
    del view
