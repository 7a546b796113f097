"""Fixtures: each reads or writes through a component, found by its spec as the kernel does."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kodkod.api import ComponentSpec, Exporter, Importer, decode_params
from kodkod_formats.plugin import register_components

Read = Callable[..., pl.DataFrame]
Write = Callable[..., Path]


def component(kind: str, name: str, **params: Any) -> Any:
    spec = next(s for s in register_components() if (s.kind, s.name) == (kind, name))
    return build(spec, **params)


def build(spec: ComponentSpec, **params: Any) -> Any:
    module, _, attribute = spec.factory.partition(":")
    factory = getattr(__import__(module, fromlist=[attribute]), attribute)
    return factory(decode_params(spec.params, params))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="session")
def read(folder: Path) -> Read:
    """Read bytes by the importer of that name: `read("csv", data, separator="tab")`."""

    def _read(name: str, data: bytes | Path, **params: Any) -> pl.DataFrame:
        path = data
        if isinstance(path, bytes):
            (folder / "in").write_bytes(path)
            path = folder / "in"
        importer: Importer[Any] = component("importer", name, **params)
        return importer.read(path)

    return _read


@pytest.fixture(scope="session")
def write(folder: Path) -> Write:
    """Write frames by the exporter of that name and return the file."""

    def _write(name: str, frames: Iterable[pl.DataFrame], **params: Any) -> Path:
        exporter: Exporter[Any] = component("exporter", name, **params)
        path = folder / f"out.{name}"
        exporter.write(frames, path)
        return path

    return _write
