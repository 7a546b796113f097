"""Python, packages, plugins and settings."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib.metadata import Distribution, PackageNotFoundError, distributions, version

from packaging.requirements import Requirement

from kodkod.api import InvalidInputError, NotFoundError, read_section
from kodkod.cli.checkup.finding import Case, Finding, ok, problem, warning
from kodkod.plugins.sections import check_sections
from kodkod.settings import Settings

__all__ = ["check_packages", "check_plugins", "check_settings", "misspelt"]

_PREFIX = "KODKOD_"
_ALSO_READ = {"KODKOD_CONFIG", "KODKOD_ROOT_PASSWORD", "KODKOD_SECRET_KEYS"}


def check_packages() -> Iterator[Finding]:
    """See that what the installed distributions require is there."""
    yield ok("python", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    ours = {dist.name: dist for dist in distributions() if dist.name.startswith("kodkod")}
    missing = [_missing(dist) for dist in ours.values()]
    if not any(missing):
        told = ", ".join(f"{name} {ours[name].version}" for name in sorted(ours))
        yield ok("packages", told)
    for said, requirement in dict.fromkeys(each for found in missing for each in found):
        yield problem("packages", said, f"Run: pip install '{requirement}'")


def _missing(dist: Distribution) -> list[tuple[str, str]]:
    """Return what a distribution requires and does not find: in words, and as pip takes it."""
    found: list[tuple[str, str]] = []
    for requirement in map(Requirement, dist.requires or ()):
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        wanted = f"{requirement.name}{requirement.specifier}"
        try:
            there = version(requirement.name)
        except PackageNotFoundError:
            found.append((f"{dist.name} needs {wanted}, which is not installed.", wanted))
            continue
        if not requirement.specifier.contains(there, prereleases=True):
            found.append((f"{dist.name} needs {wanted}; {there} is installed.", wanted))
    return found


def check_plugins(case: Case) -> Iterator[Finding]:
    """See that every plugin is whole, and that people can sign in."""
    plugins = case.registry.plugins
    for plugin in plugins:
        for reason in plugin.reasons:
            yield warning(
                "plugins",
                f"{plugin.name} {plugin.version} is {plugin.state}: {reason}",
                f"Install another version of {plugin.distribution or plugin.name}, or remove it; "
                "the server starts without it.",
            )
    for name in case.settings.sign_in:
        if any(each.spec.name == name for each in case.registry.components("redirect-sign-in")):
            continue
        try:
            case.registry.spec("sign-in", name)
        except NotFoundError as error:
            mend = "Change the setting sign_in, or install what brings it."
            yield problem("plugins", error.message, mend)
    whole = sum(plugin.state == "loaded" for plugin in plugins)
    yield ok("plugins", f"{whole} of {len(plugins)} whole, {len(case.registry.components())} parts")


def check_settings(case: Case) -> Iterator[Finding]:
    """See that every value is acceptable, and that no name is misspelt."""
    known = case.registry.sections()
    environ = case.settings.environment() | os.environ
    faults: list[str] = []
    for name, fields in case.settings.sections.items():
        try:
            check_sections(known, {name: fields}, {})
        except InvalidInputError as error:
            faults.append(error.message)
    for section in known.values():
        try:
            read_section(section.name, section.params, environ)
        except InvalidInputError as error:
            faults.append(error.message)
    for fault in faults:
        yield problem("settings", fault, "Correct it; the server does not start with it.")
    wrong = misspelt(os.environ, known)
    for name, meant in wrong.items():
        yield warning("settings", f"Nothing reads {name}.", f"Was {meant} meant?")
    if not faults and not wrong:
        told = ", ".join(sorted(known)) or "none"
        yield ok("settings", f"Acceptable; sections of plugins: {told}")


def misspelt(environ: Mapping[str, str], sections: Mapping[str, object]) -> dict[str, str]:
    """Return variables that look like a setting's and are none, with the setting meant.

    What plugins read on their own is left alone, unless it is nearly the name of a setting.
    """
    settings = {_PREFIX + name.upper() for name in Settings.__struct_fields__} | _ALSO_READ
    prefixes = tuple(f"{_PREFIX}{name.upper().replace('-', '_')}_" for name in sections)
    found: dict[str, str] = {}
    for name in environ:
        if not name.startswith(_PREFIX) or name in settings:
            continue
        near = get_close_matches(name, settings, n=1, cutoff=0.85)
        if near and not (prefixes and name.startswith(prefixes)):
            found[name] = near[0]
    return found
