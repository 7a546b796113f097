"""The registry: what is installed, and the one way to reach it. The application owns it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from types import ModuleType
from typing import Any

import numpy as np
import pluggy
import polars as pl
from numpy.typing import NDArray

from kodkod.api import (
    Component,
    ComponentSpec,
    Event,
    JobInfo,
    NotFoundError,
    SettingsSection,
    SplitPlan,
    hooks,
    params_schema,
)
from kodkod.plugins import asking, factory, wrapping
from kodkod.plugins.discovery import candidates
from kodkod.plugins.loading import Loader
from kodkod.plugins.status import PluginStatus, Registered

__all__ = ["PluginRegistry"]


class PluginRegistry:
    """Plugins and their components. Make one by `load`; nothing changes in it afterwards."""

    def __init__(
        self,
        manager: pluggy.PluginManager,
        components: Mapping[tuple[str, str], Registered],
        plugins: Sequence[PluginStatus],
    ) -> None:
        self._manager = manager
        self._components = dict(components)
        self._plugins = list(plugins)

    @classmethod
    def load(cls, extra: Sequence[ModuleType] = ()) -> PluginRegistry:
        """Load the kernel's default plugins, the modules `extra`, and what is installed.

        A plugin that is broken is in `plugins` with its reason; this raises nothing for it.
        """
        manager = pluggy.PluginManager(hooks.PROJECT_NAME)
        manager.add_hookspecs(hooks)
        loader = Loader(manager)
        statuses = [loader.load(candidate) for candidate in candidates(extra)]
        return cls(_in_calling_order(manager), loader.components, statuses)

    @property
    def hook(self) -> pluggy.HookRelay:
        """Pluggy's own relay; an exception in one plugin stops the call."""
        return self._manager.hook

    @property
    def plugins(self) -> list[PluginStatus]:
        """Every plugin that was found: the kernel's first, then by name."""
        return list(self._plugins)

    def components(self, kind: str | None = None) -> list[Registered]:
        """Return the components, or those of a kind, in the order of their plugins."""
        return [each for each in self._components.values() if kind in {None, each.spec.kind}]

    def spec(self, kind: str, name: str) -> ComponentSpec:
        """Return a component's spec.

        Raises:
            NotFoundError: there is none; the message lists those that there are.
        """
        return self._registered(kind, name).spec

    def build(
        self, kind: str, name: str, raw_params: Mapping[str, Any] | None = None
    ) -> Component[Any]:
        """Make a component that runs, importing its factory.

        Raises:
            NotFoundError: there is no such component.
            InvalidParamsError: the params do not fit.
            PluginError: the factory cannot be imported or is of the wrong class.
        """
        return factory.build(self._registered(kind, name), raw_params)

    def schema(self, registered: Registered) -> dict[str, Any]:
        """Return the JSON Schema of a component's params."""
        return params_schema(registered.spec.params)

    def observe(self, event: Event) -> None:
        """Tell all observers. One that fails is logged and stops nobody."""
        asking.observe(self.hook.event, event)

    def admit(self, job: JobInfo) -> str | None:
        """Return why the job may not run, or None. Any refusal wins; an exception refuses."""
        return asking.admit(self.hook.job_admit, job)

    def warn(self, job: JobInfo) -> list[str]:
        """Return what plugins have to say of a job that is admitted."""
        return asking.warn(self.hook.job_warn, job)

    def sections(self) -> dict[str, SettingsSection]:
        """Return the plugins' own settings by the name of their section."""
        return asking.sections(self.hook.register_settings)

    def split(self, frame: pl.DataFrame, plan: SplitPlan) -> NDArray[np.uint8]:
        """Return `Split.code` for each row of `frame`.

        Raises:
            InvalidInputError: the plan does not fit the corpus.
            PluginError: a plugin failed, or gave something else than codes.
        """
        return asking.split(self.hook.split_rows, frame, plan)

    def wrap(
        self, job: JobInfo, reported: Mapping[str, float]
    ) -> AbstractContextManager[wrapping.Spent]:
        """Return the context to run a job in; what it yields is filled when it ends.

        `reported` is a live view of the job's own metrics.
        """
        return wrapping.wrap(self.hook.job_wrap, job, reported)

    def _registered(self, kind: str, name: str) -> Registered:
        found = self._components.get((kind, name))
        if found is None:
            there = ", ".join(sorted(each.spec.name for each in self.components(kind)))
            raise NotFoundError(f"There is no {kind} {name!r}; there are: {there or 'none'}.")
        return found


def _in_calling_order(manager: pluggy.PluginManager) -> pluggy.PluginManager:
    """Return a manager that asks plugins in the order in which they were loaded.

    Pluggy asks the one registered last first.
    """
    ordered = pluggy.PluginManager(manager.project_name)
    ordered.add_hookspecs(hooks)
    for name, plugin in reversed(manager.list_name_plugin()):
        ordered.register(plugin, name)
    return ordered
