"""Real contexts, batches and features for the plugin's tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from kodkod.api import ComponentSpec, JobContext, Params, TextBatch, decode_params
from kodkod_sklearn.plugin import register_components


class RecordedContext(JobContext):
    """Keeps what it is told."""

    def __init__(self, folder: Path, seed: int = 7) -> None:
        self.folder = folder
        self.seed = seed
        self.lines: list[str] = []
        self.reports: list[float | None] = []

    def progress(self, fraction: float | None, message: str = "", **metrics: float) -> None:
        assert fraction is None or 0 <= fraction <= 1
        self.reports.append(fraction)

    def log(self, line: str) -> None:
        self.lines.append(line)


@pytest.fixture
def ctx(tmp_path: Path) -> RecordedContext:
    return RecordedContext(tmp_path)


@pytest.fixture
def batch() -> Callable[[Sequence[str]], TextBatch]:
    def make(texts: Sequence[str]) -> TextBatch:
        return TextBatch(np.arange(len(texts)), list(texts), pl.DataFrame())

    return make


@pytest.fixture
def make() -> Callable[..., object]:
    """Build a component by its name as the kernel does: from its spec and raw params."""
    specs: dict[str, ComponentSpec] = {spec.name: spec for spec in register_components()}

    def build(name: str, **raw: object) -> object:
        import importlib

        spec = specs[name]
        module, _, attribute = spec.factory.partition(":")
        params: Params = decode_params(spec.params, raw)
        return getattr(importlib.import_module(module), attribute)(params)

    return build
