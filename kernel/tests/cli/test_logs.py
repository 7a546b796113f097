"""What a server and its workers log of one request: every line has its ids."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from .test_serve import PASSWORD, READY, serving

CHATTY = """
import logging
import threading
import warnings

import numpy as np
import structlog

from kodkod.api import Feature, FeatureSpec, Resources, hookimpl

API = "2.0"


class Chatty(Feature):
    def fit(self, batch, ctx):
        structlog.get_logger("chatty").info("said by the feature")
        logging.getLogger("some.library").warning("said by %s", "a library")
        warnings.warn("said as a warning")
        if self.where == "child":
            speak = logging.getLogger("some.library").warning
            thread = threading.Thread(target=speak, args=("said in a thread",))
            thread.start()
            thread.join()

    def transform(self, batch, ctx):
        return np.zeros((len(batch.texts), 2), np.float32)

    def save(self, folder):
        pass

    def load(self, folder):
        pass


class InChild(Chatty):
    where = "child"


class InWorker(Chatty):
    where = "worker"


@hookimpl
def register_components():
    for where, heavy in (("InChild", True), ("InWorker", False)):
        yield FeatureSpec(
            name=where.lower(),
            title=where,
            summary="Says much",
            factory=f"chatty:{where}",
            resources=Resources(heavy=heavy),
        )
"""
SAID = {
    "job queued",
    "job started",
    "job ended",
    "said by the feature",
    "said by a library",
}
LONGEST_SECONDS = 60.0


@pytest.fixture
def chatty(tmp_path: Path, environment: dict[str, str]) -> None:
    """Install a plugin whose features write to the log in every way there is."""
    site = tmp_path / "site"
    info = site / "kodkod_chatty-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "chatty.py").write_text(CHATTY)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: kodkod-chatty\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[kodkod]\nchatty = chatty\n")
    environment["PYTHONPATH"] = os.pathsep.join([str(site), environment.get("PYTHONPATH", "")])
    environment["KODKOD_LIVE_WORKERS"] = "0"


@contextmanager
def signed_in(told: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{READY.search(told)[1]}/api/v1", timeout=30) as client:
        form = {"username": "root", "password": PASSWORD.search(told)[1]}
        token = client.post("/auth/token", data=form).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def compute(client: httpx.Client, component: str) -> tuple[str, str]:
    """Have a feature computed; return the ids of the request that asked for it and of its job."""
    body = {"name": component, "component": component}
    answer = client.post("/projects/texts/features", json=body)
    assert answer.status_code == 202, answer.text
    job = answer.json()
    deadline = time.monotonic() + LONGEST_SECONDS
    while job["state"] in ("queued", "running"):
        assert time.monotonic() < deadline, job
        time.sleep(0.05)
        job = client.get(f"/jobs/{job['id']}").json()
    assert job["state"] == "done", job
    return answer.headers["x-request-id"], job["id"]


def lines_of(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_every_line_of_a_job_has_its_id_and_the_request_s(chatty, environment, tmp_path):
    log = tmp_path / "log"
    with serving(environment, log) as (_, told), signed_in(told) as client:
        config = json.dumps({"name": "Texts", "id_column": "id", "text_columns": ["text"]})
        rows = b"id,text\n" + b"".join(b"%d,text\n" % number for number in range(9))
        made = client.post("/projects", files={"file": ("t.csv", rows)}, data={"config": config})
        assert made.status_code == 201, made.text
        # when two jobs run, one in the worker itself and one in a process of its own
        in_worker = compute(client, "inworker")
        in_child = compute(client, "inchild")
    lines = lines_of(log)
    for (request_id, job), more in ((in_worker, set()), (in_child, {"said in a thread"})):
        # then what server, worker and child say of it has both ids, a library's words too
        said = {line["event"]: line for line in lines if line.get("job") == job}
        assert said.keys() >= SAID | more
        assert {line["request_id"] for line in said.values()} == {request_id}
        assert [text for text in said if "said as a warning" in text]
        # and the worker's lines say which worker
        assert said["job started"]["worker"] == said["said by the feature"]["worker"]
        # and the request's own line can be found by it
        (request,) = [
            line
            for line in lines
            if line["event"] == "request" and line["request_id"] == request_id
        ]
        assert (request["method"], request["status"]) == ("POST", 202)
    assert in_worker[0] != in_child[0]
