"""The OpenAPI document: who may call what, and what an error looks like, on every route."""

from __future__ import annotations

from http import HTTPStatus

from litestar import Litestar, Router
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Components, SecurityScheme

from kodkod import __version__
from kodkod.web.access import Requires, declared
from kodkod.web.contract import Problem
from kodkod.web.openapi_document import DocumentRender
from kodkod.web.problems import MEDIA_TYPE

__all__ = ["declare_answers", "openapi_config"]

_SECURITY = "bearer"


def openapi_config() -> OpenAPIConfig:
    """Return how /schema is made. Documents only: a UI for them would load from other hosts."""
    return OpenAPIConfig(
        title="Kodkod",
        version=__version__,
        summary="A workbench for coding texts",
        components=Components(
            security_schemes={
                _SECURITY: SecurityScheme(
                    type="http",
                    scheme="bearer",
                    description="A token from POST /api/v1/auth/token or /auth/api-tokens.",
                )
            }
        ),
        render_plugins=[DocumentRender()],
        use_handler_docstrings=True,
        openapi_router=Router(
            path="/schema",
            route_handlers=[],
            opt={"requires": Requires.PUBLIC},
            include_in_schema=False,
        ),
    )


def declare_answers(app: Litestar) -> None:
    """Write into each handler what its answers may be, before the document is made."""
    for route, handler in declared(app):
        requires: Requires = handler.opt["requires"]
        statuses = {400, 422, 503}
        if requires is not Requires.PUBLIC:
            statuses |= {401, 403}
            handler.security = [{_SECURITY: []}]
        # A list of jobs, and a stream, may name what is not there, or not for this user.
        if route.path_parameters or route.path.endswith(("/jobs", "/events")):
            statuses.add(404)
        if handler.http_methods - {"GET"}:
            statuses |= {409, 413}
        if handler.opt.get("needs_results"):
            statuses.add(409)
        if handler.opt.get("counts_attempts"):
            statuses.add(429)
        if route.path.endswith(("/auth/token", "/auth/handovers")):
            statuses.add(401)
        if route.path.endswith(("/auth/accounts", "/auth/invitations", "/me/invitations")):
            statuses |= {403, 404}
        if route.path.endswith("/groups"):
            statuses.add(404)
        handler.responses = {
            **{status: _problem(status) for status in sorted(statuses)},
            **(handler.responses or {}),
        }


def _problem(status: int) -> ResponseSpec:
    return ResponseSpec(
        data_container=Problem,
        media_type=MEDIA_TYPE,  # type: ignore[arg-type]
        description=HTTPStatus(status).phrase,
        generate_examples=False,
    )
