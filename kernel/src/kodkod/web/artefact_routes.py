"""Features, models and their predictions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Protocol, TypeVar

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler

from kodkod.api import ConflictError, NotFoundError, decode_params
from kodkod.jobs.needs import subject_of
from kodkod.store import artefacts
from kodkod.store.artefacts import FeatureRow, ModelRow
from kodkod.store.files import discard
from kodkod.store.jobs import JobRow
from kodkod.web.access import Requires
from kodkod.web.contract import (
    FeatureInfo,
    JobView,
    ModelInfo,
    NewFeature,
    NewModel,
    NewPrediction,
    Page,
)
from kodkod.web.given import Identity, Project, Services
from kodkod.web.views import feature_info, job_view, model_info

__all__ = ["routes"]


class _Named(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=_Named)


def _named(rows: Iterable[T], key: str, what: str) -> T:
    for row in rows:
        if key in {row.id, row.name}:
            return row
    raise NotFoundError(f"The project has no {what} {key!r}.")


async def _shown(services: Services, project: Project, job: JobRow) -> JobView:
    await services.names.know([job.user_id])
    return job_view(job, project.slug, services.names)


async def _features(services: Services, project: Project) -> list[FeatureRow]:
    async with services.database.read() as connection:
        return await artefacts.list_features(connection, project.id)


async def _models(services: Services, project: Project) -> list[ModelRow]:
    async with services.database.read() as connection:
        return await artefacts.list_models(connection, project.id)


@get(
    "/projects/{slug:str}/features",
    operation_id="list_features",
    requires=Requires.PROJECT_ANNOTATOR,
)
async def features(project: Project, services: Services) -> Page[FeatureInfo]:
    """List the computed features."""
    return Page(items=[feature_info(row) for row in await _features(services, project)])


@post(
    "/projects/{slug:str}/features",
    operation_id="compute_feature",
    requires=Requires.PROJECT_MANAGER,
    status_code=202,
)
async def compute_feature(
    project: Project, data: JSONBody[NewFeature], services: Services, identity: Identity
) -> JobView:
    """Start computing a feature over the whole corpus."""
    spec = services.registry.spec("feature", data.component)
    params = msgspec.to_builtins(decode_params(spec.params, data.params))
    if any(row.name == data.name for row in await _features(services, project)):
        raise ConflictError(f"The project has a feature {data.name!r} already.")
    job = await services.dispatcher.submit(
        "feature",
        {"name": data.name, "component": data.component, "params": data.params},
        user_id=identity.user_id,
        username=identity.username,
        project=project,
        gpu=spec.resources.gpu,
        subject=subject_of(data.component, params),
    )
    return await _shown(services, project, job)


@delete(
    "/projects/{slug:str}/features/{feature:str}",
    operation_id="delete_feature",
    requires=Requires.PROJECT_MANAGER,
)
async def delete_feature(project: Project, feature: FromPath[str], services: Services) -> None:
    """Delete a feature; models trained on it stay, and can predict no more."""
    row = _named(await _features(services, project), feature, "feature")
    live = await services.residency.get(project)
    for scheme in live.schemes.values():
        if scheme.guide is not None and row.name in scheme.guide.config.features:
            raise ConflictError(
                f"The guide of {scheme.row.name!r} uses the feature {row.name!r}; "
                "change or delete the guide first."
            )
    async with services.database.write() as connection:
        await artefacts.delete_feature(connection, row.id)
    await services.residency.reload_artefacts(project.id)
    folder = services.settings.projects / project.slug / "features" / row.id
    await asyncio.to_thread(discard, folder)


@get("/projects/{slug:str}/models", operation_id="list_models", requires=Requires.PROJECT_ANNOTATOR)
async def models(project: Project, services: Services) -> Page[ModelInfo]:
    """List the trained models with their scores."""
    live = await services.residency.get(project)
    rows = await _models(services, project)
    return Page(
        items=[
            model_info(row, live.schemes[row.scheme_id])
            for row in rows
            if row.scheme_id in live.schemes  # Not where it is being deleted.
        ]
    )


@post(
    "/projects/{slug:str}/models",
    operation_id="train_model",
    requires=Requires.PROJECT_MANAGER,
    status_code=202,
)
async def train_model(
    project: Project, data: JSONBody[NewModel], services: Services, identity: Identity
) -> JobView:
    """Start training a model on the annotations of the train split."""
    scheme = (await services.residency.get(project)).scheme(data.scheme)
    spec = services.registry.spec("model", data.component)
    params = msgspec.to_builtins(decode_params(spec.params, data.params))
    await services.check_features(project, data.features)
    if any(row.name == data.name for row in await _models(services, project)):
        raise ConflictError(f"The project has a model {data.name!r} already.")
    job = await services.dispatcher.submit(
        "train",
        {
            "name": data.name,
            "scheme_id": scheme.row.id,
            "component": data.component,
            "features": data.features,
            "params": data.params,
            "seed": data.seed,
        },
        user_id=identity.user_id,
        username=identity.username,
        project=project,
        gpu=spec.resources.gpu,
        subject=subject_of(data.component, params),
    )
    return await _shown(services, project, job)


@delete(
    "/projects/{slug:str}/models/{model:str}",
    operation_id="delete_model",
    requires=Requires.PROJECT_MANAGER,
)
async def delete_model(project: Project, model: FromPath[str], services: Services) -> None:
    """Delete a model with its predictions."""
    row = _named(await _models(services, project), model, "model")
    async with services.database.write() as connection:
        await artefacts.delete_model(connection, row.id)
    await services.residency.reload_artefacts(project.id)
    for folder in (
        services.settings.models / project.slug / row.id,
        services.settings.projects / project.slug / "predictions" / row.id,
    ):
        await asyncio.to_thread(discard, folder)


@post(
    "/projects/{slug:str}/models/{model:str}/predictions",
    operation_id="predict",
    requires=Requires.PROJECT_MANAGER,
    status_code=202,
)
async def predict(
    project: Project,
    model: FromPath[str],
    data: JSONBody[NewPrediction],
    services: Services,
    identity: Identity,
) -> JobView:
    """Start predicting the complete corpus; each split with annotations is scored."""
    row = _named(await _models(services, project), model, "model")
    services.registry.spec("metric", data.metric)
    job = await services.dispatcher.submit(
        "predict",
        {"model_id": row.id, "metric": data.metric},
        user_id=identity.user_id,
        username=identity.username,
        project=project,
        gpu=services.registry.spec("model", row.component).resources.gpu,
        subject=subject_of(row.component, row.params),
    )
    return await _shown(services, project, job)


routes: list[ControllerRouterHandler] = [
    features,
    compute_feature,
    delete_feature,
    models,
    train_model,
    delete_model,
    predict,
]
