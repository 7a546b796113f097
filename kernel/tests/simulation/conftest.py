"""What the tests of simulations share."""

from __future__ import annotations

from pathlib import Path

import pytest

from kodkod.api import Cancelled, JobContext
from kodkod.plugins import PluginRegistry

HERE = Path(__file__).parent


class Listening(JobContext):
    """Keeps what it is told; cancels at the report number `stop_at`."""

    def __init__(self, folder: Path, stop_at: int | None = None) -> None:
        self.seed, self._folder = 0, folder
        self.stop_at = stop_at
        self.reports = 0
        self.told: list[tuple[float, str]] = []
        self.lines: list[str] = []

    @property
    def folder(self) -> Path:
        return self._folder

    def progress(self, fraction: float | None, message: str = "", **metrics: float) -> None:
        self.reports += 1
        if self.stop_at is not None and self.reports >= self.stop_at:
            raise Cancelled
        assert fraction is not None
        if message:
            self.told.append((fraction, message))

    def log(self, line: str) -> None:
        self.lines.append(line)


@pytest.fixture
def listening(tmp_path: Path) -> Listening:
    return Listening(tmp_path)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> PluginRegistry:
    monkeypatch.syspath_prepend(str(HERE))
    import spying

    spying.SEEN.clear()
    return PluginRegistry.load(extra=[spying])
