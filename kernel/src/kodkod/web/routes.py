"""Every route of the API, one line a room."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from kodkod.web import component_routes, health_routes, people_routes, token_routes

__all__ = ["HANDLERS", "UPLOADS"]

HANDLERS: list[ControllerRouterHandler] = [
    *health_routes.routes,
    *token_routes.routes,
    *people_routes.routes,
    *component_routes.routes,
]

UPLOADS: list[ControllerRouterHandler] = []
"""Handlers that take files: their bodies may be as large as the settings' `max_upload_mb`."""
