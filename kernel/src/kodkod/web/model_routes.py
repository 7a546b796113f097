"""Models and their predictions."""

from __future__ import annotations

import asyncio
from typing import cast

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler

from kodkod.api import InvalidInputError, ModelSpec, decode_params
from kodkod.jobs.needs import subject_of
from kodkod.jobs.places import ProjectPlaces
from kodkod.project.teaching import Teaching
from kodkod.store import artefacts
from kodkod.store.artefacts import ModelRow
from kodkod.store.energy import energy_of
from kodkod.store.files import discard
from kodkod.store.project_files import list_project_files
from kodkod.web.access import Requires
from kodkod.web.artefacts import named, start_job, trained
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Project, Services
from kodkod.web.job_contract import JobView
from kodkod.web.model_contract import ModelInfo, NewModel, NewPrediction
from kodkod.web.model_lessons import check_lesson
from kodkod.web.model_views import exports_of, model_info
from kodkod.web.reach import check_model_name, features_of, models_of

__all__ = ["forget_model", "routes"]


async def _models(services: Services, project: Project) -> list[ModelRow]:
    async with services.database.read() as connection:
        return await models_of(connection, project)


@get("/projects/{slug:str}/models", operation_id="list_models", requires=Requires.PROJECT_READER)
async def models(project: Project, services: Services) -> Page[ModelInfo]:
    """List the trained models with their scores."""
    live = await services.residency.get(project)
    rows = await _models(services, project)
    async with services.database.read() as connection:
        energy = await energy_of(connection, [row.id for row in rows])
    return Page(
        items=[
            model_info(row, live.schemes[row.scheme_id], services.registry, energy)
            for row in rows
            if row.scheme_id in live.schemes  # Not where it is being deleted.
        ]
    )


@post(
    "/projects/{slug:str}/models",
    operation_id="train_model",
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=202,
)
async def train_model(
    project: Project, data: JSONBody[NewModel], services: Services, identity: Identity
) -> JobView:
    """Start training a model on annotations of the train split."""
    scheme = (await services.residency.get(project)).scheme(data.scheme)
    spec = cast("ModelSpec", services.registry.spec("model", data.component))
    params = msgspec.to_builtins(decode_params(spec.params, data.params))
    await services.check_features(project, data.features)
    await services.names.refresh()
    check_lesson(data, scheme, spec, services)
    async with services.database.read() as connection:
        await check_model_name(connection, project, data.name)
    taught = {name: getattr(data, name) for name in Teaching.__struct_fields__}
    return await start_job(
        services,
        project,
        identity,
        "train",
        {
            **msgspec.to_builtins(taught),
            "name": data.name,
            "scheme_id": scheme.row.id,
            "component": data.component,
            "features": data.features,
            "params": data.params,
            "seed": data.seed,
        },
        gpu=spec.resources.gpu,
        subject=subject_of(data.component, params),
    )


@delete(
    "/projects/{slug:str}/models/{model:str}",
    operation_id="delete_model",
    requires=Requires.PROJECT_CONTRIBUTOR,
)
async def delete_model(project: Project, model: FromPath[str], services: Services) -> None:
    """Delete a model with its predictions and exports."""
    await forget_model(
        services, project, named(project, await _models(services, project), model, "model")
    )


async def forget_model(services: Services, project: Project, row: ModelRow) -> None:
    """Delete a model, its predictions and exports, and let nobody see it any more."""
    async with services.database.write() as connection:
        await artefacts.delete_model(connection, row.id)
    await services.residency.reload_artefacts(project.id)
    places = ProjectPlaces.of(services.settings, project.slug)
    exports = (places.export(row.id, form) for form in exports_of(row, services.registry))
    made = (places.model(row.id), places.predictions(row.id), places.predicted(row.id))
    for folder in (*made, *exports):
        await asyncio.to_thread(discard, folder)


@post(
    "/projects/{slug:str}/models/{model:str}/predictions",
    operation_id="predict",
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=202,
)
async def predict(
    project: Project,
    model: FromPath[str],
    data: JSONBody[NewPrediction],
    services: Services,
    identity: Identity,
) -> JobView:
    """Start predicting the complete corpus, a split or a file.

    What is predicted already is not computed again. Each split that has annotations is scored.
    """
    row = trained(project, await _models(services, project), model)
    if data.metric is not None:
        services.registry.spec("metric", data.metric)
    file_id = await _file_id(services, project, data)
    gpu = services.registry.spec("model", row.component).resources.gpu
    if data.on == "file":
        gpu = gpu or await _features_need_a_card(services, project, row)
    return await start_job(
        services,
        project,
        identity,
        "predict",
        {"model_id": row.id, "metric": data.metric, "on": data.on, "file_id": file_id},
        gpu=gpu,
        subject=subject_of(row.component, row.params),
    )


async def _file_id(services: Services, project: Project, data: NewPrediction) -> str | None:
    if (data.on == "file") != (data.file is not None):
        raise InvalidInputError(
            "A prediction on a file needs `on` to be file and `file` to be its id or name; other "
            "predictions have no file.",
            field="file",
        )
    if data.file is None:
        return None
    async with services.database.read() as connection:
        return named(
            project, await list_project_files(connection, project.id), data.file, "file"
        ).id


async def _features_need_a_card(services: Services, project: Project, row: ModelRow) -> bool:
    async with services.database.read() as connection:
        features = await features_of(connection, project)
    return any(
        services.registry.spec("feature", feature.component).resources.gpu
        for feature in features
        if feature.id in row.features
    )


routes: list[ControllerRouterHandler] = [models, train_model, delete_model, predict]
