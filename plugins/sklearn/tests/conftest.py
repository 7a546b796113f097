"""Real contexts, batches and features for the plugin's tests."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from kodkod.api import ComponentSpec, Params, TextBatch, decode_params
from kodkod.testing import RecordingContext
from kodkod_sklearn.plugin import register_components


@pytest.fixture
def ctx(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path, seed=7)


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
        spec = specs[name]
        module, _, attribute = spec.factory.partition(":")
        params: Params = decode_params(spec.params, raw)
        return getattr(importlib.import_module(module), attribute)(params)

    return build
