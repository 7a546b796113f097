"""Thirty-two annotators at once: nobody gets the same text, and draws say their probability."""

from __future__ import annotations

import asyncio

import polars as pl
import pytest

from kodkod_sdk import Client
from kodkod_sdk.generated.contract import NewScheme, ProjectConfig
from loopback import Connection
from server_process import ServerProcess

CLIENTS = 32
TEXTS = 640


@pytest.fixture(scope="module")
def token(server: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("crowd") / "texts.csv"
    pl.DataFrame(
        {"id": [f"{i:04}" for i in range(TEXTS)], "text": [f"text {i}" for i in range(TEXTS)]}
    ).write_csv(file)
    with Client(server.url, username="root", password=server.root_password) as client:
        config = ProjectConfig(name="Crowd", id_column="id", text_columns=["text"])
        project = client.create_project(file, config)
        project.create_scheme(NewScheme(name="one", labels=["a", "b"]))
        return str(client.create_api_token("crowd").token)


async def _annotate_all(server: ServerProcess, token: str, strategy: str) -> list[dict]:
    path = "/projects/crowd/schemes/one"
    drawn: list[dict] = []

    async def annotator(number: int) -> None:
        connection = Connection(server.port, token)
        while True:
            query = {"n": 1 + number % 3, "strategy": strategy}
            texts = (await connection.call("POST", f"{path}/next", query)).json()["elements"]
            if not texts:
                break
            drawn.extend(texts)
            answers = [{"id": t["id"], "value": "a", "lease": t["lease"]} for t in texts]
            await connection.call("POST", f"{path}/annotations", {"annotations": answers})
        await connection.close()

    await asyncio.gather(*(annotator(number) for number in range(CLIENTS)))
    return drawn


def test_thirty_two_clients_never_get_the_same_text(server: ServerProcess, token: str) -> None:
    # When 32 clients annotate until nothing is left
    drawn = asyncio.run(_annotate_all(server, token, "random"))

    # Then each text was handed out exactly once
    assert sorted(text["id"] for text in drawn) == [f"{i:04}" for i in range(TEXTS)]
    # And each draw says how likely it was: one over what was left at that moment
    chances = sorted(round(1 / text["selection_probability"]) for text in drawn)
    assert chances == list(range(1, TEXTS + 1))
