"""Whether the server works, for whoever watches over it."""

from __future__ import annotations

from litestar import Response, get
from litestar.openapi.datastructures import ResponseSpec
from litestar.types import ControllerRouterHandler

from kodkod.web.access import Requires
from kodkod.web.annotating_contract import Health
from kodkod.web.given import Services

__all__ = ["routes"]

_DOWN = ResponseSpec(Health, description="Nobody can work", generate_examples=False)


@get(
    "/health",
    operation_id="get_health",
    tags=["server"],
    requires=Requires.PUBLIC,
    responses={503: _DOWN},
)
async def get_health(services: Services) -> Response[Health]:
    """Tell whether annotators can work: 200 if so, 503 if the status is `down`.

    `degraded` says in `problems` what does not work beside that. Workers are this server's own;
    those started elsewhere are not counted.
    """
    health = await services.monitor.health.health()
    return Response(health, status_code=503 if health.status == "down" else 200)


routes: list[ControllerRouterHandler] = [get_health]
