"""Listen to an application's events in this process: a client that can be slow, or hang up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import msgspec
from litestar import Litestar
from litestar.types import ASGIApp

__all__ = ["Ear", "Heard"]

LONGEST_SECONDS = 30.0


class Heard(msgspec.Struct, frozen=True):
    """An event as it came."""

    id: int
    type: str
    data: dict[str, Any]


class Ear:
    """Listens from `async with` on. `ids` are the positions that came, with an event or without."""

    def __init__(
        self,
        app: Litestar | ASGIApp,
        headers: Mapping[str, str],
        query: str = "",
        last: int | str | None = None,
    ) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.text = ""
        self.events: list[Heard] = []
        self.ids: list[int] = []
        self._app: Any = app
        more = {} if last is None else {"last-event-id": str(last)}
        self._sent = [(n.lower().encode(), v.encode()) for n, v in (headers | more).items()]
        self._query = query.encode()
        self._reading = asyncio.Event()
        self._reading.set()
        self._news = asyncio.Event()
        self._gone = asyncio.Event()
        self._asked = False
        self._whole = False
        self._rest = ""
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        scope: Any = {
            "type": "http",
            "http_version": "1.1",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "method": "GET",
            "scheme": "http",
            "path": "/api/v1/events",
            "raw_path": b"/api/v1/events",
            "query_string": self._query,
            "root_path": "",
            "headers": self._sent,
            "client": ("127.0.0.1", 1),
            "server": ("testserver", 80),
        }
        self._task = asyncio.create_task(self._app(scope, self._receive, self._send))
        await self.until(lambda: self.ids or self.ended)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.hang_up()
        assert self._task is not None
        async with asyncio.timeout(LONGEST_SECONDS):
            await self._task

    @property
    def ended(self) -> bool:
        """Whether the server has come to the end of its answer."""
        return self._whole or (self._task is not None and self._task.done())

    @property
    def heard(self) -> list[int]:
        """The ids of the events that came."""
        return [event.id for event in self.events]

    def pause(self) -> None:
        """Take nothing more, as a client whose buffers are full."""
        self._reading.clear()

    def resume(self) -> None:
        """Read on."""
        self._reading.set()

    def hang_up(self) -> None:
        """Be gone."""
        self._gone.set()
        self._reading.set()

    async def until(self, what: Callable[[], Any]) -> None:
        """Wait for something that comes with what is sent."""
        async with asyncio.timeout(LONGEST_SECONDS):
            while not what():
                self._news.clear()
                assert self._task is not None
                waiting = asyncio.create_task(self._news.wait())
                await asyncio.wait([waiting, self._task], return_when=asyncio.FIRST_COMPLETED)
                waiting.cancel()
                with suppress(asyncio.CancelledError):
                    await waiting
                assert what() or not self._task.done() or self._task.exception() is None

    async def until_heard(self, id_: int) -> None:
        """Wait for an event, or one after it."""
        await self.until(lambda: self.events and self.events[-1].id >= id_)

    async def _receive(self) -> Any:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        await self._reading.wait()
        if self._gone.is_set():
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {n.decode().lower(): v.decode() for n, v in message["headers"]}
        else:
            self._take(message.get("body", b"").decode())
            self._whole = not message.get("more_body", False)
        self._news.set()

    def _take(self, text: str) -> None:
        self.text += text
        *blocks, self._rest = (self._rest + text).split("\n\n")
        for block in blocks:
            fields = dict(line.partition(": ")[::2] for line in block.split("\n"))
            if "id" in fields:
                self.ids.append(int(fields["id"]))
            if "data" in fields:
                data = msgspec.json.decode(fields["data"])
                self.events.append(Heard(int(fields["id"]), fields["event"], data))
