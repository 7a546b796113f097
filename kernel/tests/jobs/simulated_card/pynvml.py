"""NVML without a card: put this folder in front on PYTHONPATH and production code finds it.

Everything is nvidia-ml-py's own, errors, structs and constants, but for the functions below,
which read the cards from the JSON file that KODKOD_SIMULATED_CARDS names, anew at each call:
tests change it while workers run. What is not simulated answers that the library was not found.

    {"cards": [{"uuid": "GPU-a", "name": "Simulated", "total_mb": 24000, "reserved_mb": 300,
                "taken_mb": 0, "processes": [{"pid": 7, "used_mb": 500}], "drawing": [],
                "load": 40, "temperature": 55, "milliwatts": 70000, "millijoules": 0,
                "capability": [8, 0], "refuses": ["nvmlDeviceGetPowerUsage"],
                "instances": [{"uuid": "MIG-a", "name": "...", "total_mb": 10000, ...}]}]}

Used is reserved, taken (by nobody in particular) and what the processes have.
"""

from __future__ import annotations

import json
import os
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent


def _original() -> Any:
    elsewhere = [entry for entry in sys.path if Path(entry or ".").resolve() != _HERE]
    found = PathFinder.find_spec("pynvml", elsewhere)
    assert found is not None, "nvidia-ml-py is not installed"
    assert found.origin is not None
    spec = spec_from_file_location("nvidia_ml_py", found.origin)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    # It looks itself up there while it is imported.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


_nvml = _original()
globals().update({name: each for name, each in vars(_nvml).items() if not name.startswith("__")})
_started = 0


class _Handle:
    """Names a card by its place in the file, and an instance by its place in the card."""

    def __init__(self, card: int, instance: int | None = None) -> None:
        self.card = card
        self.instance = instance

    def read(self, question: str) -> dict[str, Any]:
        """Return what the file says now of this card, if it answers the question."""
        cards = _cards()
        if self.card >= len(cards):
            raise _nvml.NVMLError(_nvml.NVML_ERROR_GPU_IS_LOST)
        found = cards[self.card]
        if self.instance is not None:
            found = found["instances"][self.instance]
        if question in found.get("refuses", ()):
            raise _nvml.NVMLError(_nvml.NVML_ERROR_NOT_SUPPORTED)
        return found


def _cards() -> list[dict[str, Any]]:
    if not _started:
        raise _nvml.NVMLError(_nvml.NVML_ERROR_UNINITIALIZED)
    return _file()["cards"]


def _file() -> dict[str, Any]:
    try:
        return json.loads(Path(os.environ["KODKOD_SIMULATED_CARDS"]).read_text())
    except (KeyError, FileNotFoundError):
        raise _nvml.NVMLError(_nvml.NVML_ERROR_LIBRARY_NOT_FOUND) from None


def nvmlInit() -> None:
    global _started
    _file()
    _started += 1


def nvmlShutdown() -> None:
    global _started
    _cards()
    _started -= 1


def nvmlDeviceGetCount() -> int:
    return len(_cards())


def nvmlDeviceGetHandleByIndex(index: int) -> _Handle:
    handle = _Handle(index)
    handle.read("nvmlDeviceGetHandleByIndex")
    return handle


def nvmlDeviceGetHandleByUUID(uuid: str) -> _Handle:
    for index, card in enumerate(_cards()):
        if card["uuid"] == uuid:
            return _Handle(index)
        for place, instance in enumerate(card.get("instances", ())):
            if instance["uuid"] == uuid:
                return _Handle(index, place)
    raise _nvml.NVMLError(_nvml.NVML_ERROR_NOT_FOUND)


def nvmlDeviceGetMigMode(device: _Handle) -> list[int]:
    card = device.read("nvmlDeviceGetMigMode")
    if "instances" not in card:
        raise _nvml.NVMLError(_nvml.NVML_ERROR_NOT_SUPPORTED)
    return [_nvml.NVML_DEVICE_MIG_ENABLE] * 2


def nvmlDeviceGetMaxMigDeviceCount(device: _Handle) -> int:
    return 7


def nvmlDeviceGetMigDeviceHandleByIndex(device: _Handle, index: int) -> _Handle:
    if index >= len(device.read("nvmlDeviceGetMigDeviceHandleByIndex")["instances"]):
        raise _nvml.NVMLError(_nvml.NVML_ERROR_NOT_FOUND)
    return _Handle(device.card, index)


def nvmlDeviceGetUUID(handle: _Handle) -> str:
    return handle.read("nvmlDeviceGetUUID")["uuid"]


def nvmlDeviceGetName(handle: _Handle) -> str:
    return handle.read("nvmlDeviceGetName")["name"]


def nvmlDeviceGetMemoryInfo(handle: _Handle, version: int | None = None) -> Any:
    card = handle.read("nvmlDeviceGetMemoryInfo")
    processes = {each["pid"]: each["used_mb"] or 0 for each in _processes(card)}
    memory = _nvml.c_nvmlMemory_t()
    memory.total = card["total_mb"] << 20
    memory.used = (
        card.get("reserved_mb", 0) + card.get("taken_mb", 0) + sum(processes.values())
    ) << 20
    memory.free = memory.total - memory.used
    return memory


def nvmlDeviceGetUtilizationRates(handle: _Handle) -> Any:
    card = handle.read("nvmlDeviceGetUtilizationRates")
    if handle.instance is not None:
        raise _nvml.NVMLError(_nvml.NVML_ERROR_NOT_SUPPORTED)
    rates = _nvml.c_nvmlUtilization_t()
    rates.gpu = card.get("load", 0)
    return rates


def nvmlDeviceGetTemperatureV(handle: _Handle, sensor: int, version: int = 0) -> int:
    return handle.read("nvmlDeviceGetTemperatureV").get("temperature", 30)


def nvmlDeviceGetTemperature(handle: _Handle, sensor: int) -> int:
    return handle.read("nvmlDeviceGetTemperature").get("temperature", 30)


def nvmlDeviceGetPowerUsage(handle: _Handle) -> int:
    return handle.read("nvmlDeviceGetPowerUsage").get("milliwatts", 30_000)


def nvmlDeviceGetTotalEnergyConsumption(handle: _Handle) -> int:
    return handle.read("nvmlDeviceGetTotalEnergyConsumption").get("millijoules", 0)


def nvmlDeviceGetCudaComputeCapability(handle: _Handle) -> tuple[int, int]:
    major, minor = handle.read("nvmlDeviceGetCudaComputeCapability").get("capability", (8, 0))
    return major, minor


def nvmlDeviceGetComputeRunningProcesses(handle: _Handle) -> list[Any]:
    card = handle.read("nvmlDeviceGetComputeRunningProcesses")
    return [_process(each) for each in card.get("processes", ())]


def nvmlDeviceGetGraphicsRunningProcesses(handle: _Handle) -> list[Any]:
    card = handle.read("nvmlDeviceGetGraphicsRunningProcesses")
    return [_process(each) for each in card.get("drawing", ())]


def _processes(card: dict[str, Any]) -> list[dict[str, Any]]:
    return [*card.get("processes", ()), *card.get("drawing", ())]


def _process(each: dict[str, Any]) -> Any:
    amount = each["used_mb"]
    return _nvml.nvmlFriendlyObject(
        {"pid": each["pid"], "usedGpuMemory": None if amount is None else amount << 20}
    )
