"""The registry: plugins found through entry points, checked, and built when they are needed.

A plugin that breaks its contract is listed with the reason and left out; nothing else suffers.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Any, Literal

import numpy as np
import pluggy
import polars as pl
import structlog
from msgspec import Struct
from numpy.typing import NDArray

from kodkod import __version__
from kodkod.api import (
    API_VERSION,
    Component,
    ComponentSpec,
    Event,
    Exporter,
    Feature,
    Importer,
    Job,
    JobInfo,
    Metric,
    Model,
    NotFoundError,
    Params,
    PluginError,
    SchemeType,
    SignIn,
    SplitPlan,
    Strategy,
    decode_params,
    hooks,
    params_schema,
)

__all__ = ["PluginRegistry", "PluginStatus", "Registered"]

GROUP = "kodkod"
DEFAULTS = ("password", "split", "disk_guard", "usage", "event_log")

_SLUG = re.compile(r"^[a-z0-9][a-z0-9_-]{0,62}$")
_FACTORY = re.compile(r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*$")
_BASES: dict[str, type[Any]] = {
    "importer": Importer,
    "exporter": Exporter,
    "scheme-type": SchemeType,
    "feature": Feature,
    "model": Model,
    "strategy": Strategy,
    "metric": Metric,
    "sign-in": SignIn,
    "job": Job,
}

_log = structlog.get_logger("kodkod.plugins")


class PluginStatus(Struct, frozen=True, kw_only=True):
    """A plugin, loaded or not, and why not. `components` are `kind/name`."""

    name: str
    version: str
    distribution: str
    state: Literal["loaded", "partial", "failed"]
    reasons: list[str]
    components: list[str]


class Registered(Struct, frozen=True):
    """A component's spec, with the plugin that brought it."""

    spec: ComponentSpec
    plugin: str
    version: str


class _Found(Struct, frozen=True):
    """A plugin's module, or why there is none."""

    name: str
    version: str
    distribution: str
    module: ModuleType | None
    reason: str = ""


class PluginRegistry:
    """What is installed. Made once for each process by `load`."""

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager(hooks.PROJECT_NAME)
        self._manager.add_hookspecs(hooks)
        self._components: dict[tuple[str, str], Registered] = {}
        self.plugins: list[PluginStatus] = []

    @classmethod
    def load(cls, extra: Sequence[ModuleType] = ()) -> PluginRegistry:
        """Load the kernel's default plugins, `extra`, and what entry points name.

        The first to take a component's name keeps it, in that order; entry points go by name.
        """
        registry = cls()
        defaults = [importlib.import_module(f"kodkod.defaults.{name}") for name in DEFAULTS]
        for module in [*defaults, *extra]:
            name = module.__name__.removeprefix("kodkod.")
            registry._add(_Found(name, __version__, "kodkod-kernel", module))
        for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
            registry._add(_import(point))
        return registry

    @property
    def hook(self) -> pluggy.HookRelay:
        """Return the hooks, to call them."""
        return self._manager.hook

    def components(self, kind: str | None = None) -> list[Registered]:
        """Return the components, of one kind or of all, by kind and name."""
        return [
            self._components[key]
            for key in sorted(self._components)
            if kind is None or key[0] == kind
        ]

    def spec(self, kind: str, name: str) -> ComponentSpec:
        """Return a component's spec.

        Raises:
            NotFoundError: there is none; the message lists those that are there.
        """
        found = self._components.get((kind, name))
        if found is None:
            known = ", ".join(each.spec.name for each in self.components(kind)) or "none"
            raise NotFoundError(f"There is no {kind} {name!r}; installed are: {known}.")
        return found.spec

    def schema(self, registered: Registered) -> dict[str, Any]:
        """Return the JSON Schema of a component's params."""
        return params_schema(registered.spec.params)

    def build(self, kind: str, name: str, raw: dict[str, Any] | None = None) -> Component[Any]:
        """Make a component: decode its params, import its factory, call it.

        Raises:
            NotFoundError: there is no such component.
            InvalidParamsError: the params are wrong.
            PluginError: the factory cannot be imported or is not of the kind.
        """
        spec = self.spec(kind, name)
        params = decode_params(spec.params, raw)
        factory = _factory(spec)
        return factory(params)

    # -- hooks, each with the rule for what happens when an implementation fails -----------

    def split(self, frame: pl.DataFrame, plan: SplitPlan) -> NDArray[np.uint8]:
        """Divide a corpus by the first plugin that answers.

        Raises:
            InvalidInputError: the plan does not fit.
        """
        codes = self.hook.split_rows(frame=frame, plan=plan)
        if codes is None or len(codes) != frame.height:
            raise PluginError("No plugin divided the corpus; the answer has not one code a row.")
        return codes

    def admit(self, job: JobInfo) -> str | None:
        """Return why a job is refused, or None. A plugin that fails refuses."""
        for name, implementation in self._implementations("job_admit"):
            try:
                reason = implementation(job=job)
            except Exception as error:  # noqa: BLE001 - whatever a plugin raises
                _log.exception("a plugin failed to admit a job", plugin=name, job=job.id)
                return f"The plugin {name!r} failed while it was asked ({error})."
            if reason:
                return reason
        return None

    @contextmanager
    def wrap(self, job: JobInfo) -> Iterator[dict[str, float]]:
        """Surround a job by all wrappers; yields the dict that their metrics end up in."""
        merged: dict[str, float] = {}
        with ExitStack() as stack:
            for name, implementation in self._implementations("job_wrap"):
                stack.enter_context(_guarded(name, implementation, job, merged))
            yield merged

    def observe(self, event: Event) -> None:
        """Tell every observer; one that fails is logged and stops no other."""
        for name, implementation in self._implementations("event"):
            try:
                implementation(event=event)
            except Exception:  # noqa: BLE001 - whatever a plugin raises
                _log.exception("a plugin failed to observe", plugin=name, event_type=event.type)

    def _implementations(self, hook: str) -> Iterator[tuple[str, Any]]:
        for each in getattr(self.hook, hook).get_hookimpls():
            yield each.plugin_name, _with_known_arguments(each)

    # -- loading ----------------------------------------------------------------------------

    def _add(self, found: _Found) -> None:
        reasons: list[str] = [found.reason] if found.reason else []
        components: list[str] = []
        loaded = False
        if found.module is not None:
            reasons += self._register(found, found.module)
            loaded = not reasons
            if loaded:
                components, reasons = self._collect(found)
        self.plugins.append(
            PluginStatus(
                name=found.name,
                version=found.version,
                distribution=found.distribution,
                state=_state(loaded, components, reasons),
                reasons=reasons,
                components=components,
            )
        )
        for reason in reasons:
            _log.warning("a plugin is not as it should be", plugin=found.name, reason=reason)

    def _register(self, found: _Found, module: ModuleType) -> list[str]:
        reason = _api_reason(getattr(module, "API", None))
        if reason:
            return [reason]
        unknown = _unknown_hooks(self._manager, module)
        if unknown:
            return [f"there is no hook {name!r}; see docs/hooks.md" for name in unknown]
        try:
            self._manager.register(module, found.name)
        except (pluggy.PluginValidationError, ValueError) as error:
            return [f"its hooks do not fit: {error}"]
        return []

    def _collect(self, found: _Found) -> tuple[list[str], list[str]]:
        module = found.module
        declare = getattr(module, "register_components", None)
        if declare is None:
            return [], []
        try:
            specs = list(declare())
        except Exception as error:  # noqa: BLE001 - whatever a plugin raises
            self._manager.unregister(module)
            return [], [f"register_components failed: {type(error).__name__}: {error}"]
        names, reasons = [], []
        for spec in specs:
            reason = self._refusal(spec)
            if reason:
                reasons.append(reason)
                continue
            self._components[spec.kind, spec.name] = Registered(spec, found.name, found.version)
            names.append(f"{spec.kind}/{spec.name}")
        return names, reasons

    def _refusal(self, spec: object) -> str:
        if not isinstance(spec, ComponentSpec) or type(spec) is ComponentSpec:
            return f"{spec!r} is no component spec"
        where = f"{spec.kind} {spec.name!r}"
        if not isinstance(spec.name, str) or not _SLUG.match(spec.name):
            return f"{where}: the name must be lower-case letters, digits, - and _"
        if not (isinstance(spec.params, type) and issubclass(spec.params, Params)):
            return f"{where}: params must be a subclass of kodkod.api.Params"
        if not isinstance(spec.factory, str) or not _FACTORY.match(spec.factory):
            return f"{where}: factory must look like 'package.module:Class'"
        try:
            params_schema(spec.params)
        except Exception as error:  # noqa: BLE001 - msgspec raises many kinds
            return f"{where}: no schema can be made of its params: {error}"
        taken = self._components.get((spec.kind, spec.name))
        if taken is not None:
            return f"{where}: the plugin {taken.plugin!r} has this name already"
        return ""


def _import(point: EntryPoint) -> _Found:
    distribution = point.dist.name if point.dist else "?"
    version = point.dist.version if point.dist else "?"
    try:
        module = point.load()
    except Exception as error:  # noqa: BLE001 - whatever an import raises
        reason = f"it cannot be imported: {type(error).__name__}: {error}"
        return _Found(point.name, version, distribution, None, reason)
    if not isinstance(module, ModuleType):
        return _Found(point.name, version, distribution, None, "its entry point is no module")
    return _Found(point.name, version, distribution, module)


def _api_reason(wanted: object) -> str:
    if not isinstance(wanted, str) or not re.fullmatch(r"\d+\.\d+", wanted):
        return f"its module must say API = {API_VERSION!r}, the version it was written for"
    major, minor = map(int, wanted.split("."))
    ours = tuple(map(int, API_VERSION.split(".")))
    if major != ours[0] or minor > ours[1]:
        return f"it was written for API {wanted}, and this kernel has {API_VERSION}"
    return ""


def _unknown_hooks(manager: pluggy.PluginManager, module: ModuleType) -> list[str]:
    marked = [name for name in dir(module) if manager.parse_hookimpl_opts(module, name) is not None]
    return [name for name in marked if name not in hooks.__all__]


def _state(
    loaded: bool, components: Iterable[str], reasons: Iterable[str]
) -> Literal["loaded", "partial", "failed"]:
    if not loaded:
        return "failed"
    if not list(reasons):
        return "loaded"
    return "partial" if list(components) else "failed"


def _factory(spec: ComponentSpec) -> type[Component[Any]]:
    module_name, _, class_name = spec.factory.partition(":")
    try:
        factory = getattr(importlib.import_module(module_name), class_name)
    except (ImportError, AttributeError) as error:
        raise PluginError(
            f"The {spec.kind} {spec.name!r} cannot be imported ({error}); is its plugin's "
            "optional part installed?"
        ) from error
    base = _BASES[spec.kind]
    if not (isinstance(factory, type) and issubclass(factory, base)):
        raise PluginError(f"{spec.factory} is no {base.__name__}, as a {spec.kind} must be.")
    return factory


def _with_known_arguments(implementation: Any) -> Any:
    """Call an implementation with those arguments that it takes, as pluggy does."""

    def call(**arguments: Any) -> Any:
        names = implementation.argnames
        return implementation.function(**{name: arguments[name] for name in names})

    return call


@contextmanager
def _guarded(
    name: str, implementation: Any, job: JobInfo, merged: dict[str, float]
) -> Iterator[None]:
    """Run one wrapper; whatever it raises is logged, whatever the job raises passes through."""
    try:
        wrapper = implementation(job=job)
        metrics = None if wrapper is None else wrapper.__enter__()
    except Exception:  # noqa: BLE001 - whatever a plugin raises
        _log.exception("a plugin failed to wrap a job", plugin=name, job=job.id)
        yield
        return
    try:
        yield
    finally:
        if wrapper is not None:
            try:
                wrapper.__exit__(None, None, None)
                merged.update(metrics or {})
            except Exception:  # noqa: BLE001 - whatever a plugin raises
                _log.exception("a plugin failed after a job", plugin=name, job=job.id)
