"""Projections: maps of a corpus, and their points."""

from __future__ import annotations

import asyncio

import msgspec
import polars as pl
from litestar import delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Response
from litestar.types import ControllerRouterHandler

from kodkod.api import ConflictError, InvalidInputError, UnavailableError, decode_params
from kodkod.jobs.needs import subject_of
from kodkod.jobs.places import ProjectPlaces
from kodkod.project.live import LiveProject
from kodkod.project.map_columns import (
    annotator_column,
    context_column,
    disagreement_column,
    label_column,
    point_frame,
    predicted_columns,
    time_column,
    topic_column,
)
from kodkod.project.maps import open_map
from kodkod.store import projections
from kodkod.store.artefacts import FeatureRow
from kodkod.store.files import discard
from kodkod.store.predictions import open_full
from kodkod.store.projections import ProjectionRow
from kodkod.store.topic_versions import current_state, read_assigned
from kodkod.web.access import Requires
from kodkod.web.arrow import ARROW, arrow_stream, as_arrow
from kodkod.web.artefacts import named, start_job
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Project, Services
from kodkod.web.job_contract import JobView
from kodkod.web.projection_contract import NewProjection, ProjectionInfo
from kodkod.web.reach import features_of, maps_of, models_of, topics_of
from kodkod.web.seeing import sees_all

__all__ = ["routes"]


async def _rows(
    services: Services, project: Project
) -> tuple[list[ProjectionRow], list[FeatureRow]]:
    async with services.database.read() as connection:
        found = await maps_of(connection, project)
        return found, await features_of(connection, project)


@get(
    "/projects/{slug:str}/projections",
    operation_id="list_projections",
    requires=Requires.PROJECT_READER,
)
async def list_all(project: Project, services: Services) -> Page[ProjectionInfo]:
    """List the maps."""
    found, features = await _rows(services, project)
    names = {row.id: row.name for row in features}
    return Page(items=[_info(row, names.get(row.feature_id)) for row in found])


@post(
    "/projects/{slug:str}/projections",
    operation_id="make_projection",
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=202,
)
async def make(
    project: Project, data: JSONBody[NewProjection], services: Services, identity: Identity
) -> JobView:
    """Start making a map of a feature."""
    spec = services.registry.spec("projection", data.component)
    params = msgspec.to_builtins(decode_params(spec.params, data.params))
    found, features = await _rows(services, project)
    feature = named(project, features, data.feature, "feature")
    if any(row.name == data.name for row in found):
        raise ConflictError(f"The project has a projection {data.name!r} already.")
    return await start_job(
        services,
        project,
        identity,
        "projection",
        {
            "name": data.name,
            "feature_id": feature.id,
            "component": data.component,
            "params": data.params,
            "split": data.split,
            "seed": data.seed,
        },
        gpu=spec.resources.gpu,
        subject=subject_of(data.component, params),
    )


@delete(
    "/projects/{slug:str}/projections/{projection:str}",
    operation_id="delete_projection",
    requires=Requires.PROJECT_CONTRIBUTOR,
)
async def remove(project: Project, projection: FromPath[str], services: Services) -> None:
    """Delete a map."""
    found, _ = await _rows(services, project)
    row = named(project, found, projection, "projection")
    async with services.database.write() as connection:
        await projections.delete_projection(connection, row.id)
    await services.residency.reload_artefacts(project.id)
    places = ProjectPlaces.of(services.settings, project.slug)
    await asyncio.to_thread(discard, places.projection(row.id))


@get(
    "/projects/{slug:str}/projections/{projection:str}/points",
    operation_id="get_points",
    requires=Requires.PROJECT_READER,
    guards=[sees_all],
    media_type=ARROW,
)
async def points(
    project: Project,
    projection: FromPath[str],
    services: Services,
    label: FromQuery[str | None] = None,
    annotator: FromQuery[str | None] = None,
    prediction: FromQuery[str | None] = None,
    topic: FromQuery[str | None] = None,
    disagreement: FromQuery[str | None] = None,
    time: FromQuery[str | None] = None,
    context: FromQuery[str | None] = None,
    split: FromQuery[bool] = False,
    bare: FromQuery[bool] = False,
) -> Response[bytes]:
    """Download the points as an Arrow IPC stream: `row`, `x`, `y`, `id`, and columns asked for.

    `label`, `annotator`, `disagreement` and `time` name a scheme: the labels that count, who gave
    them, whether those who coded the text `agree` or `disagree`, and when the answer that counts
    was given. `prediction` names a model with stored predictions: the likeliest label, with its
    `probability`. `topic` names topics. `context` names a context column: its numbers or times,
    or else its 12 commonest values, the others as `other`. `split` adds the split. What is not
    known of a text is null. `bare` leaves `x`, `y` and `id` out, which change only with the map.
    """
    found, _ = await _rows(services, project)
    row = named(project, found, projection, "projection")
    live = await services.residency.get(project)
    await services.names.refresh()
    columns: list[pl.Series] = []
    if label is not None:
        columns.append(await asyncio.to_thread(label_column, live.scheme(label)))
    if annotator is not None:
        there = live.scheme(annotator)
        columns.append(await asyncio.to_thread(annotator_column, there, services.names))
    if disagreement is not None:
        columns.append(await asyncio.to_thread(disagreement_column, live.scheme(disagreement)))
    if time is not None:
        columns.append(await asyncio.to_thread(time_column, live.scheme(time)))
    if context is not None:
        columns.append(await asyncio.to_thread(context_column, live.corpus, context))
    if prediction is not None:
        columns += await _predicted(services, live, prediction)
    if topic is not None:
        columns.append(await _topics(services, live, topic))

    def made() -> bytes:
        try:
            map_ = open_map(ProjectPlaces.of(services.settings, project.slug).root, row)
        except (OSError, ValueError) as error:
            raise UnavailableError(
                f"The projection {row.name!r} cannot be read ({error}); make it again."
            ) from error
        return as_arrow(point_frame(live.corpus, map_, columns, split=split, bare=bare))

    return arrow_stream(await asyncio.to_thread(made))


async def _predicted(services: Services, live: LiveProject, key: str) -> list[pl.Series]:
    async with services.database.read() as connection:
        models = await models_of(connection, live.row)
    model = named(live.row, models, key, "model")
    if model.predicted_rows is None or model.scheme_id not in live.schemes:
        raise InvalidInputError(
            f"The model {model.name!r} has not predicted yet; let it predict the corpus first.",
            field="prediction",
        )
    folder = ProjectPlaces.of(services.settings, live.row.slug).predictions(model.id)
    scheme = live.schemes[model.scheme_id]
    return await asyncio.to_thread(
        lambda: predicted_columns(scheme, open_full(folder), model.label_ids)
    )


async def _topics(services: Services, live: LiveProject, key: str) -> pl.Series:
    async with services.database.read() as connection:
        row = named(live.row, await topics_of(connection, live.row), key, "topics")
    folder = ProjectPlaces.of(services.settings, live.row.slug).topics(row.id)
    return await asyncio.to_thread(
        lambda: topic_column(
            read_assigned(current_state(folder, row.version)), row.found.topics, len(live.corpus)
        )
    )


def _info(row: ProjectionRow, feature: str | None) -> ProjectionInfo:
    return msgspec.convert(
        {**msgspec.structs.asdict(row), "feature": feature}, ProjectionInfo, from_attributes=True
    )


routes: list[ControllerRouterHandler] = [list_all, make, remove, points]
