"""Scratch space: a folder for each run of a job, deleted when the run ends."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kodkod.jobs.workspace import Workspace
from kodkod.store.jobs import LIVE, list_jobs

__all__ = ["scratch_folder", "sweep_scratch"]

_MOST_LIVE = 100_000


@contextmanager
def scratch_folder(workspace: Workspace, job_id: str, run: str) -> Iterator[Path]:
    """Give an empty folder for a run of a job; what an earlier run left is deleted first."""
    home = _home(workspace)
    folder = home / f"{job_id}.{run}"
    for left in home.glob(f"{job_id}.*"):
        # A child's worker has a folder too, which is empty.
        if not run.startswith(left.name.partition(".")[2]):
            shutil.rmtree(left, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep_scratch(workspace: Workspace) -> None:
    """Delete what runs left that were killed and not repeated."""
    left = list(_home(workspace).glob("*.*"))
    if not left:
        return
    live = {row.id for row in workspace.read(list_jobs, states=LIVE, limit=_MOST_LIVE)}
    for folder in left:
        if folder.name.partition(".")[0] not in live:
            shutil.rmtree(folder, ignore_errors=True)


def _home(workspace: Workspace) -> Path:
    return workspace.settings.data_dir / "scratch"
