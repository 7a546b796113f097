"""A real encoder (weights from a package) and a real hub on the loopback."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from kodkod.api import TextBatch
from kodkod.testing import RecordingContext
from weights import minilm_folder

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def ctx(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path, seed=7)


@pytest.fixture
def batch() -> Callable[[Sequence[str]], TextBatch]:
    def make(texts: Sequence[str]) -> TextBatch:
        return TextBatch(np.arange(len(texts)), list(texts), pl.DataFrame())

    return make


@pytest.fixture(scope="session")
def minilm() -> Path:
    """The folder of all-MiniLM-L6-v2 that the test requirements bring."""
    return minilm_folder()


@pytest.fixture
def local_models(minilm: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Allow the folder above the encoder's; nothing is asked of the hub."""
    monkeypatch.setenv("KODKOD_LOCAL_MODELS", str(minilm.parent))
    return minilm.parent


@pytest.fixture
def hub(minilm: Path) -> Iterator[str]:
    """Serve the encoder as `some-org/minilm` the way the hub does; return the address."""

    class Hub(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            listing = path.removesuffix(f"/revision/{COMMIT}").removesuffix("/revision/main")
            file = minilm / path.removeprefix(f"/some-org/minilm/resolve/{COMMIT}/")
            if listing == "/api/models/some-org/minilm":
                found = {"_id": "1", "id": "some-org/minilm", "sha": COMMIT, "siblings": []}
                self.answer(200, json.dumps(found).encode())
            elif listing.startswith("/api/models/some-org/minilm/tree/"):
                self.answer(200, b"[]")
            elif path.startswith(f"/some-org/minilm/resolve/{COMMIT}/") and file.is_file():
                self.answer(200, file.read_bytes())
            elif "/some-org/minilm" in path:
                self.answer(404, b"", "EntryNotFound")
            else:
                self.answer(404, b"", "RepoNotFound")

        def answer(self, status: int, body: bytes, error: str | None = None) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
            if error is not None:
                self.send_header("X-Error-Code", error)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
