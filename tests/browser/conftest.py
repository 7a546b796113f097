"""A server that may ask endpoints on this machine, as the steps start one of their own.

It has the weights of a real encoder at hand, from which the steps train.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server_process import ServerProcess
from weights import minilm_folder


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Give a running server with an empty data folder. Leave it running."""
    environment = {
        "KODKOD_GENAI_ALLOW_PRIVATE": "true",
        "KODKOD_LOCAL_MODELS": str(minilm_folder().parent),
    }
    with ServerProcess(tmp_path_factory.mktemp("server") / "data", environment=environment) as made:
        yield made
