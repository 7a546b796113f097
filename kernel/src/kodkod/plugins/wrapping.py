"""The context around a job: every plugin's wrapper, none of which can fail the job."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pluggy
import structlog
from msgspec import Struct

from kodkod.api import Energy, JobInfo
from kodkod.plugins.asking import call, implementations

__all__ = ["Spent", "wrap"]

_log = structlog.get_logger(__name__)


class _Wrapper:
    """One plugin's context manager, with its errors kept in."""

    def __init__(
        self, implementation: pluggy.HookImpl, job: JobInfo, reported: Mapping[str, float]
    ) -> None:
        self._log = _log.bind(plugin=implementation.plugin_name, job=job.id, kind=job.kind)
        self._implementation = implementation
        self._arguments = {"job": job, "metrics": reported}
        self._manager: AbstractContextManager[dict[str, float | Energy]] | None = None
        self._metrics: object = {}

    def enter(self) -> None:
        try:
            manager = call(self._implementation, self._arguments)
            if manager is not None:
                self._metrics = manager.__enter__()
                self._manager = manager
        except Exception:  # noqa: BLE001 - logged; one plugin's failure stays its own
            self._log.exception("job wrapper failed to start")

    def leave(self, error: BaseException | None) -> None:
        """End the wrapper. It cannot swallow the job's error, nor put its own in its place."""
        if self._manager is None:
            return
        try:
            self._manager.__exit__(type(error) if error else None, error, _trace(error))
        except Exception:  # noqa: BLE001 - logged; one plugin's failure stays its own
            self._log.exception("job wrapper failed to end")
        except BaseException as raised:
            # Cancelled is no Exception: a wrapper that passes it on has done nothing wrong.
            if raised is not error:
                raise

    def metrics(self) -> Iterator[tuple[str, float | Energy]]:
        """Yield what the wrapper measured, as far as it is finite numbers or energy."""
        if not isinstance(self._metrics, dict):
            self._log.error("job wrapper yields no dict", gave=type(self._metrics).__name__)
            return
        for name, value in self._metrics.items():
            if isinstance(value, Energy) and name == "energy":
                yield name, value
            elif isinstance(value, int | float) and math.isfinite(value):
                yield str(name), float(value)
            else:
                self._log.error("job wrapper gave a metric that is no number", metric=name)


class Spent(Struct):
    """What the wrappers measured: filled when the context ends."""

    metrics: dict[str, float] = {}
    energy: Energy | None = None


@contextmanager
def wrap(hook: pluggy.HookCaller, job: JobInfo, reported: Mapping[str, float]) -> Iterator[Spent]:
    """Enter every wrapper, and leave them in reverse, whether the job succeeded or not."""
    spent = Spent()
    wrappers = [_Wrapper(each, job, reported) for each in implementations(hook)]
    for wrapper in wrappers:
        wrapper.enter()
    try:
        yield spent
    except BaseException as error:
        _end(wrappers, spent, error)
        raise
    else:
        _end(wrappers, spent, None)


def _end(wrappers: list[_Wrapper], spent: Spent, error: BaseException | None) -> None:
    for wrapper in reversed(wrappers):
        wrapper.leave(error)
        for name, value in wrapper.metrics():
            if isinstance(value, Energy):
                spent.energy = value
            else:
                spent.metrics[name] = value


def _trace(error: BaseException | None) -> Any:
    return error.__traceback__ if error else None
