"""Bodies that come drop by drop, against the application itself."""

from __future__ import annotations

import asyncio
import json
import time

import msgspec
import pytest

from kodkod.web.app import create_app

FORM = b"username=nobody&password=" + b"x" * 2_000


async def send_to(app, parts):
    """Send a form in parts of (seconds to wait, bytes); return status, headers and body."""
    waiting = list(parts)
    answer = {"status": 0, "headers": [], "body": b""}

    async def receive():
        if not waiting:
            await asyncio.sleep(3600)
        pause, body = waiting.pop(0)
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": body, "more_body": bool(waiting) or body == b""}

    async def send(message):
        answer["status"] = message.get("status", answer["status"])
        answer["headers"] += message.get("headers", [])
        answer["body"] += message.get("body", b"")

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/api/v1/auth/token",
        "raw_path": b"/api/v1/auth/token",
        "query_string": b"",
        "root_path": "",
        "headers": [
            (b"host", b"testserver"),
            (b"content-type", b"application/x-www-form-urlencoded"),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
    }
    await app(scope, receive, send)
    return answer["status"], answer["headers"], answer["body"]


@pytest.fixture
def hurried(settings, registry):
    """Give the application as it is installed, with little patience."""
    return create_app(msgspec.structs.replace(settings, body_seconds=0.3), registry=registry)


@pytest.mark.parametrize(
    "parts", [[(0, b"")], [(0, b"user"), (0.15, b"n"), (0.15, b"a"), (0.15, b"m"), (3600, b"e")]]
)
async def test_a_body_that_comes_drop_by_drop_is_given_up(hurried, parts):
    begun = time.monotonic()

    async with hurried.lifespan():
        status, headers, body = await send_to(hurried, parts)

    assert status == 408
    assert json.loads(body)["type"].endswith("too-slow")
    # The server hangs up: it would wait for the rest otherwise.
    assert (b"connection", b"close") in headers
    assert time.monotonic() - begun < 10


async def test_a_body_over_a_poor_line_is_waited_for(hurried):
    # Two thousand bytes have earned two seconds more than the grace.
    parts = [(0, FORM[:2_000]), (0.8, FORM[2_000:])]

    async with hurried.lifespan():
        status, headers, _ = await send_to(hurried, parts)

    assert status not in {0, 408, 500}
    assert (b"connection", b"close") not in headers
