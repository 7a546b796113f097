"""The application: routes, the guard around them, and what is opened and closed with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request, Router
from litestar.datastructures import State
from litestar.di import Provide

from kodkod.jobs.kinds import plugin as job_kinds
from kodkod.plugins import PluginRegistry
from kodkod.settings import Settings
from kodkod.store.files import make_data_dir
from kodkod.store.people import Identity
from kodkod.store.projects import Project
from kodkod.web import given, redirect_routes
from kodkod.web.access import check_access, check_declarations
from kodkod.web.audit_trail import AuditTrail
from kodkod.web.body_pace import BodyPace
from kodkod.web.contract import ProjectRole
from kodkod.web.first_start import ensure_root
from kodkod.web.metrics_routes import get_metrics
from kodkod.web.openapi import declare_answers, openapi_config
from kodkod.web.problems import EXCEPTION_HANDLERS
from kodkod.web.request_log import RequestLog
from kodkod.web.routes import HANDLERS, UPLOADS
from kodkod.web.services import Services, make_services, open_services
from kodkod.web.static import static_handler

__all__ = ["create_app", "load_registry"]

_MIB = 1024 * 1024
_MAX_JSON_BYTES = 64 * _MIB


def load_registry() -> PluginRegistry:
    """Load what is installed, the kernel's own job kinds included."""
    return PluginRegistry.load(extra=[job_kinds])


def create_app(settings: Settings, *, registry: PluginRegistry | None = None) -> Litestar:
    """Make the application; nothing is opened before it starts.

    Handlers may take `services`, `identity` (who is signed in) and, below `/projects/{slug}`,
    `project` and `project_role` as arguments.

    Raises:
        ImproperlyConfiguredException: a handler does not declare what it requires.
        NotFoundError: the settings name a way to sign in that no plugin brings.
    """
    services = make_services(settings, registry or load_registry())
    uploads = Router(
        "/", route_handlers=UPLOADS, request_max_body_size=settings.max_upload_mb * _MIB
    )
    app = Litestar(
        [
            Router("/api/v1", route_handlers=[*HANDLERS, uploads]),
            *redirect_routes.pages,
            get_metrics,
            static_handler(),
        ],
        state=State({"services": services}),
        lifespan=[_running],
        guards=[check_access],
        dependencies={
            "services": Provide(_services, sync_to_thread=False),
            "identity": Provide(_identity, sync_to_thread=False),
            "project": Provide(_project, sync_to_thread=False),
            "project_role": Provide(_project_role, sync_to_thread=False),
        },
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=openapi_config(),
        request_max_body_size=_MAX_JSON_BYTES,
        logging_config=None,
    )
    check_declarations(app)
    declare_answers(app)
    app.asgi_handler = AuditTrail(app.asgi_handler, app, services)
    app.asgi_handler = BodyPace(app.asgi_handler, settings.body_seconds)
    app.asgi_handler = RequestLog(app.asgi_handler, services.traffic)
    return app


@asynccontextmanager
async def _running(app: Litestar) -> AsyncIterator[None]:
    services: Services = app.state.services
    settings = services.settings
    make_data_dir(settings.data_dir)
    async with open_services(services):
        password = await ensure_root(services)
        if password is not None:
            # The one place and moment where it can be read.
            print(
                f"\n  Sign in at http://{settings.host}:{settings.port} as root with the "
                f"password {password}\n  It is shown this once. Change it after signing in.\n",
                flush=True,
            )
        yield


# Each asks for the one before it: Litestar resolves what depends on nothing else in a task group,
# whose tasks cost a fifth of a short request's time.


def _services(request: Request[Any, Any, Any]) -> Services:
    return request.app.state.services


def _identity(request: Request[Any, Any, Any], services: given.Services) -> Identity:
    return request.user


def _project(request: Request[Any, Any, Any], identity: given.Identity) -> Project:
    return request.auth.project


def _project_role(request: Request[Any, Any, Any], project: given.Project) -> ProjectRole:
    return request.auth.role
