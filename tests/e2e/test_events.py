"""Events of a real server: a listener outlives it, many listen, and its end is theirs."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from kodkod_sdk import Client, Event, NewFeature, NewScheme, Project, ProjectConfig
from server_process import ServerProcess

KODKOD = Path(sys.executable).with_name("kodkod")
FEW_FILES = 128
LISTENERS = 300


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    """Give a server that may open few files, as a system allows it that nobody has set up."""
    command = tmp_path / "kodkod"
    command.write_text(f'#!/bin/sh\nulimit -S -n {FEW_FILES}\nexec "{KODKOD}" "$@"\n')
    command.chmod(0o755)
    with ServerProcess(tmp_path / "data", kodkod=command) as running:
        yield running


@pytest.fixture
def client(server: ServerProcess) -> Iterator[Client]:
    with Client(server.url, username="root", password=server.root_password) as client:
        yield client


@pytest.fixture
def project(client: Client, tmp_path: Path) -> Project:
    corpus = tmp_path / "texts.csv"
    lines = [f"t{i},{'cats purr' if i % 2 else 'dogs bark'} {i}\n" for i in range(40)]
    corpus.write_text("id,text\n" + "".join(lines))
    return client.create_project(
        corpus, ProjectConfig(name="News", id_column="id", text_columns=["text"])
    )


def make_schemes(project: Project, *names: str) -> None:
    for name in names:
        project.create_scheme(NewScheme(name=name, labels=["a", "b"]))


def test_a_listener_goes_on_across_restarts(
    server: ServerProcess, client: Client, project: Project
) -> None:
    with project.events() as events:
        heard: list[Event] = []
        # Given a listener that has heard something
        make_schemes(project, "one", "two")
        heard += islice(events, 2)
        # When the server stops and starts, or dies, and at once goes on
        for number, end in enumerate((server.stop, server.kill)):
            end()
            server.start()
            make_schemes(project, f"more-{number}", f"most-{number}")
            heard += islice(events, 2)
        make_schemes(project, "last")
        heard += islice(events, 1)
        # Then it has heard all of it, once and in order
        assert [each.type for each in heard] == ["scheme.created"] * 7
        ids = [each.id for each in heard]
        assert ids == sorted(set(ids))
        schemes = [each.data["scheme_id"] for each in heard]
        assert schemes == sorted(set(schemes))
        # And whoever asks from the beginning hears the same
        with project.events(after=ids[0] - 1) as again:
            assert list(islice(again, 7)) == heard


def test_a_job_is_followed_by_its_events(client: Client, project: Project) -> None:
    # Given somebody who listens
    with project.events() as events:
        # When a job is waited for
        seen: list[str] = []
        job = project.create_feature(NewFeature(name="tfidf", component="tfidf-svd"))
        done = job.wait(on_progress=lambda view: seen.append(view.state))
        assert done.state == "done"
        # Then its news were told to whoever listens, from the first to the last
        types = []
        for event in events:
            assert event.data["id"] == job.id
            types.append(event.type)
            if event.type == "job.done":
                break
    assert types[:2] == ["job.queued", "job.running"]
    assert set(seen) <= {"queued", "running"}


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _listen(server: ServerProcess, token: str) -> Streams:
    """Return once an event stream has begun."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    head = f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n"
    writer.write(head.encode())
    await reader.readuntil(b": listening")
    return reader, writer


def test_many_listen_and_their_streams_end_with_the_server(
    server: ServerProcess, client: Client, project: Project
) -> None:
    token = client.create_api_token("listening", read_only=True).token or ""

    async def listen() -> None:
        # Given more listeners than files that a process may open as a rule
        streams = [await _listen(server, token) for _ in range(LISTENERS)]
        # When something happens, all hear it
        await asyncio.to_thread(make_schemes, project, "one")
        for reader, _ in streams:
            await asyncio.wait_for(reader.readuntil(b"event: scheme.created"), 20)
        # When the server stops
        await asyncio.to_thread(server.stop)
        # Then each stream comes to an end that the client can tell from a broken one
        for reader, _ in streams:
            assert (await reader.read()).endswith(b"0\r\n\r\n")
        for _, writer in streams:
            writer.close()

    asyncio.run(listen())
    # And the server did not have to give up waiting for any of them
    assert "graceful shutdown exceeded" not in server.output()
