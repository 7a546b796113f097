"""How hooks are called where one plugin's failure must not be another's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pluggy
import polars as pl
import structlog
from numpy.typing import NDArray

from kodkod.api import (
    Event,
    InvalidInputError,
    JobInfo,
    KodkodError,
    PluginError,
    SettingsSection,
    Split,
    SplitPlan,
)

__all__ = ["admit", "call", "implementations", "observe", "sections", "split", "warn"]

_log = structlog.get_logger(__name__)


def implementations(hook: pluggy.HookCaller) -> Iterator[pluggy.HookImpl]:
    """Yield a hook's implementations in the order in which pluggy would call them."""
    return reversed(hook.get_hookimpls())


def call(implementation: pluggy.HookImpl, arguments: Mapping[str, Any]) -> Any:
    """Call one implementation with those of the arguments that it takes."""
    return implementation.function(*(arguments[name] for name in implementation.argnames))


def observe(hook: pluggy.HookCaller, event: Event) -> None:
    """Tell every observer; what one raises is logged under its plugin's name."""
    for implementation in implementations(hook):
        try:
            call(implementation, {"event": event})
        except Exception:  # noqa: BLE001 - logged; one plugin's failure stays its own
            _log.exception(
                "observer failed", plugin=implementation.plugin_name, event_type=event.type
            )


def admit(hook: pluggy.HookCaller, job: JobInfo) -> str | None:
    """Return the first reason against the job, or None; an exception is a reason."""
    for implementation in implementations(hook):
        plugin = implementation.plugin_name
        try:
            reason = call(implementation, {"job": job})
        except Exception as error:  # noqa: BLE001 - logged; one plugin's failure stays its own
            _log.exception("admission failed", plugin=plugin, job=job.id, kind=job.kind)
            return (
                f"The plugin {plugin} could not tell whether the job may run "
                f"({type(error).__name__}: {error}); see the server's log."
            )
        if reason is not None:
            return str(reason) or f"The plugin {plugin} refused the job without a reason."
    return None


def warn(hook: pluggy.HookCaller, job: JobInfo) -> list[str]:
    """Return what the plugins have to say of a job; one that fails says nothing."""
    said: list[str] = []
    for implementation in implementations(hook):
        plugin = implementation.plugin_name
        try:
            advice = call(implementation, {"job": job})
        except Exception:  # noqa: BLE001 - logged; one plugin's failure stays its own
            _log.exception("a warning could not be given", plugin=plugin, job=job.id)
            continue
        if advice:
            said.append(str(advice))
    return said


def sections(hook: pluggy.HookCaller) -> dict[str, SettingsSection]:
    """Return the plugins' sections of settings by name; the first to claim one keeps it."""
    found: dict[str, SettingsSection] = {}
    for implementation in implementations(hook):
        try:
            for section in call(implementation, {}):
                found.setdefault(section.name, section)
        except Exception:  # noqa: BLE001 - logged; one plugin's failure stays its own
            _log.exception("settings not registered", plugin=implementation.plugin_name)
    return found


def split(hook: pluggy.HookCaller, frame: pl.DataFrame, plan: SplitPlan) -> NDArray[np.uint8]:
    """Return the first answer that is not None, checked: `Split.code` for each row.

    Raises:
        InvalidInputError: the plan does not fit the corpus.
        PluginError: an implementation failed, or what it gave is not one code a row.
    """
    for implementation in implementations(hook):
        plugin = implementation.plugin_name
        try:
            codes = call(implementation, {"frame": frame, "plan": plan})
        except KodkodError:
            raise
        except Exception as error:
            raise PluginError(
                f"The plugin {plugin} failed to split the corpus: {type(error).__name__}: {error}"
            ) from error
        if codes is not None:
            return _checked(codes, frame.height, plugin)
    raise InvalidInputError("No plugin splits a corpus in this way.", field="split")


def _checked(codes: object, height: int, plugin: str) -> NDArray[np.uint8]:
    if (
        not isinstance(codes, np.ndarray)
        or codes.dtype != np.uint8
        or codes.shape != (height,)
        or (height and int(codes.max()) >= len(Split))
    ):
        raise PluginError(
            f"split_rows of the plugin {plugin} must return one Split.code (uint8) for each of "
            f"the {height} rows."
        )
    return codes
