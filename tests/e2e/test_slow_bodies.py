"""A client that holds a connection open with half a request, against a running server."""

from __future__ import annotations

import socket
import time
from pathlib import Path

from server_process import ServerProcess

HALF = (
    b"POST /api/v1/auth/token HTTP/1.1\r\nHost: localhost\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nuser"
)


def test_half_a_request_is_answered_and_hung_up_on(tmp_path: Path) -> None:
    with (
        ServerProcess(tmp_path / "data", environment={"KODKOD_BODY_SECONDS": "1"}) as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection,
    ):
        begun = time.monotonic()
        connection.sendall(HALF)
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
        waited = time.monotonic() - begun  # before the server is told to end, which takes its time

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert waited < 15
