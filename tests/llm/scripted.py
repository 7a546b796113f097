"""An endpoint that answers as it is told: right, wrong, late, in part, or not at all.

As a process of its own: `python -m llm.scripted --port 0 --delay 0.1` prints its port.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Self

from msgspec import Struct, field

__all__ = ["Call", "Script", "ScriptedEndpoint", "Served", "animals", "chat", "serve"]

ANIMALS = ("cat", "dog")


class Call(Struct, frozen=True, kw_only=True):
    """A request. `number` counts the requests of the endpoint from 0 on."""

    number: int
    method: str
    path: str
    headers: Mapping[str, str]
    body: Any

    @property
    def key(self) -> str:
        """The idempotency key."""
        return self.headers.get("idempotency-key", "")

    @property
    def said(self) -> str:
        """The last turn, or the state of a typed decision."""
        if "messages" in self.body:
            return self.body["messages"][-1]["content"]
        given = self.body.get("input") or self.body.get("state")
        return given if isinstance(given, str) else given[-1]["content"]

    @property
    def schema(self) -> dict[str, Any] | None:
        """The schema that the answer is to be held to, in whichever place."""
        wanted = self.body.get("response_format")
        if wanted:
            return wanted["json_schema"]["schema"]
        tools = self.body.get("tools")
        return tools[0]["function"]["parameters"] if tools else None


class Served(Struct, frozen=True, kw_only=True):
    """What to send: after `delay` seconds, in `pieces` with `pause` between them.

    `drop` closes the connection after the pieces, whatever is missing.
    """

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    delay: float = 0.0
    pieces: int = 1
    pause: float = 0.0
    drop: bool = False


Script = Callable[[Call], Served]


def chat(content: str | None, *, finish: str = "stop", **message: Any) -> dict[str, Any]:
    """Return the body of a chat completion of 10 tokens read and 2 written."""
    return {
        "id": "c",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "logprobs": message.pop("logprobs", None),
                "message": {"role": "assistant", "content": content, **message},
            }
        ],
        "usage": {"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12},
    }


def animals(call: Call) -> Served:
    """See animals in a text, and answer by a schema; a schema without them gets its first label.

    Typed decisions are not here.
    """
    if not call.path.endswith("/chat/completions"):
        return Served(status=404, body={"error": {"message": "no such address"}})
    there = [name for name in ANIMALS if name in call.said.rpartition("Text:")[2]]
    schema = call.schema
    if schema is None:
        return Served(body=chat("hello"))
    said = _fitting(schema["properties"], there)
    if "tools" in call.body:
        function = {"name": "answer", "arguments": json.dumps(said)}
        calls = [{"id": "t", "type": "function", "function": function}]
        return Served(body=chat(None, finish="tool_calls", tool_calls=calls))
    return Served(body=chat(json.dumps(said)))


def _fitting(properties: Mapping[str, Any], there: list[str]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if "justification" in properties:
        said["justification"] = "I saw it."
    if "label" in properties:
        allowed = properties["label"]["enum"]
        said["label"] = next((each for each in there if each in allowed), allowed[-1])
    if "labels" in properties:
        said["labels"] = there
    if "spans" in properties:
        said["spans"] = [{"label": each, "quote": each} for each in there]
    return said


class ScriptedEndpoint:
    """Serves a script in a thread of its own, by TLS if `tls` has a certificate.

    `calls` are the requests so far.
    """

    def __init__(self, script: Script = animals, tls: ssl.SSLContext | None = None) -> None:
        self.script = script
        self._tls = tls
        self.calls: list[Call] = []
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http{'s' if self._tls else ''}://127.0.0.1:{self.port}/v1"

    @property
    def asked(self) -> list[Call]:
        """The requests without those that find out what the endpoint can."""
        return [call for call in self.calls if not call.key.startswith("probe-")]

    def times(self) -> Counter[str]:
        """Return how often each question was asked, by its key."""
        return Counter(call.key for call in self.asked)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        self._ready.set()
        self._loop.run_forever()

    async def _start(self) -> None:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await _serve_one(reader, writer, self._answer):
                pass
        self._writers.discard(writer)
        writer.close()

    def _answer(self, method: str, path: str, headers: Mapping[str, str], body: Any) -> Served:
        call = Call(number=len(self.calls), method=method, path=path, headers=headers, body=body)
        self.calls.append(call)
        return self.script(call)


async def _serve_one(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    answer: Callable[[str, str, Mapping[str, str], Any], Served],
) -> bool:
    """Read a request and answer it; tell whether the connection goes on."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return False
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    raw = await reader.readexactly(int(headers.get("content-length", 0)))
    served = answer(method, path, headers, json.loads(raw) if raw else None)
    await asyncio.sleep(served.delay)
    body = served.body if isinstance(served.body, bytes) else json.dumps(served.body).encode()
    sent = [
        f"HTTP/1.1 {served.status} X",
        f"content-type: {served.content_type}",
        f"content-length: {len(body)}",
        *(f"{name}: {value}" for name, value in served.headers.items()),
    ]
    data = "\r\n".join(sent).encode() + b"\r\n\r\n" + body
    size = max(1, -(-len(data) // served.pieces))
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    if served.drop:
        pieces = pieces[: len(pieces) // 2]
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(served.pause)
    return not served.drop


async def serve(port: int, delay: float) -> None:
    """Serve animals with a delay, in this process, and print the port."""

    def answer(method: str, path: str, headers: Mapping[str, str], body: Any) -> Served:
        call = Call(number=0, method=method, path=path, headers=headers, body=body)
        served = animals(call)
        return Served(body=served.body, status=served.status, delay=delay)

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while await _serve_one(reader, writer, answer):
                pass
        writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", port, backlog=1_000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0.0)
    given = parser.parse_args()
    asyncio.run(serve(given.port, given.delay))
