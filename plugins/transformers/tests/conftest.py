"""Checkpoints: tiny ones of real architectures, and a real encoder whose weights a package has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kodkod.api import TextBatch
from kodkod.testing import RecordingContext, make_batch
from weights import minilm_folder

from .tiny import TINY, build_tiny


@pytest.fixture
def ctx(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path, seed=7)


@pytest.fixture
def batch() -> Callable[[Sequence[str]], TextBatch]:
    return make_batch


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds a checkpoint for each name of `TINY`."""
    root = tmp_path_factory.mktemp("tiny-models")
    for name in TINY:
        build_tiny(name, root)
    return root


@pytest.fixture
def local_models(tiny_models: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Allow the tiny checkpoints by their names; nothing is asked of the hub."""
    monkeypatch.setenv("KODKOD_LOCAL_MODELS", str(tiny_models))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return tiny_models


@pytest.fixture(scope="session")
def minilm() -> Path:
    """The folder of all-MiniLM-L6-v2 that the test requirements bring."""
    return minilm_folder()
