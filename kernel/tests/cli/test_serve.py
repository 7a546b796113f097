"""A real server process, with real workers."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from .conftest import KODKOD

READY = re.compile(r"ready at (http://\S+)")
PASSWORD = re.compile(r"password (\S+)")


def children(pid: int) -> list[int]:
    """Return the process's children, by what Linux says of them."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


@contextmanager
def serving(environment: dict[str, str], log: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a server on a free port; give the process and all it printed until it was ready."""
    with log.open("w") as errors:
        process = subprocess.Popen(
            [KODKOD, "serve", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment,
        )
    assert process.stdout is not None
    try:
        told = ""
        while not READY.search(told):
            line = process.stdout.readline()
            assert line, f"the server ended: {log.read_text()}"
            told += line
        yield process, told
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


def wait_until(url: str, workers: int) -> dict[str, Any]:
    """Return what the server says of its health once it has that many workers."""
    deadline = time.monotonic() + 30
    while (health := httpx.get(f"{url}/api/v1/health").json())["workers"] != workers:
        assert time.monotonic() < deadline, health
    return health


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_serves_and_ends_with_its_workers(environment, tmp_path, number):
    with serving(environment, tmp_path / "log") as (process, told):
        url = READY.search(told)[1]
        form = {"username": "root", "password": PASSWORD.search(told)[1]}
        with httpx.Client(base_url=url) as client:
            # given a server that somebody signed in to by the password it told
            grant = client.post("/api/v1/auth/token", data=form)
            assert grant.status_code == 200
            assert "server" not in grant.headers
        assert wait_until(url, workers=2)["status"] == "ok"
        workers = children(process.pid)
        assert len(workers) >= 2
        # when it is asked to end
        process.send_signal(number)
        # then it does, and so do its workers
        assert process.wait(timeout=30) == 0
        assert not [pid for pid in workers if alive(pid)]
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_a_worker_that_dies_is_told_of_and_comes_back(environment, tmp_path):
    with serving(environment, tmp_path / "log") as (process, told):
        url = READY.search(told)[1]
        wait_until(url, workers=2)
        before = children(process.pid)
        # when one worker is killed, then the answer says so until another one is there
        os.kill(before[0], signal.SIGKILL)
        health = wait_until(url, workers=1)
        assert health["status"] == "degraded"
        assert "worker" in health["problems"][0]
        assert wait_until(url, workers=2)["status"] == "ok"
        assert set(children(process.pid)) - set(before)


def test_a_port_that_is_taken_is_told_in_one_line(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert str(port) in done.stderr
    assert "--port" in done.stderr


def test_a_root_password_that_is_too_weak_is_told_in_one_line(run, environment):
    environment["KODKOD_ROOT_PASSWORD"] = "short"
    done = run("serve", "--port", "0")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("kodkod: KODKOD_ROOT_PASSWORD: ")
    assert "Traceback" not in done.stderr
