"""Where plugins are looked for. Nothing is imported here until a candidate's `load` is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

from msgspec import Struct

from kodkod import __version__
from kodkod.api.hooks import PROJECT_NAME

__all__ = ["Candidate", "candidates"]

DEFAULTS = (
    "kodkod.defaults.disk_guard",
    "kodkod.defaults.event_log",
    "kodkod.defaults.password",
    "kodkod.defaults.split",
    "kodkod.defaults.usage",
)
_KERNEL = "kodkod-kernel"


class Candidate(Struct, frozen=True):
    """A plugin that somebody installed, not yet imported."""

    name: str
    version: str
    distribution: str
    load: Callable[[], object]


def candidates(extra: Sequence[ModuleType]) -> list[Candidate]:
    """Return the kernel's defaults, then `extra`, then the installed plugins by name.

    The order decides who keeps a name that two of them claim, and who is asked first.
    """
    installed = sorted(
        map(_installed, entry_points(group=PROJECT_NAME)),
        key=lambda candidate: (candidate.name, candidate.distribution),
    )
    return [*_defaults(), *map(_given, extra), *installed]


def _defaults() -> Iterator[Candidate]:
    for name in DEFAULTS:
        yield Candidate(name, __version__, _KERNEL, lambda name=name: import_module(name))


def _given(module: ModuleType) -> Candidate:
    own = module.__name__.partition(".")[0] == PROJECT_NAME
    version = __version__ if own else str(getattr(module, "__version__", ""))
    return Candidate(module.__name__, version, _KERNEL if own else "", lambda: module)


def _installed(entry: EntryPoint) -> Candidate:
    if entry.dist is None:
        return Candidate(entry.name, "", "", entry.load)
    # A distribution put there by hand may lack these fields; one that does is listed all the same.
    metadata = entry.dist.metadata
    stated = {key: metadata[key] for key in ("Name", "Version") if key in metadata}
    return Candidate(entry.name, stated.get("Version", ""), stated.get("Name", ""), entry.load)
