"""Writes each event as one structured line of the server's log."""

from __future__ import annotations

import structlog

from kodkod.api import Event, hookimpl

API = "2.0"

_log = structlog.get_logger("kodkod.events")


@hookimpl
def event(event: Event) -> None:
    """Log what happened. `data` stays out: it may hold what people wrote."""
    _log.info(event.type, project=event.project, user=event.user)
