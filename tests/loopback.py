"""A lean HTTP/1.1 client: on two cores a full one would measure itself."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What came back. `server_ms` is the server's own time, `ms` the client's."""

    status: int
    body: bytes
    ms: float
    server_ms: float

    def json(self) -> Any:
        """Decode the body."""
        return json.loads(self.body)


class Connection:
    """One kept-alive connection."""

    def __init__(self, port: int, token: str | None = None) -> None:
        self._port = port
        self._token = token
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def call(
        self, method: str, path: str, body: Any = None, content_type: str = "application/json"
    ) -> Answer:
        """Send a request and read its answer.

        Raises:
            RuntimeError: the answer is an error.
        """
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 24)
        reader, writer = self._streams
        data = body if isinstance(body, bytes) else b"" if body is None else _encode(body)
        head = [f"{method} /api/v1{path} HTTP/1.1", "Host: 127.0.0.1"]
        if self._token:
            head.append(f"Authorization: Bearer {self._token}")
        if data:
            head.append(f"Content-Type: {content_type}")
        head.append(f"Content-Length: {len(data)}")
        started = time.perf_counter()
        writer.write("\r\n".join(head).encode() + b"\r\n\r\n" + data)
        await writer.drain()
        status, headers = await _read_head(reader)
        answer = await _read_body(reader, headers)
        spent = (time.perf_counter() - started) * 1000
        if status >= 400:
            raise RuntimeError(f"{method} {path}: {status} {answer[:500]!r}")
        timing = headers.get("server-timing", "app;dur=nan").partition("dur=")[2]
        return Answer(status, answer, spent, float(timing))

    async def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            writer = self._streams[1]
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


def _encode(body: Any) -> bytes:
    return json.dumps(body).encode()


async def _read_head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(lines[0].split()[1])
    pairs = (line.partition(": ") for line in lines[1:] if line)
    return status, {name.lower(): value for name, _, value in pairs}


async def _read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if "content-length" in headers:
        return await reader.readexactly(int(headers["content-length"]))
    if headers.get("transfer-encoding") != "chunked":
        return b""
    parts = []
    while size := int((await reader.readline()).strip() or b"0", 16):
        parts.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return b"".join(parts)
