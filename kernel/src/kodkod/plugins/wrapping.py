"""The context around a job: every plugin's wrapper, none of which can fail the job."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pluggy
import structlog

from kodkod.api import JobInfo
from kodkod.plugins.asking import call, implementations

__all__ = ["wrap"]

_log = structlog.get_logger(__name__)


class _Wrapper:
    """One plugin's context manager, with its errors kept in."""

    def __init__(self, implementation: pluggy.HookImpl, job: JobInfo) -> None:
        self._log = _log.bind(plugin=implementation.plugin_name, job=job.id, kind=job.kind)
        self._implementation = implementation
        self._job = job
        self._manager: AbstractContextManager[dict[str, float]] | None = None
        self._metrics: object = {}

    def enter(self) -> None:
        try:
            manager = call(self._implementation, {"job": self._job})
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

    def metrics(self) -> Iterator[tuple[str, float]]:
        """Yield what the wrapper measured, as far as it is finite numbers."""
        if not isinstance(self._metrics, dict):
            self._log.error("job wrapper yields no dict", gave=type(self._metrics).__name__)
            return
        for name, value in self._metrics.items():
            if isinstance(value, int | float) and math.isfinite(value):
                yield str(name), float(value)
            else:
                self._log.error("job wrapper gave a metric that is no number", metric=name)


@contextmanager
def wrap(hook: pluggy.HookCaller, job: JobInfo) -> Iterator[dict[str, float]]:
    """Enter every wrapper, and leave them in reverse.

    Yields a dict that is filled with everybody's metrics when the context ends, whether the
    job succeeded or not.
    """
    merged: dict[str, float] = {}
    wrappers = [_Wrapper(implementation, job) for implementation in implementations(hook)]
    for wrapper in wrappers:
        wrapper.enter()
    try:
        yield merged
    except BaseException as error:
        _end(wrappers, merged, error)
        raise
    else:
        _end(wrappers, merged, None)


def _end(wrappers: list[_Wrapper], merged: dict[str, float], error: BaseException | None) -> None:
    for wrapper in reversed(wrappers):
        wrapper.leave(error)
        merged.update(wrapper.metrics())


def _trace(error: BaseException | None) -> Any:
    return error.__traceback__ if error else None
