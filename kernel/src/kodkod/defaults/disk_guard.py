"""Refuses jobs when the disk is nearly full, before one of them fills it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from kodkod.api import JobInfo, hookimpl

API = "1.0"

_LEAST_MB = 500
_MB = 1024 * 1024


@hookimpl
def job_admit(job: JobInfo) -> str | None:
    """Refuse while less than 500 MB is free where the data lies (`KODKOD_DATA_DIR`)."""
    folder = _existing(Path(os.environ.get("KODKOD_DATA_DIR", "kodkod-data")))
    free = shutil.disk_usage(folder).free // _MB
    if free >= _LEAST_MB:
        return None
    return (
        f"Only {free} MB are free on the disk of {folder}, and {job.kind} jobs start with "
        f"{_LEAST_MB} MB or more; delete features, models or projects that are not needed."
    )


def _existing(folder: Path) -> Path:
    folder = folder.absolute()
    return next(each for each in (folder, *folder.parents) if each.exists())
