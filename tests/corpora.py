"""The real corpora that tests and benchmarks read; they are not part of the product."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

__all__ = ["SHARED", "shared_file"]

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("KODKOD_SHARED_DATA", ROOT.parent / "shared" / "data"))


def shared_file(name: str) -> Path:
    """Return a corpus, or skip the test and say so; on CI its absence is a failure."""
    path = SHARED / name
    if not path.exists():
        message = f"{path} is absent: set KODKOD_SHARED_DATA to the folder of real corpora"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path
