"""The graphics cards of this host, as NVIDIA's management library (NVML) tells them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

import structlog
from msgspec import Struct

__all__ = ["CardProcess", "CardStatus", "read_cards", "visible_cards"]

T = TypeVar("T")

_log = structlog.get_logger(__name__)


class CardProcess(Struct, frozen=True, kw_only=True):
    """A process that has memory of a card; how much is None where the driver does not say."""

    pid: int
    used_mb: int | None


class CardStatus(Struct, frozen=True, kw_only=True):
    """A card at one moment. An instance of a divided one (MIG) is a card of its own.

    `index` is nvidia-smi's. `used_mb` includes what the driver keeps for itself. `load` is
    in [0, 1], `temperature` in degrees Celsius; a card that does not measure one says None.
    Process ids are the host's, which are not those of a container.
    """

    uuid: str
    index: int
    name: str
    total_mb: int
    used_mb: int
    free_mb: int
    load: float | None
    temperature: int | None
    watts: float | None
    processes: list[CardProcess]


def read_cards() -> list[CardStatus]:
    """Read all cards of this host; none without a driver, its library or an answer.

    Costs some calls of the driver and nothing of the cards' memory. Never raises: what the
    monitor shows must not end a worker.
    """
    try:
        nvml: Any = import_module("pynvml")
    except ImportError:
        return []
    try:
        _start(nvml)
        return list(_statuses(nvml))
    except nvml.NVMLError:
        # No driver, or one that was reloaded: the next time starts anew.
        _start.cache_clear()
    except Exception:  # noqa: BLE001 - the library of another driver may lack anything
        _log.warning("the graphics cards cannot be read", exc_info=True)
    return []


def visible_cards(environ: Mapping[str, str] = os.environ) -> list[CardStatus]:
    """Return the cards that CUDA_VISIBLE_DEVICES leaves to this process, in its order.

    It has numbers or the beginnings of uuids, as CUDA reads them: what follows one that is
    not there does not count. All cards where it is not set.
    """
    cards = read_cards()
    wanted = environ.get("CUDA_VISIBLE_DEVICES")
    if wanted is None:
        return cards
    found: list[CardStatus] = []
    for name in (each.strip() for each in wanted.split(",")):
        matching = [card for card in cards if _is_named(card, name)]
        if not matching:
            break
        found += [card for card in matching if card not in found]
    return found


def _is_named(card: CardStatus, name: str) -> bool:
    if name.startswith(("GPU-", "MIG-")):
        return card.uuid.startswith(name)
    return name == str(card.index)


@cache
def _start(nvml: Any) -> None:
    """Start the library once for the process: that takes longer than all readings."""
    nvml.nvmlInit()


class _Slot(Struct, frozen=True):
    """What memory is asked of, and the whole card, which has the sensors."""

    index: int
    handle: Any
    card: Any


def _statuses(nvml: Any) -> Iterator[CardStatus]:
    for index in range(nvml.nvmlDeviceGetCount()):
        try:
            card = nvml.nvmlDeviceGetHandleByIndex(index)
            for handle in _instances(nvml, card) or [card]:
                yield _status(nvml, _Slot(index, handle, card))
        except nvml.NVMLError as error:
            # One that fell off the bus, or that does not tell its memory, cannot be planned with.
            _log.warning("a graphics card cannot be read", card=index, reason=str(error))


def _instances(nvml: Any, card: Any) -> list[Any]:
    """Return the instances that a card is divided into; none of one that is whole."""
    mode = _told(nvml, lambda: nvml.nvmlDeviceGetMigMode(card))
    if mode is None or mode[0] != nvml.NVML_DEVICE_MIG_ENABLE:
        return []
    places = range(nvml.nvmlDeviceGetMaxMigDeviceCount(card))
    found = (
        _told(nvml, lambda place=place: nvml.nvmlDeviceGetMigDeviceHandleByIndex(card, place))
        for place in places
    )
    return [instance for instance in found if instance is not None]


def _status(nvml: Any, slot: _Slot) -> CardStatus:
    memory = nvml.nvmlDeviceGetMemoryInfo(slot.handle)
    total, free = memory.total >> 20, memory.free >> 20
    load = _told(nvml, lambda: nvml.nvmlDeviceGetUtilizationRates(slot.handle).gpu)
    milliwatts = _told(nvml, lambda: nvml.nvmlDeviceGetPowerUsage(slot.card))
    return CardStatus(
        uuid=nvml.nvmlDeviceGetUUID(slot.handle),
        index=slot.index,
        name=nvml.nvmlDeviceGetName(slot.handle),
        total_mb=total,
        used_mb=total - free,
        free_mb=free,
        load=None if load is None else load / 100,
        temperature=_temperature(nvml, slot.card),
        watts=None if milliwatts is None else milliwatts / 1000,
        processes=_processes(nvml, slot.handle),
    )


def _temperature(nvml: Any, card: Any) -> int | None:
    sensor = nvml.NVML_TEMPERATURE_GPU
    new = _told(nvml, lambda: nvml.nvmlDeviceGetTemperatureV(card, sensor))
    # Drivers before 2025 know only the old call, those after CUDA 13 only the new one.
    return _told(nvml, lambda: nvml.nvmlDeviceGetTemperature(card, sensor)) if new is None else new


def _processes(nvml: Any, handle: Any) -> list[CardProcess]:
    computing = _told(nvml, lambda: nvml.nvmlDeviceGetComputeRunningProcesses(handle)) or []
    drawing = _told(nvml, lambda: nvml.nvmlDeviceGetGraphicsRunningProcesses(handle)) or []
    # One that does both is in both lists with the same figure.
    used = {each.pid: each.usedGpuMemory for each in (*drawing, *computing)}
    return [
        CardProcess(pid=pid, used_mb=None if amount is None else amount >> 20)
        for pid, amount in sorted(used.items())
    ]


def _told(nvml: Any, question: Callable[[], T]) -> T | None:
    """Return the answer, or None where the card or the driver does not know the question."""
    try:
        return question()
    except nvml.NVMLError:
        return None
