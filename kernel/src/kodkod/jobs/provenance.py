"""What a model was made by: packages, machine, seconds. Enough to make it again."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from importlib import metadata

from kodkod.jobs.cards import visible_cards
from kodkod.plugins import PluginRegistry
from kodkod.plugins.status import PluginStatus
from kodkod.store.artefacts import Provenance

__all__ = ["provenance_of"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_ALWAYS = ("numpy",)


def provenance_of(
    registry: PluginRegistry, kind: str, component: str, *, seconds: float, gpu: bool
) -> Provenance:
    """Describe this process and what a component is made of."""
    plugin = _plugin(registry, kind, component)
    cards = visible_cards() if gpu else []
    return Provenance(
        kodkod=_version("kodkod-kernel") or "",
        python=platform.python_version(),
        plugin=f"{plugin.distribution or plugin.name} {plugin.version}".strip() if plugin else "",
        packages=_versions(plugin.distribution if plugin else ""),
        platform=platform.platform(),
        machine=platform.machine(),
        processors=os.cpu_count(),
        card=cards[0].name if cards else None,
        seconds=round(seconds, 3),
    )


def _plugin(registry: PluginRegistry, kind: str, component: str) -> PluginStatus | None:
    """Return the plugin that a component came with."""
    named = {each.spec.name: each.plugin for each in registry.components(kind)}
    return next((each for each in registry.plugins if each.name == named.get(component)), None)


def _versions(distribution: str) -> dict[str, str]:
    """Return the versions of what a distribution requires and is installed."""
    names = {*_ALWAYS, *_required(distribution)}
    found = ((name, _version(name)) for name in sorted(names))
    return {name: version for name, version in found if version is not None}


def _required(distribution: str) -> Iterator[str]:
    if not distribution:
        return
    try:
        required = metadata.requires(distribution) or []
    except metadata.PackageNotFoundError:
        return
    for line in required:
        match = _NAME.match(line)
        if match is not None and not match[0].lower().startswith("kodkod"):
            yield match[0]


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None
