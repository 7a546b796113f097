"""What Prometheus reads."""

from __future__ import annotations

import asyncio

from litestar import MediaType, Response, get
from prometheus_client import CONTENT_TYPE_LATEST

from kodkod.web.access import Requires
from kodkod.web.given import Services

__all__ = ["get_metrics"]

_MEDIA_TYPE = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")  # Litestar adds it.


@get(
    "/metrics",
    operation_id="get_metrics",
    tags=["server"],
    requires=Requires.ROOT,
    media_type=MediaType.TEXT,
)
async def get_metrics(services: Services) -> Response[bytes]:
    """Give figures in Prometheus's text format.

    Let Prometheus send a token of an administrator that may only read (POST
    /api/v1/auth/api-tokens with the scope `read`). The figures are those of the monitor, as old
    as `monitor_ms` allows, and what this server has counted since it started.
    """
    report = await services.monitor.report()
    text = await asyncio.to_thread(services.metrics.exposition, report)
    return Response(text, media_type=_MEDIA_TYPE)
