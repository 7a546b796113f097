"""Backups and restores of a server that works, with people who annotate all the while."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from faults.annotators import LABELS, Annotators, read_log
from kodkod_sdk import Client, NewFeature, NewScheme, ProjectConfig
from server_process import ServerProcess

POSTGRES = os.environ.get("KODKOD_TEST_POSTGRES_URL", "")
KODKOD = Path(sys.executable).with_name("kodkod")
SCHEME = "/projects/kept/schemes/tone"
TEXTS = 6_000
PATIENCE = 60.0

pytestmark = pytest.mark.slow


def statement(text: str) -> None:
    async def run() -> None:
        engine = create_async_engine(
            sa.make_url(POSTGRES).set(drivername="postgresql+asyncpg"),
            isolation_level="AUTOCOMMIT",
        )
        async with engine.connect() as connection:
            await connection.execute(sa.text(text))
        await engine.dispose()

    asyncio.run(run())


@pytest.fixture(params=["sqlite", *(["postgres"] if POSTGRES else [])])
def environment(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """Give what names a database of each kind."""
    if request.param == "sqlite":
        yield {}
        return
    name = f"kodkod_test_{secrets.token_hex(6)}"
    statement(f"CREATE DATABASE {name}")
    url = sa.make_url(POSTGRES).set(drivername="postgresql", database=name)
    yield {"KODKOD_DATABASE_URL": url.render_as_string(hide_password=False)}
    statement(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def server(tmp_path: Path, environment: dict[str, str]) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path / "data", environment=environment) as running:
        yield running


@pytest.fixture
def client(server: ServerProcess, tmp_path: Path) -> Iterator[Client]:
    """Give root's client of a server that has a project with a scheme."""
    file = tmp_path / "texts.csv"
    words = ("cats purr", "dogs bark", "birds sing")
    frame = {
        "id": [f"t{i}" for i in range(TEXTS)],
        "text": [f"{words[i % 3]} {i}" for i in range(TEXTS)],
    }
    pl.DataFrame(frame).write_csv(file)
    with Client(server.url, username="root", password=server.root_password) as signed_in:
        config = ProjectConfig(name="kept", id_column="id", text_columns=["text"])
        project = signed_in.create_project(file, config)
        project.create_scheme(NewScheme(name="tone", labels=list(LABELS)))
        yield signed_in


@pytest.fixture
def token(client: Client) -> str:
    return str(client.create_api_token("annotators").token)


def command(
    environment: dict[str, str], *arguments: object, data_dir: Path
) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KODKOD_")}
    return subprocess.run(
        [KODKOD, *map(str, arguments), "--data-dir", data_dir],
        capture_output=True,
        text=True,
        env=kept | environment,
        timeout=PATIENCE,
        check=False,
    )


def log_in(archive: Path) -> list[dict[str, Any]]:
    """Return the entries of the annotation log that an archive has."""
    with zipfile.ZipFile(archive) as source:
        columns = json.loads(source.read("manifest.json"))["tables"]["annotation"]["columns"]
        lines = source.read("tables/annotation.jsonl").splitlines()
    return [dict(zip(columns, json.loads(line), strict=True)) for line in lines]


def names_of_tokens(server: ServerProcess, token: str) -> set[str]:
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.get(f"{server.url}/api/v1/auth/api-tokens", headers=headers, timeout=PATIENCE)
    return {each["name"] for each in answer.json()["items"]}


def read(server: ServerProcess, token: str) -> dict[int, Any]:
    return asyncio.run(read_log(server.port, token, SCHEME))


def test_a_backup_has_what_was_acknowledged_before_it_and_a_prefix_of_the_log(
    server: ServerProcess,
    client: Client,
    token: str,
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    project = client.project("kept")
    done = project.create_feature(NewFeature(name="before", component="tfidf-svd"))
    done.wait()
    # Given people at work, and a feature that is being computed
    with Annotators(server.port, token, SCHEME, TEXTS) as people:
        job = project.create_feature(NewFeature(name="meanwhile", component="tfidf-svd"))
        people.go_on(100)
        said = dict(people.said)

        # When a backup is made
        made = command(environment, "backup", first, data_dir=server.data_dir)
        assert (made.returncode, made.stderr) == (0, "")
        people.go_on(50)
    job.wait()
    command(environment, "backup", second, data_dir=server.data_dir)

    # Then it has what was acknowledged before, and its log is how the log began
    early, late = log_in(first), log_in(second)
    assert {entry["seq"] for entry in early} >= said.keys()
    assert early == late[: len(early)]
    assert len(said) <= len(early) < len(late)

    # And from it an installation is made on another machine, with a database of its own
    other = ServerProcess(tmp_path / "other")
    other.root_password = server.root_password
    restored = command({}, "restore", first, data_dir=other.data_dir)
    assert (restored.returncode, restored.stderr) == (0, "")
    with other, Client(other.url, username="root", password=other.root_password) as root:
        names = {feature.name for feature in root.project("kept").features()}
        assert {"before"} <= names <= {"before", "meanwhile"}
        assert len(read(other, token)) == len(early)  # The API token opens it as well.
        states = {each.id: each.state for each in root.jobs()}
        assert states[done.id] == "done"
        assert set(states.values()) <= {"done", "failed"}
        root.project("kept").create_feature(NewFeature(name="after", component="tfidf-svd")).wait()


@contextmanager
def listening(server: ServerProcess, token: str) -> Iterator[list[str]]:
    """Hear events in a thread, and hear again where the stream ends; give their types."""
    heard: list[str] = []
    over = threading.Event()

    def hear() -> None:
        last = "0"
        while not over.is_set():
            headers = {"Authorization": f"Bearer {token}", "Last-Event-ID": last}
            with httpx.stream(
                "GET", f"{server.url}/api/v1/events", headers=headers, timeout=PATIENCE
            ) as stream:
                heard.append("(listening)")
                for line in stream.iter_lines():
                    name, _, value = line.partition(": ")
                    last = value if name == "id" else last
                    if name == "event":
                        heard.append(value)
                    if over.is_set():
                        return

    thread = threading.Thread(target=hear)
    thread.start()
    try:
        yield heard
    finally:
        over.set()
        server.stop()  # Which ends the stream.
        thread.join()


def until(what: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_server_restores_itself_while_people_annotate(
    server: ServerProcess,
    client: Client,
    token: str,
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    archive = tmp_path / "backup.zip"
    pid = server.pid
    with Annotators(server.port, token, SCHEME, TEXTS) as people:
        # Given a backup of an earlier time, and people at work since
        people.go_on(60)
        assert command(environment, "backup", archive, data_dir=server.data_dir).returncode == 0
        people.go_on(60)
        client.create_api_token("of a later time")

        # When it is restored while they go on, and somebody listens
        refused = command(environment, "restore", archive, data_dir=server.data_dir)
        assert "--replace" in refused.stderr
        with listening(server, token) as heard:
            until(lambda: heard)
            done = command(environment, "restore", archive, "--replace", data_dir=server.data_dir)
            assert (done.returncode, done.stderr) == (0, ""), server.output()[-3000:]
            before = dict(people.said)

            # Then they go on in the same server, signed in as they were
            people.go_on(60)
            log = read(server, token)
            assert server.pid == pid
            assert names_of_tokens(server, token) == {"annotators", "of a later time"}

            # and who listens is told that much has changed
            until(lambda: "resync" in heard)

    # And the log has what the archive has, then what was said since
    kept = log_in(archive)
    seqs = list(log)
    assert seqs[: len(kept)] == [entry["seq"] for entry in kept]
    since = {seq: said for seq, said in people.said.items() if seq not in before}
    assert {seq: said for seq, said in since.items() if seq <= seqs[-1]}.items() <= log.items()
    # under numbers that were not given before
    lost = before.keys() - log.keys()
    assert kept[-1]["seq"] < min(lost) < max(lost) < seqs[len(kept)]

    # And what was there before can be served
    (folder,) = server.data_dir.glob("replaced-*")
    assert str(folder) in done.stdout
    again = tmp_path / "again.zip"
    assert command({}, "backup", again, data_dir=folder).returncode == 0
    assert {entry["seq"] for entry in log_in(again)} >= lost


def test_a_restore_that_cannot_be_leaves_the_server_at_work(
    server: ServerProcess,
    client: Client,
    token: str,
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    archive = tmp_path / "backup.zip"
    assert command(environment, "backup", archive, data_dir=server.data_dir).returncode == 0
    # Given a worker that somebody has started elsewhere
    with worker(server, environment), Annotators(server.port, token, SCHEME, TEXTS) as people:
        people.go_on(60)

        # When an archive is restored that would take the database away from it
        done = command(environment, "restore", archive, "--replace", data_dir=server.data_dir)

        # Then that is said, and people go on
        assert done.returncode == 1
        assert "All is as it was" in done.stderr
        people.go_on(60)
    assert people.said.items() <= read(server, token).items()
    assert not list(server.data_dir.glob("replaced-*"))
    assert not list(server.data_dir.glob(".restore-*"))

    # And without the worker it can be
    done = command(environment, "restore", archive, "--replace", data_dir=server.data_dir)
    assert (done.returncode, done.stderr) == (0, "")
    assert read(server, token) == {}


@contextmanager
def worker(server: ServerProcess, environment: dict[str, str]) -> Iterator[None]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KODKOD_")}
    log = server.data_dir.with_name("worker.log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [KODKOD, "worker", "--data-dir", server.data_dir],
            env=kept | environment,
            stdout=output,
            stderr=output,
        )
    try:
        until(lambda: b"worker ready" in log.read_bytes())
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)
