"""Around every request: an id, a log line, and headers that make browsers careful."""

from __future__ import annotations

import re
import secrets
import time
from typing import Any

import structlog
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars

from kodkod.store.people import Identity
from kodkod.web.traffic import Traffic

__all__ = ["SECURITY_HEADERS", "RequestLog", "request_id"]

_log = structlog.get_logger("kodkod.web")
_KEY = "kodkod.request_id"
_GIVEN = re.compile(rb"[A-Za-z0-9._-]{8,64}")

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Styles may be inline because the web UI's components set them; scripts may not."""

_RAW = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]


def request_id(scope: Any) -> str:
    """Return the request's id: the client's, where it sent a decent one, or a new one."""
    if _KEY not in scope:
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
        scope[_KEY] = given.decode() if _GIVEN.fullmatch(given) else secrets.token_hex(8)
    return scope[_KEY]


class RequestLog:
    """Wraps the whole application, so that answers of the router itself pass here too.

    What is logged: method, path without its query (which may hold what is private), status,
    milliseconds until the answer's end, and the user.
    """

    def __init__(self, app: ASGIApp, traffic: Traffic) -> None:
        self._app = app
        self._traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or hand a lifespan through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        id_ = request_id(scope)
        status = 0
        started = time.perf_counter()

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                spent = time.perf_counter() - started
                # Here and not at the end: a stream of events goes on for hours.
                self._traffic.note(scope, status, spent)
                message["headers"] = [
                    *message["headers"],
                    *_RAW,
                    (b"x-request-id", id_.encode()),
                    (b"server-timing", b"app;dur=%.3f" % (spent * 1000)),
                ]
            await send(message)

        clear_contextvars()
        bind_contextvars(request_id=id_)
        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            if not status:
                self._traffic.note(scope, 500, time.perf_counter() - started)
            user = scope.get("user")
            _log.info(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                ms=round((time.perf_counter() - started) * 1000, 1),
                user=user.username if isinstance(user, Identity) else None,
            )
