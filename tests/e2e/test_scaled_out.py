"""Server and workers apart: PostgreSQL, RabbitMQ, and workers that join from another process."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from kodkod_sdk import (
    Client,
    NewAnnotation,
    NewFeature,
    NewGuide,
    NewModel,
    NewScheme,
    NextQuery,
    ProjectConfig,
)
from server_process import ServerProcess

POSTGRES = os.environ.get("KODKOD_TEST_POSTGRES_URL", "")
RABBITMQ = os.environ.get("KODKOD_TEST_RABBITMQ_URL", "")
PATIENCE = 60.0
WORDS = {"warm": "sun heat summer bright", "cold": "snow ice winter frost"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (POSTGRES and RABBITMQ),
        reason="KODKOD_TEST_POSTGRES_URL and KODKOD_TEST_RABBITMQ_URL do not name services",
    ),
]


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


@pytest.fixture
def database_url() -> Iterator[str]:
    name = f"kodkod_test_{secrets.token_hex(6)}"
    statement(f"CREATE DATABASE {name}")
    url = sa.make_url(POSTGRES).set(drivername="postgresql", database=name)
    yield url.render_as_string(hide_password=False)
    statement(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def environment(database_url: str) -> dict[str, str]:
    return {"KODKOD_DATABASE_URL": database_url, "KODKOD_BROKER_URL": RABBITMQ}


@pytest.fixture
def server(tmp_path: Path, environment: dict[str, str]) -> Iterator[ServerProcess]:
    """Give a server that computes nothing itself."""
    arguments = ["--cpu-workers=0", "--live-workers=0", "--gpu-workers=0"]
    with ServerProcess(tmp_path / "data", environment=environment, arguments=arguments) as running:
        yield running


@pytest.fixture
def client(server: ServerProcess) -> Iterator[Client]:
    with Client(server.url, username="root", password=server.root_password) as signed_in:
        yield signed_in


@contextmanager
def workers(server: ServerProcess, environment: dict[str, str]) -> Iterator[subprocess.Popen]:
    """Run `kodkod worker` as somebody on another host would."""
    kodkod = Path(sys.executable).with_name("kodkod")
    with server.log.with_name("worker.log").open("ab") as log:
        process = subprocess.Popen(
            [kodkod, "worker", "--queues", "live,cpu", f"--data-dir={server.data_dir}"],
            env={**os.environ, **environment, "OMP_WAIT_POLICY": "PASSIVE"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)


def until(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.1)


def corpus(folder: Path) -> Path:
    file = folder / "weather.csv"
    rows = [
        (f"t{i}", f"{WORDS[label]} number {i}") for i, label in enumerate(["warm", "cold"] * 100)
    ]
    pl.DataFrame(rows, schema=["id", "text"], orient="row").write_csv(file)
    return file


def test_workers_join_from_elsewhere_and_may_be_killed(
    server: ServerProcess, client: Client, environment: dict[str, str], tmp_path: Path
) -> None:
    # Given a project on a server without workers, a job that waits for one
    config = ProjectConfig(name="Weather", id_column="id", text_columns=["text"])
    project = client.create_project(corpus(tmp_path), config)
    scheme = project.create_scheme(NewScheme(name="kind", labels=["warm", "cold"]))
    job = project.create_feature(NewFeature(name="words", component="tfidf-svd"))
    assert job.refresh().state == "queued"

    # When workers join
    with workers(server, environment):
        # Then the job is done, and people annotate with a guide that they refresh
        assert job.wait(PATIENCE).state == "done"
        scheme.set_guide(NewGuide(features=["words"], refresh_every=5))
        for element in scheme.next(NextQuery(n=20)).elements:
            label = "warm" if "sun" in element.text else "cold"
            scheme.annotate([NewAnnotation(id=element.id, value=label, lease=element.lease)])
        until(lambda: (guide := scheme.info().guide) is not None and guide.version >= 1)

    # When they leave and their master is killed in the next job, and others come
    with workers(server, environment) as first:
        train = project.create_model(
            NewModel(name="m", scheme="kind", component="logistic", features=["words"])
        )
        first.kill()
        first.wait()
    with workers(server, environment):
        # Then the job comes to its end all the same
        assert train.wait(PATIENCE).state == "done"
        assert project.model("m").n_train == 20
