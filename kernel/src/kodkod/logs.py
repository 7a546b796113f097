"""Logs: one line an event on stderr, coloured for people, JSON for machines.

What belongs to a request or to a job is bound to its context (`structlog.contextvars`); a process
that does one thing only binds that to all its lines, whichever thread or library writes them.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO, cast

import msgspec
import structlog
from structlog.processors import ExceptionRenderer
from structlog.tracebacks import ExceptionDictTransformer

from kodkod.api import InvalidInputError

__all__ = ["bind_process", "configure_logs"]

_QUIET = ("httpx", "aiosqlite", "sqlalchemy.engine", "alembic")
_process: dict[str, Any] = {}


def bind_process(**fields: Any) -> None:
    """Add fields to every line that this process writes from now on."""
    _process.update(fields)


def configure_logs(level: str) -> None:
    """Send structlog's and the standard library's records to stderr, from `level` up.

    Raises:
        InvalidInputError: there is no such level.
    """
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise InvalidInputError(
            f"settings: log_level {level!r} is unknown; use debug, info, warning or error."
        )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _merge_process,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Never a frame's variables: they hold passwords, tokens and texts.
    if sys.stderr.isatty():
        told = structlog.dev.RichTracebackFormatter(show_locals=False)
        last: list[Any] = [structlog.dev.ConsoleRenderer(exception_formatter=told)]
    else:
        tracebacks = ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
        last = [tracebacks, structlog.processors.JSONRenderer(_json)]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Unfailing(sys.stderr))),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(level=number, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))


class _Unfailing:
    """A stream that may lie on a full or broken disk: a lost line must fail no request or job."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def _merge_process(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for name, value in _process.items():
        event.setdefault(name, value)
    return event


def _json(value: Any, **_: Any) -> str:
    return msgspec.json.encode(value, enc_hook=repr).decode()
