"""Scratch space: a folder for each run of a job, and one that lasts until the job is over."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kodkod.jobs.workspace import Workspace
from kodkod.store.jobs import LIVE, list_jobs

__all__ = ["checkpoint_folder", "drop_checkpoints", "scratch_folder", "sweep_scratch"]

_MOST_LIVE = 100_000


@contextmanager
def scratch_folder(
    workspace: Workspace, job_id: str, run: str, *, again: bool
) -> Iterator[Callable[[], Path]]:
    """Give what makes an empty folder for a run of a job, and delete it at the end.

    What an earlier run left is deleted first where the job runs `again`.
    """
    folder = _home(workspace) / f"{job_id}.{run}"
    if again:
        for left in folder.parent.glob(f"{job_id}.*"):
            # A child's worker may have a folder too.
            if not run.startswith(left.name.partition(".")[2]):
                shutil.rmtree(left, ignore_errors=True)

    def make() -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    try:
        yield make
    finally:
        if folder.exists():
            shutil.rmtree(folder, ignore_errors=True)


def checkpoint_folder(workspace: Workspace, job_id: str) -> Path:
    """Return where runs of a job leave what the next one goes on from; perhaps not made yet."""
    return workspace.settings.data_dir / "checkpoints" / job_id


def drop_checkpoints(workspace: Workspace, job_id: str) -> None:
    """Delete what the runs of a job left for the next: there will be none."""
    shutil.rmtree(checkpoint_folder(workspace, job_id), ignore_errors=True)


def sweep_scratch(workspace: Workspace) -> None:
    """Delete what runs left that were killed and not repeated."""
    left = [*_home(workspace).glob("*.*"), *checkpoint_folder(workspace, "").glob("*")]
    if not left:
        return
    live = {row.id for row in workspace.read(list_jobs, states=LIVE, limit=_MOST_LIVE)}
    for folder in left:
        if folder.name.partition(".")[0] not in live:
            shutil.rmtree(folder, ignore_errors=True)


def _home(workspace: Workspace) -> Path:
    return workspace.settings.data_dir / "scratch"
