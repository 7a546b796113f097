"""docs/webhooks.md says what is so, and its snippet tells what is ours from what is not."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from kodkod.web.postman import Pace
from kodkod.web.telling import TEST, TYPES
from kodkod_webhooks.settings import WebhookSettings
from kodkod_webhooks.signing import signature

DOCS = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text()
KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"type":"job.done"}'


@pytest.fixture
def verify() -> Any:
    (source,) = [
        block[1]
        for block in re.finditer(r"```python\n(.*?)```", DOCS, re.DOTALL)
        if "def verify" in block[1]
    ]
    names: dict[str, Any] = {}
    exec(compile(source, "docs/webhooks.md", "exec"), names)
    return names["verify"]


def headers(*keys: str, at: int | None = None) -> dict[str, str]:
    at = int(time.time()) if at is None else at
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(at),
        "webhook-signature": signature(keys, "msg_1", at, BODY),
    }


def test_the_snippet_takes_what_is_ours(verify):
    verify(KEY, headers(KEY), BODY)
    verify(KEY, headers("whsec_bmV3", KEY), BODY)


def test_the_snippet_takes_nothing_else(verify):
    with pytest.raises(ValueError, match="not signed"):
        verify(KEY, headers("whsec_b3RoZXI="), BODY)
    with pytest.raises(ValueError, match="not signed"):
        verify(KEY, headers(KEY), BODY + b" ")
    with pytest.raises(ValueError, match="not signed"):
        verify(KEY, {**headers(KEY), "webhook-id": "msg_2"}, BODY)
    with pytest.raises(ValueError, match="too old"):
        verify(KEY, headers(KEY, at=int(time.time()) - 301), BODY)


def test_every_event_is_in_the_table():
    rows = [line for line in DOCS.splitlines() if line.startswith("| `")]
    assert sorted(re.findall(r"`([a-z]+\.[a-z]+)`", "\n".join(r.split("|")[1] for r in rows))) == (
        sorted([*TYPES, TEST])
    )


def test_the_times_are_those_that_are_kept():
    assert Pace().retries == (5, 60, 300, 1_800, 7_200, 21_600, 43_200)
    assert (Pace().lease.seconds, Pace().attempt_seconds, Pace().give_up_after.days) == (60, 30, 3)
    assert WebhookSettings().timeout_seconds == 15
