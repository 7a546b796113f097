"""How long a backup and a restore take, and how long whoever calls the server waits for them.

    python tests/benchmarks/backups.py [--texts N] [--entries N] [--database-url URL] [--json FILE]

A server with a project, its log of annotations and a feature of 384 dimensions. A client asks it
every ten milliseconds while the commands run beside it; the longest pause between two answers is
what an annotator would wait. `--database-url` names an empty PostgreSQL database.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import polars as pl
import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent)]

from kodkod.store.artefacts import FeatureRow, add_feature  # noqa: E402
from kodkod.store.database import Database, now  # noqa: E402
from kodkod.store.matrices import Manifest, MatrixFolder  # noqa: E402
from kodkod.store.tables import annotation  # noqa: E402
from kodkod_sdk import Client, NewScheme, ProjectConfig  # noqa: E402
from server_process import ServerProcess  # noqa: E402

KODKOD = Path(sys.executable).with_name("kodkod")
DIM = 384
_BATCH = 10_000
_WORDS = 35


class Caller:
    """Asks the server all the while; `longest` is the longest pause between two answers."""

    def __init__(self, url: str) -> None:
        self.longest = 0.0
        self._url = f"{url}/api/v1/me"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> None:
        """Ask no more."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        last = time.monotonic()
        with httpx.Client(timeout=300) as client:
            while not self._over.is_set():
                try:
                    client.get(self._url)
                except httpx.TransportError:
                    continue  # Hung up on while idle: it calls again.
                present = time.monotonic()
                self.longest, last = max(self.longest, present - last), present
                time.sleep(0.01)


def make_project(server: ServerProcess, folder: Path, n: int) -> None:
    rng = np.random.default_rng(1)
    words = np.array([f"w{i}" for i in range(20_000)])
    texts = [" ".join(words[rng.integers(0, len(words), _WORDS)]) for _ in range(n)]
    file = folder / "texts.parquet"
    pl.DataFrame({"id": [f"t{i}" for i in range(n)], "text": texts}).write_parquet(file)
    with Client(server.url, username="root", password=server.root_password) as client:
        config = ProjectConfig(name="big", id_column="id", text_columns=["text"])
        client.create_project(file, config).create_scheme(NewScheme(name="one", labels=["a", "b"]))


async def fill(url: str, data_dir: Path, texts: int, entries: int) -> None:
    """Write the log and the feature as many people and a job would have done in time."""
    database = Database.at(url, data_dir)
    entry = {
        "project_id": 1,
        "scheme_id": 1,
        "op": "set",
        "user_id": 1,
        "value": '"1"',
        "source": "human",
        "strategy": "random",
        "selection_probability": 0.001,
        "comment": "",
        "seconds": 1.5,
        "created_at": now(),
    }
    folder = data_dir / "projects" / "big" / "features" / "f"
    folder.mkdir(parents=True)
    matrix = np.random.default_rng(1).standard_normal((texts, DIM), dtype=np.float32)
    about: dict[str, Any] = {"component": "sentence-embeddings", "params": {}, "dim": DIM}
    manifest = Manifest(corpus_fingerprint="", rows=texts, sparse=False, **about)
    MatrixFolder(folder).write(matrix, manifest)
    async with database.write() as connection:
        for first in range(0, entries, _BATCH):
            rows = [{**entry, "row": row % texts} for row in range(first, first + _BATCH)]
            await connection.execute(sa.insert(annotation), rows)
        feature = FeatureRow(
            id="f",
            project_id=1,
            name="e",
            rows=texts,
            sparse=False,
            created_at=now(),
            **about,
        )
        await add_feature(connection, feature)
    await database.close()


def measure(caller: Caller, environment: dict[str, str], *arguments: object) -> dict[str, float]:
    caller.longest = 0.0
    began = time.monotonic()
    subprocess.run(
        [KODKOD, *map(str, arguments)], env=environment, check=True, stdout=subprocess.DEVNULL
    )
    seconds = time.monotonic() - began
    time.sleep(0.5)
    return {"seconds": round(seconds, 2), "longest_wait": round(caller.longest, 2)}


def run(folder: Path, texts: int, entries: int, url: str) -> dict[str, Any]:
    own = {"KODKOD_DATABASE_URL": url} if url else {}
    archive, data_dir = folder / "backup.zip", folder / "data"
    environment = dict(os.environ) | own | {"KODKOD_DATA_DIR": str(data_dir)}
    with ServerProcess(data_dir, environment=own) as server:
        make_project(server, folder, texts)
        server.stop()  # It would read all that is written beside it.
        asyncio.run(fill(url, data_dir, texts, entries))
        server.start()
        caller = Caller(server.url)
        try:
            found = {
                "backup": measure(caller, environment, "backup", archive),
                "check": measure(caller, environment, "restore", archive, "--check"),
                "restore": measure(caller, environment, "restore", archive, "--replace"),
            }
        finally:
            caller.stop()
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {
        "machine": {"cores": os.cpu_count(), "load": os.getloadavg()[0], "os": platform.platform()},
        "texts": texts,
        "entries": entries,
        "database": "postgresql" if url else "sqlite",
        "archive_mb": round(archive.stat().st_size / 1e6, 1),
        "largest_process_mb": used // 1024,
        "figures": found,
    }


def main() -> None:
    """Measure, print a table, and write JSON if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--entries", type=int, default=500_000)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = run(Path(folder), given.texts, given.entries, given.database_url)
    table = Table("", "seconds", "longest wait of a caller")
    for name, figure in report["figures"].items():
        table.add_row(name, str(figure["seconds"]), str(figure["longest_wait"]))
    Console().print(table)
    text = json.dumps(report, indent=2)
    print(text)
    if given.json is not None:
        given.json.write_text(text + "\n")


if __name__ == "__main__":
    main()
