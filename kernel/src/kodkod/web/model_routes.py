"""Models and their predictions."""

from __future__ import annotations

import asyncio

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler

from kodkod.api import ConflictError, decode_params
from kodkod.jobs.needs import subject_of
from kodkod.store import artefacts
from kodkod.store.artefacts import ModelRow
from kodkod.store.files import discard
from kodkod.web.access import Requires
from kodkod.web.artefacts import named, shown_job
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Project, Services
from kodkod.web.job_contract import JobView
from kodkod.web.model_contract import ModelInfo, NewModel, NewPrediction
from kodkod.web.views import model_info

__all__ = ["routes"]


async def _models(services: Services, project: Project) -> list[ModelRow]:
    async with services.database.read() as connection:
        return await artefacts.list_models(connection, project.id)


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
    return await shown_job(services, project, job)


@delete(
    "/projects/{slug:str}/models/{model:str}",
    operation_id="delete_model",
    requires=Requires.PROJECT_MANAGER,
)
async def delete_model(project: Project, model: FromPath[str], services: Services) -> None:
    """Delete a model with its predictions."""
    row = named(await _models(services, project), model, "model")
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
    row = named(await _models(services, project), model, "model")
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
    return await shown_job(services, project, job)


routes: list[ControllerRouterHandler] = [models, train_model, delete_model, predict]
