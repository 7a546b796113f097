"""From a spec to a component that runs: the one place where a factory is imported."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from kodkod.api import Component, KodkodError, PluginError, decode_params
from kodkod.plugins.checking import BASES
from kodkod.plugins.status import Registered

__all__ = ["build"]


def build(registered: Registered, raw_params: Mapping[str, Any] | None) -> Component[Any]:
    """Decode the params, import the factory and construct the component.

    Raises:
        InvalidParamsError: the params do not fit.
        PluginError: the factory cannot be imported, is of the wrong class or fails.
    """
    params = decode_params(registered.spec.params, raw_params)
    factory = _import(registered)
    try:
        return factory(params)
    except KodkodError:
        raise
    except Exception as error:
        raise _broken(registered, f"the constructor failed: {_said(error)}") from error


def _import(registered: Registered) -> type[Component[Any]]:
    spec = registered.spec
    module, _, name = spec.factory.partition(":")
    try:
        factory = getattr(import_module(module), name)
    except Exception as error:
        raise _broken(registered, f"{spec.factory} cannot be imported: {_said(error)}") from error
    base = next(base for kind, base in BASES.items() if isinstance(spec, kind))
    if not inspect.isclass(factory) or not issubclass(factory, base):
        raise _broken(registered, f"{spec.factory} is no subclass of kodkod.api.{base.__name__}")
    return factory


def _broken(registered: Registered, what: str) -> PluginError:
    spec = registered.spec
    return PluginError(
        f"{spec.kind}/{spec.name} of plugin {registered.plugin} {registered.version}: {what}. "
        "Update the plugin, or tell its author."
    )


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
