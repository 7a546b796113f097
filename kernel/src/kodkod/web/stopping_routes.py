"""When to stop annotating."""

from __future__ import annotations

from litestar import get
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kodkod.web.access import Requires
from kodkod.web.given import Project, Services
from kodkod.web.stopping import stopping_advice
from kodkod.web.stopping_contract import StoppingAdvice

__all__ = ["routes"]


@get(
    "/projects/{slug:str}/schemes/{scheme:str}/stopping",
    operation_id="get_stopping_advice",
    requires=Requires.PROJECT_READER,
)
async def get_stopping(
    project: Project, scheme: FromPath[str], services: Services
) -> StoppingAdvice:
    """Ask whether more labels still help, and why; nothing is stopped."""
    there = (await services.residency.get(project)).scheme(scheme)
    return await stopping_advice(services, project, there)


routes: list[ControllerRouterHandler] = [get_stopping]
