"""Ask an application for the head of an answer, without waiting for streams to end."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from litestar import Litestar

__all__ = ["Answer", "ask"]


class Answer(msgspec.Struct):
    """A status, and the body unless it is a stream."""

    status: int
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        return msgspec.json.decode(self.body) if self.body.startswith(b"{") else {}


async def ask(app: Litestar, method: str, path: str, headers: dict[str, str]) -> Answer:
    """Send a request without a body; hang up once an event stream has begun."""
    answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
    status, body, requested = 0, b"", False

    async def receive() -> Any:
        nonlocal requested
        if requested:
            await asyncio.wait([answered])
            return {"type": "http.disconnect"}
        requested = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status, body
        if message["type"] == "http.response.start":
            status = message["status"]
            streams = (b"content-type", b"text/event-stream") in [
                (name.lower(), value.split(b";")[0]) for name, value in message["headers"]
            ]
            if streams:
                answered.set_result(Answer(status, b""))
            return
        body += message.get("body", b"")
        if not message.get("more_body", False) and not answered.done():
            answered.set_result(Answer(status, body))

    scope: Any = {
        "type": "http",
        "http_version": "1.1",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
    }
    serving = asyncio.create_task(app(scope, receive, send))
    try:
        await asyncio.wait([answered, serving], return_when=asyncio.FIRST_COMPLETED)
        if not answered.done():
            await serving  # It ended without an answer: let its error be seen.
        return await answered
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
