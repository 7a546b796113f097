"""The component under test."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from kodkod.api import Component, ComponentSpec, Params, Persistent, ProjectArtefacts
from kodkod.plugins.factory import build
from kodkod.plugins.status import Registered
from kodkod.testing.recording import RecordingContext

__all__ = ["ContractBrokenError", "Subject", "dense", "require"]


class ContractBrokenError(AssertionError):
    """The component does not do what its kind promises; the message says which promise."""


def require(condition: bool, promise: str) -> None:
    """Fail with the promise that was broken.

    Raises:
        ContractBrokenError: `condition` is false.
    """
    if not condition:
        raise ContractBrokenError(promise)


class Subject:
    """A spec, the params to test it with, and room to write in."""

    def __init__(
        self,
        module: str,
        spec: ComponentSpec,
        params: Mapping[str, Any],
        folder: Path,
        project: ProjectArtefacts | None = None,
    ) -> None:
        self.module = module
        self.spec = spec
        self.raw_params = dict(params)
        self._folder = folder
        self._project = project
        self._made = 0

    def build(self, **params: Any) -> Any:
        """Return a new component; `params` go over those that the test was given."""
        return build(Registered(self.spec, self.module, ""), {**self.raw_params, **params})

    def context(self, *, seed: int = 7, cancel_after: int | None = None) -> RecordingContext:
        """Return a context with a folder of its own."""
        return RecordingContext(
            self.folder("job"), seed=seed, cancel_after=cancel_after, project=self._project
        )

    def folder(self, name: str) -> Path:
        """Return a new, empty folder."""
        self._made += 1
        folder = self._folder / f"{name}-{self._made}"
        folder.mkdir(parents=True)
        return folder

    def reloaded(self, component: Component[Params]) -> Any:
        """Save, move the folder elsewhere, and load it into a new component.

        Raises:
            ContractBrokenError: what was saved may run code when it is loaded.
        """
        if not isinstance(component, Persistent):
            raise ContractBrokenError("a component that learns derives from Persistent")
        saved = self.folder("saved")
        component.save(saved)
        _require_no_pickle(saved)
        moved = self.folder("moved") / "artefact"
        shutil.move(saved, moved)
        again = self.build()
        again.load(moved)
        return again

    def default_params(self) -> Params:
        """Return the params as they are decoded from what the test was given."""
        return msgspec.convert(self.raw_params, self.spec.params)


def dense(matrix: Any) -> NDArray[np.float32]:
    """Return a matrix, perhaps CSR, as a plain array."""
    return matrix.toarray() if hasattr(matrix, "toarray") else np.asarray(matrix)


_PICKLES = frozenset({".pkl", ".pickle", ".joblib", ".dill", ".pt", ".pth"})
_PICKLE_MAGIC = tuple(bytes((0x80, protocol)) for protocol in range(2, 6))


def _require_no_pickle(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        with path.open("rb") as file:
            start = file.read(2)
        require(
            path.suffix not in _PICKLES and start not in _PICKLE_MAGIC,
            f"save never pickles, and {path.name} is a pickle; use safetensors, skops, npz, JSON",
        )
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
