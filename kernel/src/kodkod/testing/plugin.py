"""What pytest gets when the kernel is installed: fixtures for tests of plugins."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from kodkod.api import ProjectArtefacts
    from kodkod.testing import RecordingContext

__all__ = ["contract_artefacts", "contract_params", "job_context"]


@pytest.fixture(scope="session")
def contract_params() -> Mapping[str, Mapping[str, Any]]:
    """Params for the contract by component name; override it where fixtures make them."""
    return {}


@pytest.fixture(scope="session")
def contract_artefacts() -> ProjectArtefacts | None:
    """What the contract's jobs find in their project; override it where a component asks."""
    return None


@pytest.fixture
def job_context(tmp_path: Path) -> RecordingContext:
    """Return a context for a component that runs in a test."""
    from kodkod.testing import RecordingContext

    folder = tmp_path / "job-context"
    folder.mkdir()
    return RecordingContext(folder, seed=7)
