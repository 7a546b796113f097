"""An acknowledged annotation is on disk: the server is killed under load, twenty times."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kodkod_sdk import Client
from kodkod_sdk.generated.contract import NewScheme, ProjectConfig
from loopback import Connection
from server_process import ServerProcess

KILLS = 20
ANNOTATORS = 8
TEXTS = 4_000
SCHEME = "/projects/killed/schemes/tone"
LABELS = ("calm", "angry")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path / "data") as running:
        yield running


def _project(server: ServerProcess, folder: Path) -> str:
    file = folder / "texts.csv"
    pl.DataFrame(
        {"id": [f"t{i}" for i in range(TEXTS)], "text": [f"text {i}" for i in range(TEXTS)]}
    ).write_csv(file)
    with Client(server.url, username="root", password=server.root_password) as client:
        config = ProjectConfig(name="killed", id_column="id", text_columns=["text"])
        project = client.create_project(file, config)
        project.create_scheme(NewScheme(name="tone", labels=list(LABELS)))
        return str(client.create_api_token("annotators").token)


class Enough:
    """Tells when a number of annotations has been acknowledged."""

    def __init__(self, wanted: int) -> None:
        self.reached = asyncio.Event()
        self._missing = wanted

    def count(self, n: int) -> None:
        self._missing -= n
        if self._missing <= 0:
            self.reached.set()


async def _annotate(
    connection: Connection, rng: random.Random, said: dict[int, Any], enough: Enough
) -> None:
    """Annotate until the server dies; keep what it has acknowledged, by its place in the log."""
    while True:
        drawn = await connection.call("POST", f"{SCHEME}/next", {"n": rng.randint(1, 5)})
        texts = drawn.json()["elements"]
        answers = [
            {"id": text["id"], "value": rng.choice(LABELS), "lease": text["lease"]}
            for text in texts
        ]
        if not answers:
            return
        saved = await connection.call("POST", f"{SCHEME}/annotations", {"annotations": answers})
        for seq, answer in zip(saved.json()["seq"], answers, strict=True):
            said[seq] = (answer["id"], answer["value"])
        enough.count(len(answers))


async def _until_killed(
    server: ServerProcess, token: str, rng: random.Random, said: dict[int, Any]
) -> int:
    before = len(said)
    connections = [Connection(server.port, token) for _ in range(ANNOTATORS)]
    enough = Enough(rng.randint(10, 60))
    work = [asyncio.create_task(_annotate(each, rng, said, enough)) for each in connections]
    await asyncio.wait(
        [asyncio.create_task(enough.reached.wait()), *work], return_when="FIRST_COMPLETED"
    )
    server.kill()
    ended = await asyncio.gather(*work, return_exceptions=True)
    for each in connections:
        await each.close()
    for each in ended:
        if isinstance(each, Exception) and not isinstance(each, (OSError, EOFError)):
            raise each
    return len(said) - before


async def _log(server: ServerProcess, token: str) -> dict[int, Any]:
    connection = Connection(server.port, token)
    entries: dict[int, Any] = {}
    cursor = ""
    while True:
        page = (await connection.call("GET", f"{SCHEME}/annotations?limit=5000{cursor}")).json()
        entries.update((each["seq"], (each["id"], each["value"])) for each in page["items"])
        if page["cursor"] is None:
            await connection.close()
            return entries
        cursor = f"&cursor={page['cursor']}"


@pytest.mark.slow
def test_no_acknowledged_annotation_is_lost_when_the_server_is_killed(
    server: ServerProcess, tmp_path: Path
) -> None:
    # Given eight annotators at work
    token = _project(server, tmp_path)
    rng = random.Random(11)
    said: dict[int, Any] = {}
    for _ in range(KILLS):
        # When the server is killed in the middle of it, and started again
        assert asyncio.run(_until_killed(server, token, rng, said)) > 0
        server.start()
        # Then its log has all that it had acknowledged, as it was said
        log = asyncio.run(_log(server, token))
        assert said.items() <= log.items()
    assert len(said) >= KILLS * 10
