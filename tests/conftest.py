"""What tests across distributions share: a real server process and a client."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kodkod_sdk import Client
from server_process import ServerProcess


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Give a running server with an empty data folder. Leave it running."""
    with ServerProcess(tmp_path_factory.mktemp("server") / "data") as running:
        yield running


@pytest.fixture
def client(server: ServerProcess) -> Iterator[Client]:
    """Give root's client."""
    with Client(server.url, username="root", password=server.root_password) as signed_in:
        yield signed_in
