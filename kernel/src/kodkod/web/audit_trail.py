"""Around every request that changes something: a row of the audit log before its answer goes out.

Here and not in the handlers, so that no route can forget it.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING, Any

import structlog
from litestar import Litestar, Request
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from msgspec.structs import replace

from kodkod.store.audit import NewAudit, add_audit
from kodkod.store.database import now
from kodkod.store.people import Identity
from kodkod.web.access import Entry, only_reads
from kodkod.web.openapi_document import openapi_document
from kodkod.web.redaction import MOST_BYTES, redacted, secret_fields
from kodkod.web.request_log import request_id

if TYPE_CHECKING:
    from kodkod.web.services import Services

__all__ = ["IN_THE_LOG", "AuditTrail", "Failures"]

_log = structlog.get_logger("kodkod.audit")
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
IN_THE_LOG = frozenset({"annotate", "next_texts", "redo", "skip", "undo"})
"""Operations without a row: the annotation log says who annotated what and took back what, and
which text was given to whom leaves no trace but that. A row for each would cost annotators a write
more."""
_ERASING = frozenset({"erase_me", "erase_user"})
_FAILURES = 60
_MINUTE = 60.0


class AuditTrail:
    """Wraps the application. A row that cannot be written is an error of the server's log."""

    def __init__(self, app: ASGIApp, litestar: Litestar, services: Services) -> None:
        self._app = app
        self._litestar = litestar
        self._services = services
        self._failures = Failures()
        self._secrets: dict[str, frozenset[str]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http" or scope["method"] in _READING:
            await self._app(scope, receive, send)
            return
        body = bytearray()

        async def receive_and_keep() -> Any:
            message = await receive()
            if len(body) <= MOST_BYTES and message["type"] == "http.request":
                body.extend(message.get("body", b"")[: MOST_BYTES + 1])
            return message

        async def send_after_row(message: Message) -> None:
            if message["type"] == "http.response.start":
                await self._note(scope, message["status"], bytes(body))
            await send(message)

        await self._app(scope, receive_and_keep, send_after_row)

    async def _note(self, scope: Scope, status: int, body: bytes) -> None:
        handler = scope.get("route_handler")
        operation = getattr(handler, "operation_id", None)
        if not isinstance(operation, str) or operation in IN_THE_LOG or only_reads(handler):
            return
        merged = self._failures.admit(status)
        if merged is None:
            return
        try:
            secrets = await self._secrets_of(operation)
            row = self._row(scope, operation, status, body, secrets, merged)
            await self._services.database.change(add_audit, row)
        except Exception:  # noqa: BLE001 - logged and counted: what was done must be answered
            _log.exception("an action is not in the audit log", operation=operation, status=status)
            self._services.metrics.audit_failures.inc()

    def _row(
        self,
        scope: Scope,
        operation: str,
        status: int,
        body: bytes,
        secrets: frozenset[str],
        merged: int,
    ) -> NewAudit:
        headers = dict(scope["headers"])
        media_type = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip()
        user, entry = scope.get("user"), scope.get("auth")
        project = entry.project if isinstance(entry, Entry) else None
        target = {name: str(value) for name, value in (scope.get("path_params") or {}).items()}
        row = NewAudit(
            at=now(),
            user_id=user.user_id if isinstance(user, Identity) else None,
            token_id=user.token_id if isinstance(user, Identity) else None,
            address=self._services.proxies.origin_of(Request(scope)).address,
            operation=operation,
            project_id=project.id if project else None,
            project_slug=project.slug if project else None,
            target=target,
            sent=redacted(body, media_type.lower(), secrets),
            status=status,
            merged=merged,
            request_id=request_id(scope),
        )
        if operation not in _ERASING or status >= 400:
            return row
        # Whoever was erased a moment ago must not be named by the row that says so.
        row = replace(row, target={}, sent=None)
        return replace(row, token_id=None, address="") if operation == "erase_me" else row

    async def _secrets_of(self, operation: str) -> frozenset[str]:
        if self._secrets is None:
            # It takes long, once: nobody who annotates is to wait for it.
            self._secrets = await asyncio.to_thread(
                lambda: secret_fields(openapi_document(self._litestar))
            )
        return self._secrets.get(operation, frozenset())


class Failures:
    """Lets some rows of attempts that failed through, so that nobody can fill the disk with them.

    What succeeds has a row in any case. `clock` gives seconds.
    """

    def __init__(self, clock: Any = time.monotonic) -> None:
        self._clock = clock
        self._times: deque[float] = deque()
        self._dropped = 0

    def admit(self, status: int) -> int | None:
        """Return how many attempts before this one have no row, or None: nor has this one."""
        if status < 400:
            return 0
        present = self._clock()
        while self._times and self._times[0] <= present - _MINUTE:
            self._times.popleft()
        if len(self._times) >= _FAILURES:
            self._dropped += 1
            return None
        self._times.append(present)
        dropped, self._dropped = self._dropped, 0
        return dropped
