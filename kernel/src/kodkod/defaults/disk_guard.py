"""Refuses jobs when the disk is nearly full, before one of them fills it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from kodkod.api import JobInfo, hookimpl

API = "2.0"

_LEAST_MB = 200
_MB = 1024 * 1024


@hookimpl
def job_admit(job: JobInfo) -> str | None:
    """Refuse while less than `KODKOD_MIN_FREE_MB` is free on the disk of `KODKOD_DATA_DIR`."""
    least = int(os.environ.get("KODKOD_MIN_FREE_MB", _LEAST_MB))
    folder = _existing(Path(os.environ.get("KODKOD_DATA_DIR", "kodkod-data")))
    free = shutil.disk_usage(folder).free // _MB
    if free >= least:
        return None
    return (
        f"Only {free} MB are free on the disk of {folder}, and {job.kind} jobs start with "
        f"{least} MB or more; delete features, models or projects that are not needed."
    )


def _existing(folder: Path) -> Path:
    folder = folder.absolute()
    return next(each for each in (folder, *folder.parents) if each.exists())
