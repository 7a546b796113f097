"""The cards that a test simulates: `cards.set(card("GPU-a"), card("GPU-b"))`; see pynvml.py."""

from __future__ import annotations

import json
import os
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent


def card(uuid: str, total_mb: int = 24_000, **values: Any) -> dict[str, Any]:
    return {"uuid": uuid, "name": "Simulated 24", "total_mb": total_mb, **values}


class SimulatedCards:
    """The file that this process and all it starts see as their graphics cards."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.set()

    def set(self, *cards: dict[str, Any]) -> None:
        """Replace all cards; whoever reads meanwhile sees the old ones or the new."""
        aside = self._file.with_suffix(".new")
        aside.write_text(json.dumps({"cards": cards}))
        aside.replace(self._file)

    def change(self, uuid: str, **values: Any) -> None:
        cards = json.loads(self._file.read_text())["cards"]
        self.set(*(each | values if each["uuid"] == uuid else each for each in cards))

    def take_driver_away(self) -> None:
        self._file.unlink()


def install(file: Path, monkeypatch: pytest.MonkeyPatch) -> SimulatedCards:
    """Let this process and those that it starts see simulated cards; there are none yet."""
    monkeypatch.setenv("KODKOD_SIMULATED_CARDS", str(file))
    monkeypatch.setenv("PYTHONPATH", str(FOLDER), prepend=os.pathsep)
    spec = spec_from_file_location("pynvml", FOLDER / "pynvml.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setitem(sys.modules, "pynvml", module)
    return SimulatedCards(file)
