"""Every event as a line of the log."""

from __future__ import annotations

import structlog

from kodkod.api import Event, hookimpl

API = "1.0"

_log = structlog.get_logger("kodkod.events")


@hookimpl
def event(event: Event) -> None:
    """Write the event."""
    _log.info(event.type, project=event.project, user=event.user, **event.data)
