"""Whether the server works, for whoever watches over it."""

from __future__ import annotations

import sqlalchemy as sa
from litestar import get
from litestar.types import ControllerRouterHandler
from sqlalchemy.exc import SQLAlchemyError

from kodkod import __version__
from kodkod.web.access import Requires
from kodkod.web.contract import Health
from kodkod.web.given import Services

__all__ = ["routes"]


@get("/health", operation_id="get_health", tags=["server"], requires=Requires.PUBLIC)
async def get_health(services: Services) -> Health:
    """Tell whether annotators can work. `degraded` says in `problems` what does not.

    Workers are this server's own; those started elsewhere are not counted.
    """
    problems = []
    try:
        async with services.database.read() as connection:
            await connection.execute(sa.text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        problems.append("The database does not answer.")
    supervisor = services.supervisor
    places = supervisor.status() if supervisor is not None else []
    up = {place.queue for place in places if place.pid is not None}
    problems.extend(
        f"No worker for {queue} jobs is up; it is being restarted."
        for queue in sorted({place.queue for place in places} - up)
    )
    return Health(
        status="degraded" if problems else "ok",
        version=__version__,
        workers=sum(place.pid is not None for place in places),
        problems=problems,
    )


routes: list[ControllerRouterHandler] = [get_health]
