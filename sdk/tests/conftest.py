"""A loopback server that answers what a test lays down, over real HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

import pytest
from msgspec import Struct, json


class Answer(Struct, frozen=True):
    status: int
    body: object
    media_type: str = "application/json"
    holds: threading.Event | None = None
    """The connection stays open after the body until this is set."""


class Seen(Struct, frozen=True):
    method: str
    path: str
    authorization: str | None
    content_type: str | None
    body: bytes
    last_event_id: str | None = None


_NOTHING = Answer(
    404, {"type": "about:blank", "title": "Nothing", "status": 404, "detail": "Nothing is laid."}
)


class LoopbackServer(ThreadingHTTPServer):
    """`answers[method path]` is a list of answers, the last of which is repeated."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, list[Answer]] = {}
        self.seen: list[Seen] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def lay(self, request: str, *answers: Answer) -> None:
        self.answers[request] = list(answers)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        server = cast("LoopbackServer", self.server)
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        server.seen.append(
            Seen(
                self.command,
                self.path,
                self.headers.get("authorization"),
                self.headers.get("content-type"),
                body,
                self.headers.get("last-event-id"),
            )
        )
        answers = server.answers.get(f"{self.command} {self.path}", [_NOTHING])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        content = answer.body if isinstance(answer.body, bytes) else json.encode(answer.body)
        self.send_response(answer.status)
        self.send_header("content-type", answer.media_type)
        if answer.holds is None:
            self.send_header("content-length", str(len(content)))
        else:
            self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(content)
        if answer.holds is not None:
            answer.holds.wait(30)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def loopback() -> Iterator[LoopbackServer]:
    with LoopbackServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def answer() -> type[Answer]:
    return Answer
