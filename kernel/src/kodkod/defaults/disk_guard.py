"""No job is begun on a disk that is nearly full: what it writes could not be kept whole."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from kodkod.api import JobInfo, hookimpl

API = "1.0"

_DEFAULT_MB = 200


@hookimpl
def job_admit(job: JobInfo) -> str | None:
    """Refuse where less than `min_free_mb` of the data folder's disk is free."""
    folder = Path(os.environ.get("KODKOD_DATA_DIR", "."))
    wanted = int(os.environ.get("KODKOD_MIN_FREE_MB", _DEFAULT_MB))
    free = shutil.disk_usage(folder if folder.exists() else Path.cwd()).free // 1_000_000
    if free < wanted:
        return (
            f"The disk of the data folder has {free} MB free, and {wanted} MB are wanted before "
            "a job begins; free some, or lower KODKOD_MIN_FREE_MB."
        )
    return None
