"""Every route of the API, one line a room."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler

from kodkod.web import (
    agreement_routes,
    annotate_routes,
    audit_routes,
    component_routes,
    energy_routes,
    estimate_routes,
    evaluation_routes,
    event_routes,
    export_routes,
    feature_routes,
    file_routes,
    group_routes,
    health_routes,
    invitation_routes,
    job_routes,
    labelling_routes,
    member_routes,
    model_export_routes,
    model_routes,
    monitor_routes,
    people_routes,
    project_routes,
    projection_routes,
    promotion_routes,
    prompt_routes,
    sample_routes,
    scheme_routes,
    secret_routes,
    simulation_routes,
    stopping_routes,
    token_routes,
    topic_routes,
    topic_use_routes,
)

__all__ = ["HANDLERS", "UPLOADS"]

HANDLERS: list[ControllerRouterHandler] = [
    *health_routes.routes,
    *token_routes.routes,
    *people_routes.routes,
    *group_routes.routes,
    *invitation_routes.routes,
    *member_routes.routes,
    *component_routes.routes,
    *project_routes.routes,
    *scheme_routes.routes,
    *stopping_routes.routes,
    *agreement_routes.routes,
    *annotate_routes.routes,
    *feature_routes.routes,
    *file_routes.routes,
    *model_routes.routes,
    *projection_routes.routes,
    *topic_routes.routes,
    *topic_use_routes.routes,
    *model_export_routes.routes,
    *prompt_routes.routes,
    *secret_routes.routes,
    *labelling_routes.routes,
    *promotion_routes.routes,
    *evaluation_routes.routes,
    *sample_routes.routes,
    *estimate_routes.routes,
    *simulation_routes.routes,
    *job_routes.routes,
    *event_routes.routes,
    *energy_routes.routes,
    *monitor_routes.routes,
    *audit_routes.routes,
    *export_routes.routes,
]

UPLOADS: list[ControllerRouterHandler] = [*project_routes.uploads, *file_routes.uploads]
"""Handlers that take files: their bodies may be as large as the settings' `max_upload_mb`."""
