"""Who sends a request's body drop by drop is told to come back, and holds nothing meanwhile."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from kodkod.api import RequestError

__all__ = ["BodyPace", "SlowBodyError"]

_LEAST_BYTES_A_SECOND = 1_000
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})


class SlowBodyError(RequestError):
    """The request's body did not come in time."""


class BodyPace:
    """Wraps the application: a body may take `grace` seconds, and one more for each kilobyte.

    An upload over a poor line passes; a connection that is held open to tire the server out is
    answered and hung up on.
    """

    def __init__(self, app: ASGIApp, grace: float) -> None:
        self._app = app
        self._grace = grace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http" or scope["method"] in _BODILESS:
            await self._app(scope, receive, send)
            return
        started, got, whole, late = time.monotonic(), 0, False, False

        async def receive_in_time() -> Any:
            nonlocal got, whole, late
            if whole:  # What comes now is the end of the connection, whenever that is.
                return await receive()
            left = started + self._grace + got / _LEAST_BYTES_A_SECOND - time.monotonic()
            try:
                async with asyncio.timeout(left):
                    message: Any = await receive()
            except TimeoutError:
                late = True
                raise SlowBodyError(
                    f"The request's body was not complete after {self._grace:.0f} s and a second "
                    "for each kilobyte of it; send it again over a faster line."
                ) from None
            got += len(message.get("body", b""))
            whole = message["type"] != "http.request" or not message.get("more_body", False)
            return message

        async def send_and_hang_up(message: Message) -> None:
            if late and message["type"] == "http.response.start":
                # The rest of the body would be waited for, as long as the client likes.
                message["headers"] = [*message["headers"], (b"connection", b"close")]
            await send(message)

        await self._app(scope, receive_in_time, send_and_hang_up)
