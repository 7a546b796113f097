"""Server-sent events: how they are written on a connection that stays open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Send

from kodkod.web.events import EventHub
from kodkod.web.listening import Listener, Resync

__all__ = ["MEDIA_TYPE", "EventStream"]

MEDIA_TYPE = "text/event-stream"
_BEAT_SECONDS = 15.0
_STALLED_SECONDS = 30.0
"""A client that has taken nothing for so long is hung up on."""
_RETRY_MS = 2_000
_HEADERS = {
    "Cache-Control": "no-cache",
    # nginx and its like would gather some pages of events before they pass them on.
    "X-Accel-Buffering": "no",
}

_log = structlog.get_logger("kodkod.web")


class EventStream(Response[Any]):
    """An answer that goes on for as long as somebody listens."""

    def __init__(
        self,
        hub: EventHub,
        listener: Listener,
        first: Resync | None = None,
        *,
        beat_seconds: float = _BEAT_SECONDS,
        stalled_seconds: float = _STALLED_SECONDS,
    ) -> None:
        super().__init__(None, media_type=MEDIA_TYPE)
        self._writer = _Writer(hub, listener, first, beat_seconds, stalled_seconds)

    def to_asgi_response(self, app: Any, request: Request[Any, Any, Any], **_: Any) -> ASGIResponse:
        """Return what writes it."""
        return self._writer


class _Writer(ASGIResponse):
    """Writes what a listener hears, and a sign of life when that is nothing."""

    _should_set_content_length = False

    def __init__(
        self,
        hub: EventHub,
        listener: Listener,
        first: Resync | None,
        beat_seconds: float,
        stalled_seconds: float,
    ) -> None:
        super().__init__(headers=_HEADERS, media_type=MEDIA_TYPE)
        self._hub = hub
        self._listener = listener
        self._first = first
        self._beat_seconds = beat_seconds
        self._stalled_seconds = stalled_seconds
        self._loop = asyncio.get_running_loop()
        self._wrote_at = self._loop.time()
        self._writing = False
        self._timer: asyncio.TimerHandle | None = None

    async def send_body(self, send: Send, receive: Receive) -> None:
        """Write until the listener is ended, or the client hangs up or takes nothing more."""
        watching = self._loop.create_task(self._watch(receive))
        try:
            async with asyncio.timeout(None) as patience, aclosing(self._blocks()) as blocks:
                self._look_later(self._beat_seconds, patience)
                async for block in blocks:
                    await self._write(send, block, more=True)
                await self._write(send, b"", more=False)
        except TimeoutError:
            _log.warning("a listener took nothing any more", seconds=self._stalled_seconds)
        finally:
            watching.cancel()
            if self._timer is not None:
                self._timer.cancel()

    async def _write(self, send: Send, body: bytes, *, more: bool) -> None:
        self._wrote_at = self._loop.time()
        self._writing = True
        await send({"type": "http.response.body", "body": body, "more_body": more})
        self._writing = False

    async def _blocks(self) -> AsyncGenerator[bytes]:
        position = self._listener.position
        yield b": listening\nretry: %d\nid: %d\n\n" % (_RETRY_MS, position)
        if self._first is not None:
            yield _resync(self._first, position)
        async with aclosing(self._hub.hear(self._listener)) as heard:
            async for each in heard:
                if isinstance(each, Resync):
                    yield _resync(each, self._listener.position)
                elif each:
                    yield each[0].body if len(each) == 1 else b"".join([one.body for one in each])
                elif not self._listener.ended:
                    # The id lets whoever hears little come back to here and not to long ago.
                    position = max(self._listener.position, self._hub.settled)
                    yield b":\nid: %d\n\n" % position

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._listener.end()

    def _look_later(self, seconds: float, patience: asyncio.Timeout) -> None:
        self._timer = self._loop.call_later(seconds, self._look, patience)

    def _look(self, patience: asyncio.Timeout) -> None:
        """See to a stream that is silent. One timer that looks costs less than one a block."""
        silent = self._loop.time() - self._wrote_at
        allowed = self._stalled_seconds if self._writing else self._beat_seconds
        if silent < allowed:
            self._look_later(allowed - silent, patience)
        elif self._writing:
            patience.reschedule(self._loop.time())
        else:
            self._listener.nudge()
            self._look_later(self._beat_seconds, patience)


def _resync(resync: Resync, position: int) -> bytes:
    return b"id: %d\nevent: resync\ndata: %b\n\n" % (position, msgspec.json.encode(resync))
