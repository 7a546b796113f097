"""The monitor, for whoever runs the service."""

from __future__ import annotations

from litestar import get
from litestar.types import ControllerRouterHandler

from kodkod.web.access import Requires
from kodkod.web.given import Services
from kodkod.web.monitor_contract import MonitorReport

__all__ = ["routes"]


@get("/monitor", operation_id="get_monitor", tags=["server"], requires=Requires.ROOT)
async def get_monitor(services: Services) -> MonitorReport:
    """Show the state of the service: queues, workers, cards, disks, projects, users, errors.

    It is gathered at most every `monitor_ms` (a setting), whoever asks.
    """
    return await services.monitor.report()


routes: list[ControllerRouterHandler] = [get_monitor]
