"""Energy of the processor packages by their own counters: RAPL, as Linux's powercap shows it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

__all__ = ["POWERCAP", "Domain", "PackageCounters", "SensorError", "find_domains"]

POWERCAP = Path("/sys/class/powercap")
_MOUNTS = Path("/proc/self/mounts")
_MIRRORED_UJ = 1_000_000
"""Counters of two dies this close to one another are one counter read twice."""


class SensorError(Exception):
    """Nothing can be measured here; the message says why, as half a sentence."""


class Domain(Struct, frozen=True):
    """One package: its counter in microjoules, and where the counter starts again from 0."""

    name: str
    counter: Path
    range_uj: int


class PackageCounters:
    """Joules of all packages, from one look to the next.

    Looks are a minute apart at most: a counter starts again after some twenty minutes of full
    load, and if it did so twice between two looks, once would be lost.
    """

    def __init__(self, domains: Sequence[Domain]) -> None:
        self._domains = domains
        self._last = [_read_int(domain.counter) for domain in domains]

    @property
    def names(self) -> str:
        """Return what is counted, for a sentence."""
        return ", ".join(domain.name for domain in self._domains)

    def joules(self) -> float:
        """Return the energy since the last look.

        Raises:
            OSError, ValueError: a counter cannot be read.
        """
        now = [_read_int(domain.counter) for domain in self._domains]
        last, self._last = self._last, now
        return (
            sum(
                forward(before, after, domain.range_uj)
                for before, after, domain in zip(last, now, self._domains, strict=True)
            )
            / 1e6
        )


def forward(before: int, after: int, span: int) -> int:
    """Return how far a counter went that starts again from 0 after `span`.

    Raises:
        ValueError: it went back, and does not say where it starts again.
    """
    if after >= before:
        return after - before
    if span < before:
        raise ValueError("an energy counter went backwards")
    return after - before + span


def find_domains(root: Path = POWERCAP, mounts: Path = _MOUNTS) -> list[Domain]:
    """Return the packages whose counters can be read, each once.

    What lies inside a package (core, uncore, dram) is counted by it, or is no processor; the
    domain `psys` counts more than processors.

    Raises:
        SensorError: there is none, or processor time here is not that of the whole machine.
    """
    if _own_processor_time(mounts):
        raise SensorError("this container sees its own processor time only, not the machine's")
    found: dict[str, Domain] = {}
    silent: dict[str, OSError | ValueError] = {}
    for zone in sorted(root.glob("intel-rapl*:*")):
        name = _read_text(zone / "name")
        # Two interfaces (MSR and MMIO) may show one package under the same name.
        if not name.startswith("package") or name in found:
            continue
        try:
            _read_int(zone / "energy_uj")
            found[name] = Domain(name, zone / "energy_uj", _read_int(zone / "max_energy_range_uj"))
        except (OSError, ValueError) as error:
            silent[name] = error
    # Energy of some packages cannot be shared by the processor time of all.
    for name in silent.keys() - found.keys():
        raise SensorError(_silence(root, name, silent[name]))
    if not found:
        raise SensorError("this machine shows no energy counters (RAPL), as most virtual ones")
    return _without_mirrors(list(found.values()))


def _silence(root: Path, name: str, error: OSError | ValueError) -> str:
    if isinstance(error, PermissionError):
        return (
            "only root may read the energy counters (RAPL): chmod a+r "
            f"{root}/intel-rapl:*/energy_uj after each start of the machine lets workers read them"
        )
    return f"the energy counter (RAPL) of {name} cannot be read ({error})"


def _without_mirrors(domains: list[Domain]) -> list[Domain]:
    """Leave out dies that show the counter of their whole socket once more.

    AMD processors of several dies list each die, but have one counter.
    """
    kept: list[tuple[Domain, int]] = []
    for domain in domains:
        value = _read_int(domain.counter)
        mirrors = any(
            _socket(domain.name) == _socket(other.name) and abs(value - seen) <= _MIRRORED_UJ
            for other, seen in kept
        )
        if not mirrors or value == 0:
            kept.append((domain, value))
    return [domain for domain, _ in kept]


def _socket(name: str) -> str:
    return re.sub(r"-die-\d+$", "", name)


def _own_processor_time(mounts: Path) -> bool:
    # LXC puts files of its own over /proc; shares of the machine's energy would come out too high.
    return any(line.startswith("lxcfs /proc/stat ") for line in _read_text(mounts).splitlines())


def _read_text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""


def _read_int(path: Path) -> int:
    return int(path.read_text())
