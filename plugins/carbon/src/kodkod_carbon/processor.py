"""What a busy processor takes where nothing measures it."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from kodkod_carbon.published import source

__all__ = ["GENERIC_WATTS", "Processor", "WattsPerCpu", "design_power", "this_processor", "watts"]

GENERIC_WATTS = 4.0
"""For each logical CPU, where the model says nothing: codecarbon's own fallback."""

_THREADS_PER_CORE = 2
_CPUINFO = Path("/proc/cpuinfo")
_CPUS = Path("/sys/devices/system/cpu")
_NOISE = re.compile(
    r"\((?:r|tm)\)|@\s*[\d.]+\s*ghz|\b\d+-core\b|\b(?:cpu|processor)\b|\bwith radeon.*", re.ASCII
)


class Processor(Struct, frozen=True):
    """The processors of this machine, as far as it says.

    `sockets` is how many of the model there are, `cpus` how many logical CPUs they have
    together. In a `virtual` machine both are those of its share.
    """

    model: str
    cpus: int
    sockets: int = 1
    virtual: bool = False


class WattsPerCpu(Struct, frozen=True):
    """Watts of one logical CPU while it is busy, and where the figure is from."""

    watts: float
    origin: str


def watts(processor: Processor, tdps: Mapping[str, float], own: float | None) -> WattsPerCpu:
    """Return what a busy logical CPU takes: the own figure's share, the design power's, or 4 W."""
    if own is not None:
        return WattsPerCpu(
            own / processor.cpus,
            f"{own:g} W for {processor.cpus} CPUs, as set by KODKOD_CARBON_CPU_WATTS",
        )
    found = design_power(processor.model, tdps)
    if found is None:
        why = f"the processor calls itself {processor.model!r}, which is in no table"
        return WattsPerCpu(GENERIC_WATTS, _generic(why))
    name, tdp = found
    threads = _threads(processor)
    if threads is None:
        why = f"how much of the {name} this virtual machine has is not known"
        return WattsPerCpu(GENERIC_WATTS, _generic(why))
    return WattsPerCpu(
        tdp / threads,
        f"{name}, design power {tdp:g} W ({source()}), shared by its {threads:g} threads",
    )


def design_power(model: str, tdps: Mapping[str, float]) -> tuple[str, float] | None:
    """Return the entry of `tdps` that is this model: name and watts.

    An entry is the model if all its words are among the model's, whatever the order and the
    decoration; of several the one with the most words counts. Where they are of different
    power, none does: no figure is better than another processor's.
    """
    words = _words(model)
    best: list[tuple[str, float]] = []
    most = 1
    for name, tdp in tdps.items():
        entry = _words(name)
        if len(entry) < max(most, 2) or not entry <= words:
            continue
        if len(entry) > most:
            best, most = [], len(entry)
        best.append((name, tdp))
    return best[0] if len({tdp for _, tdp in best}) == 1 else None


def this_processor() -> Processor:
    """Return the processors of this machine; what cannot be read is left at its default."""
    cpus = os.cpu_count() or 1
    try:
        with _CPUINFO.open("rb") as file:
            # The first CPU says it all, and of hundreds of CPUs the file takes long.
            first = file.read(8_192).decode("utf-8", "replace").split("\n\n")[0]
    except OSError:
        return Processor(platform.processor() or platform.machine(), cpus)
    facts = {
        name.strip(): value.strip()
        for name, _, value in (line.partition(":") for line in first.splitlines())
    }
    return Processor(
        model=facts.get("model name") or platform.machine(),
        cpus=cpus,
        sockets=_sockets(),
        virtual="hypervisor" in facts.get("flags", "").split(),
    )


def _threads(processor: Processor) -> float | None:
    """Return how many threads share one processor's design power."""
    if not processor.virtual:
        return processor.cpus / processor.sockets
    cores = re.search(r"(\d+)-core", processor.model.lower())
    return int(cores[1]) * _THREADS_PER_CORE if cores else None


def _sockets() -> int:
    packages: set[str] = set()
    for topology in _CPUS.glob("cpu[0-9]*/topology/physical_package_id"):
        try:
            packages.add(topology.read_text().strip())
        except OSError:
            continue
    return max(1, len(packages))


def _words(name: str) -> frozenset[str]:
    return frozenset(_NOISE.sub(" ", name.lower()).split())


def _generic(why: str) -> str:
    return f"codecarbon's fallback for each CPU, as {why}; KODKOD_CARBON_CPU_WATTS sets your own"
