"""Somebody who is told: a real HTTP server that answers as a test says, and keeps what it got."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
from msgspec import Struct

__all__ = ["Got", "Receiver"]


class Got(Struct):
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


class Receiver:
    """`answers` gives, for the number of a request, its status and headers."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.answers: Callable[[int], tuple[int, dict[str, str]]] = lambda _: (204, {})
        self.hold = threading.Event()
        self.hold.set()
        self.endless = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}/hooks/t0ken-nobody-reads"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.hold.set()
        self._server.shutdown()
        self._server.server_close()

    def wait(self, n: int, seconds: float = 20.0) -> list[Got]:
        """Return what came once there are `n`."""
        end = time.monotonic() + seconds
        while len(self.got) < n:
            assert time.monotonic() < end, f"{len(self.got)} of {n} came"
            time.sleep(0.01)
        return self.got

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.got.append(Got(self.path, headers, body, time.time()))
                number = len(receiver.got)
                receiver.hold.wait(60)
                status, more = receiver.answers(number)
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                if not receiver.endless:
                    self.send_header("content-length", "0")
                self.end_headers()
                try:
                    while receiver.endless:
                        self.wfile.write(b"x" * 65_536)
                except OSError:
                    receiver.endless = False

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        return Handler
