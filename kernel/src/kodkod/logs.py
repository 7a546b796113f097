"""Logs: one line an event on stderr, coloured for people, JSON for machines."""

from __future__ import annotations

import logging
import sys
from typing import Any

import msgspec
import structlog
from structlog.processors import ExceptionRenderer
from structlog.tracebacks import ExceptionDictTransformer

from kodkod.api import InvalidInputError

__all__ = ["configure_logs"]

_QUIET = ("httpx", "aiosqlite", "sqlalchemy.engine", "alembic")


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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
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
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))


def _json(value: Any, **_: Any) -> str:
    return msgspec.json.encode(value, enc_hook=repr).decode()
