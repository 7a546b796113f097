"""Loads one candidate after the other, and says of each what came of it."""

from __future__ import annotations

from types import ModuleType

import pluggy
import structlog

from kodkod.api import ComponentSpec
from kodkod.plugins.asking import call
from kodkod.plugins.checking import against_api, against_spec
from kodkod.plugins.discovery import Candidate
from kodkod.plugins.status import PluginStatus, Registered, State

__all__ = ["Loader", "Quarantined"]

_log = structlog.get_logger(__name__)
_ISOLATED = ("job_admit", "job_warn", "job_wrap", "event", "split_rows", "register_settings")


class Quarantined(Exception):  # noqa: N818 - never leaves the package
    """The candidate is not used; the message is the reason."""


class Loader:
    """Fills a pluggy manager and a table of components, in the order of the candidates."""

    def __init__(self, manager: pluggy.PluginManager) -> None:
        self._manager = manager
        self.components: dict[tuple[str, str], Registered] = {}

    def load(self, candidate: Candidate) -> PluginStatus:
        """Load a candidate whole, in part or not at all. Raises nothing."""
        try:
            module = _imported(candidate)
            self._register(candidate, module)
            specs = self._specs(candidate, module)
        except Quarantined as reason:
            return _status(candidate, "failed", reasons=[str(reason)])
        reasons, names = self._add(candidate, specs)
        if reasons and not names and self._only_registers(module):
            self._manager.unregister(module)
            return _status(candidate, "failed", reasons=reasons)
        return _status(candidate, "partial" if reasons else "loaded", reasons, names)

    def _register(self, candidate: Candidate, module: ModuleType) -> None:
        if self._manager.has_plugin(candidate.name):
            raise Quarantined(f"Another plugin is called {candidate.name} too; it came first.")
        try:
            self._manager.register(module, candidate.name)
        except (ValueError, pluggy.PluginValidationError) as error:
            raise Quarantined(" ".join(str(error).split())) from error
        try:
            self._manager.check_pending()
            self._refuse_wrappers(module)
        except pluggy.PluginValidationError as error:
            self._manager.unregister(module)
            known = ", ".join(
                sorted(name for name in vars(self._manager.hook) if self._known(name))
            )
            raise Quarantined(f"{error}; the hooks are {known}.") from error

    def _known(self, name: str) -> bool:
        hook = getattr(self._manager.hook, name)
        return isinstance(hook, pluggy.HookCaller) and hook.has_spec()

    def _refuse_wrappers(self, module: ModuleType) -> None:
        for name in _ISOLATED:
            for each in getattr(self._manager.hook, name).get_hookimpls():
                if each.plugin is module and (each.wrapper or each.hookwrapper):
                    raise pluggy.PluginValidationError(module, f"{name} cannot be a hook wrapper")

    def _specs(self, candidate: Candidate, module: ModuleType) -> list[object]:
        """Ask this plugin alone, so that what it raises is its own affair."""
        specs: list[object] = []
        try:
            for each in self._manager.hook.register_components.get_hookimpls():
                if each.plugin is module:
                    specs.extend(call(each, {}))
        except Exception as error:
            self._manager.unregister(module)
            _log.exception("plugin failed to register its components", plugin=candidate.name)
            raise Quarantined(f"register_components failed: {_said(error)}") from error
        return specs

    def _add(self, candidate: Candidate, specs: list[object]) -> tuple[list[str], list[str]]:
        reasons: list[str] = []
        names: list[str] = []
        for spec in specs:
            reason = against_spec(spec)
            if reason is None and isinstance(spec, ComponentSpec):
                reason = self._take(candidate, spec)
                if reason is None:
                    names.append(f"{spec.kind}/{spec.name}")
            if reason is not None:
                reasons.append(reason)
        return reasons, names

    def _take(self, candidate: Candidate, spec: ComponentSpec) -> str | None:
        key = (spec.kind, spec.name)
        first = self.components.get(key)
        if first is not None:
            return f"{spec.kind}/{spec.name}: the plugin {first.plugin} has this name already."
        self.components[key] = Registered(spec, candidate.name, candidate.version)
        return None

    def _only_registers(self, module: ModuleType) -> bool:
        hooks = self._manager.get_hookcallers(module) or []
        return all(hook.name == "register_components" for hook in hooks)


def _imported(candidate: Candidate) -> ModuleType:
    try:
        module = candidate.load()
    except (Exception, SystemExit) as error:
        # A module may fail in any way, sys.exit() included, and must not take the server along.
        _log.warning("plugin cannot be imported", plugin=candidate.name, exc_info=True)
        raise Quarantined(f"The import failed: {_said(error)}") from error
    if not isinstance(module, ModuleType):
        raise Quarantined(f"The entry point names a {type(module).__name__}; name a module.")
    reason = against_api(getattr(module, "API", None))
    if reason is not None:
        raise Quarantined(reason)
    return module


def _status(
    candidate: Candidate,
    state: State,
    reasons: list[str] | None = None,
    components: list[str] | None = None,
) -> PluginStatus:
    return PluginStatus(
        name=candidate.name,
        version=candidate.version,
        distribution=candidate.distribution,
        state=state,
        reasons=reasons or [],
        components=components or [],
    )


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
