"""Features: what models, strategies and projections read."""

from __future__ import annotations

import asyncio

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler

from kodkod.api import ConflictError, decode_params
from kodkod.jobs.needs import subject_of
from kodkod.store import artefacts
from kodkod.store.artefacts import FeatureRow
from kodkod.store.files import discard
from kodkod.web.access import Requires
from kodkod.web.artefacts import named, start_job
from kodkod.web.contract import Page
from kodkod.web.feature_contract import FeatureInfo, NewFeature
from kodkod.web.given import Identity, Project, Services
from kodkod.web.job_contract import JobView
from kodkod.web.reach import check_feature_name, features_of
from kodkod.web.views import feature_info

__all__ = ["routes"]


async def _features(services: Services, project: Project) -> list[FeatureRow]:
    async with services.database.read() as connection:
        return await features_of(connection, project)


@get(
    "/projects/{slug:str}/features",
    operation_id="list_features",
    requires=Requires.PROJECT_READER,
)
async def features(project: Project, services: Services) -> Page[FeatureInfo]:
    """List the computed features."""
    return Page(items=[feature_info(row) for row in await _features(services, project)])


@post(
    "/projects/{slug:str}/features",
    operation_id="compute_feature",
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=202,
)
async def compute_feature(
    project: Project, data: JSONBody[NewFeature], services: Services, identity: Identity
) -> JobView:
    """Start computing a feature over the whole corpus."""
    spec = services.registry.spec("feature", data.component)
    params = msgspec.to_builtins(decode_params(spec.params, data.params))
    async with services.database.read() as connection:
        await check_feature_name(connection, project, data.name)
    return await start_job(
        services,
        project,
        identity,
        "feature",
        {"name": data.name, "component": data.component, "params": data.params},
        gpu=spec.resources.gpu,
        subject=subject_of(data.component, params),
    )


@delete(
    "/projects/{slug:str}/features/{feature:str}",
    operation_id="delete_feature",
    requires=Requires.PROJECT_CONTRIBUTOR,
)
async def delete_feature(project: Project, feature: FromPath[str], services: Services) -> None:
    """Delete a feature; models trained on it stay, and can predict no more."""
    row = named(project, await _features(services, project), feature, "feature")
    live = await services.residency.get(project)
    for scheme in live.all_schemes():
        if scheme.guide is not None and row.name in scheme.guide.config.features:
            there = scheme.row.id in live.schemes
            whose = f"of {scheme.row.name!r}" if there else "of a scheme that is not yours"
            raise ConflictError(
                f"The guide {whose} uses the feature {row.name!r}; "
                "change or delete the guide first."
            )
    async with services.database.write() as connection:
        await artefacts.delete_feature(connection, row.id)
    await services.residency.reload_artefacts(project.id)
    folder = services.settings.projects / project.slug / "features" / row.id
    await asyncio.to_thread(discard, folder)


routes: list[ControllerRouterHandler] = [features, compute_feature, delete_feature]
