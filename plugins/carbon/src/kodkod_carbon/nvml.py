"""NVIDIA cards, as their driver tells of them (NVML). Without driver there are none."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from kodkod_carbon.cards import Card, CardState, Occupant

__all__ = ["NvidiaCard", "assigned_cards", "find_cards"]

_DRIVER = (Path("/dev/nvidiactl"), Path("/dev/dxg"))


class NvidiaCard:
    """A card; `nvml` is the module that asks the driver."""

    def __init__(self, nvml: Any, index: int) -> None:
        self._nvml = nvml
        self._handle = nvml.nvmlDeviceGetHandleByIndex(index)
        self._seen = 0
        self.name: str = _text(nvml.nvmlDeviceGetName(self._handle))
        self.uuid: str = _text(nvml.nvmlDeviceGetUUID(self._handle))

    def state(self) -> CardState:
        """Look at the card; what its driver does not tell is None or empty."""
        nvml = self._nvml
        joules = self._ask(nvml.nvmlDeviceGetTotalEnergyConsumption)
        watts = self._ask(nvml.nvmlDeviceGetPowerUsage) if joules is None else None
        mig = self._ask(nvml.nvmlDeviceGetMigMode)
        return CardState(
            joules=None if joules is None else joules / 1e3,
            watts=None if watts is None else watts / 1e3,
            occupants=self._occupants(),
            partitioned=bool(mig and mig[0]),
        )

    def _occupants(self) -> tuple[Occupant, ...]:
        nvml = self._nvml
        held: dict[int, int] = {}
        for ask in (
            nvml.nvmlDeviceGetComputeRunningProcesses,
            nvml.nvmlDeviceGetGraphicsRunningProcesses,
        ):
            for process in self._ask(ask) or ():
                held[process.pid] = max(held.get(process.pid, 0), process.usedGpuMemory or 0)
        # Busyness tells nothing of a process that is alone.
        busy = self._busyness() if len(held) > 1 else {}
        return tuple(Occupant(pid, memory, busy.get(pid, 0.0)) for pid, memory in held.items())

    def _busyness(self) -> dict[int, float]:
        """Return how busy each process kept the card since the last time, summed over samples."""
        samples = self._ask(self._nvml.nvmlDeviceGetProcessUtilization, self._seen) or ()
        busy: dict[int, float] = {}
        for sample in samples:
            self._seen = max(self._seen, sample.timeStamp)
            busy[sample.pid] = busy.get(sample.pid, 0.0) + sample.smUtil
        return busy

    def _ask(self, question: Callable[..., Any], *more: Any) -> Any:
        try:
            return question(self._handle, *more)
        except self._nvml.NVMLError:
            # Older cards and some drivers do not support every question.
            return None


@cache
def find_cards() -> Sequence[Card]:
    """Return the machine's cards; looked for once."""
    if not any(device.exists() for device in _DRIVER):
        return ()
    try:
        import pynvml
    except ImportError:
        return ()
    return cards_of(pynvml)


def cards_of(nvml: Any) -> Sequence[Card]:
    """Return the cards that a driver tells of, none if it does not answer."""
    try:
        nvml.nvmlInit()
        return tuple(NvidiaCard(nvml, index) for index in range(nvml.nvmlDeviceGetCount()))
    except (nvml.NVMLError, OSError):
        return ()


def assigned_cards(cards: Sequence[Card], environ: Mapping[str, str] = os.environ) -> set[str]:
    """Return the cards that GPU jobs run on here: those the environment names, or the only one.

    Numbers in CUDA_VISIBLE_DEVICES follow an order of CUDA's own and name no card here.
    """
    if len(cards) == 1:
        return {cards[0].uuid}
    named = [name for name in environ.get("CUDA_VISIBLE_DEVICES", "").split(",") if name]
    return {
        card.uuid
        for card in cards
        if any(name.startswith("GPU-") and card.uuid.startswith(name) for name in named)
    }


def _text(name: str | bytes) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else name
