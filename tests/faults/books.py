"""What database and disk say, read beside the server."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import psutil
from msgspec import Struct

from kodkod.jobs.kinds import plugin as job_kinds
from kodkod.plugins import PluginRegistry
from kodkod.store.matrices import MatrixFolder, read_manifest

__all__ = ["Books", "JobFacts", "check_whole", "leftovers", "lives"]

_ASIDE = re.compile(r"\..+\.[0-9a-f]{8}")


class JobFacts(Struct, frozen=True):
    """What a job's row says, and the process of the worker that has it (None: it is gone)."""

    id: str
    kind: str
    state: str
    attempts: int
    worker: str | None
    error: str | None
    pid: int | None


class Books:
    """Reads a data folder's database."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "kodkod.db"

    def jobs(self, *states: str) -> list[JobFacts]:
        """Return all jobs, or those in some states."""
        query = (
            "SELECT job.id, job.kind, job.state, job.attempts, job.worker, job.error, worker.pid"
            " FROM job LEFT JOIN worker ON worker.name = job.worker"
        )
        rows = (JobFacts(*row) for row in self._all(query))
        return [row for row in rows if not states or row.state in states]

    def job(self, job_id: str) -> JobFacts:
        """Return a job."""
        return next(row for row in self.jobs() if row.id == job_id)

    def is_settled(self, job_id: str) -> bool:
        """Tell whether a job runs in a living worker, has failed with a reason, or is done."""
        job = self.job(job_id)
        if job.state == "running":
            return job.pid is not None and lives(job.pid, job.worker or "")
        return job.state == "done" or (job.state == "failed" and bool(job.error))

    def workers(self, queue: str) -> list[int]:
        """Return the processes of a queue's workers that live."""
        rows = self._all("SELECT pid, name FROM worker WHERE queue = ?", queue)
        return [pid for pid, name in rows if lives(pid, name)]

    def _all(self, query: str, *values: Any) -> list[Any]:
        connection = sqlite3.connect(f"file:{quote(str(self._path))}?mode=ro", uri=True, timeout=15)
        try:
            return connection.execute(query, values).fetchall()
        finally:
            connection.close()


def lives(pid: int, said: str) -> bool:
    """Tell whether a process lives whose command line has `said` in it."""
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and said in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False


def check_whole(data_dir: Path) -> tuple[int, int]:
    """Open all features and load all models of a data folder; return how many there are."""
    registry = PluginRegistry.load(extra=[job_kinds])
    features = [folder.parent for folder in data_dir.glob("projects/*/features/[!.]*/fitted")]
    for folder in features:
        manifest = read_manifest(folder)
        matrix = MatrixFolder(folder).open()
        assert matrix.shape == (manifest.rows, manifest.dim), folder
        if isinstance(matrix, np.ndarray):
            # The plugin of these tests gives each row its number.
            plain = manifest.component.partition("-")[0] not in {"gated", "deaf", "wide"}
            assert plain or (matrix[:, 0] == np.arange(manifest.rows)).all(), folder
            assert np.isfinite(matrix).all(), folder
        registry.build("feature", manifest.component, manifest.params).load(folder / "fitted")
    models = [folder.parent for folder in data_dir.glob("models/*/[!.]*/fitted")]
    for folder in models:
        row = json.loads((folder / "manifest.json").read_bytes())
        registry.build("model", row["component"], row["params"]).load(folder / "fitted")
    return len(features), len(models)


def leftovers(data_dir: Path) -> list[Path]:
    """Return what runs that were killed have left half-written, and their scratch."""
    return [*_asides(data_dir / "projects"), *_asides(data_dir / "models"), *_scratch(data_dir)]


def _asides(folder: Path) -> Iterator[Path]:
    # Unlike `rglob` it does not mind folders that are deleted meanwhile.
    for home, folders, files in os.walk(folder):
        yield from (Path(home, name) for name in folders + files if _ASIDE.fullmatch(name))


def _scratch(data_dir: Path) -> Iterator[Path]:
    return (data_dir / "scratch").glob("*")
