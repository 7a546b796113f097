"""Samples drawn with known probabilities."""

from __future__ import annotations

import asyncio

import msgspec
import numpy as np
import polars as pl
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler
from numpy.typing import NDArray

from kodkod.api import ConflictError, InvalidInputError
from kodkod.jobs.places import ProjectPlaces
from kodkod.project.drawn_samples import (
    NONE,
    DrawPlan,
    Draws,
    Strata,
    draw_sample,
    plan_of,
    rows_of_plan,
    strata_of_labels,
)
from kodkod.project.exporting_predictions import decider_of
from kodkod.project.live import LiveProject
from kodkod.store.artefacts import ModelRow, new_id
from kodkod.store.database import now
from kodkod.store.drawn_samples import DrawnSample, add_sample, delete_sample
from kodkod.store.predictions import open_predicted
from kodkod.web.access import Requires
from kodkod.web.artefacts import named
from kodkod.web.contract import Page
from kodkod.web.estimate_contract import NewDrawnSample, SampleInfo, SampleProgress
from kodkod.web.given import Project, Services
from kodkod.web.reach import models_of, samples_of

__all__ = ["routes"]

_PATH = "/projects/{slug:str}/drawn-samples"
_MOST_STRATA = 100


@post(
    _PATH,
    operation_id="draw_sample",
    tags=["estimates"],
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=201,
)
async def create(
    project: Project, data: JSONBody[NewDrawnSample], services: Services
) -> SampleInfo:
    """Draw a sample and keep it with its probabilities."""
    live = await services.residency.get(project)
    model: ModelRow | None = None
    if data.plan.model is not None:
        async with services.database.read() as connection:
            model = named(project, await models_of(connection, project), data.plan.model, "model")
    places = ProjectPlaces.of(services.settings, project.slug)
    drawn = await asyncio.to_thread(_draw, live, data.plan, model, places)
    sample = DrawnSample(
        id=new_id(),
        project_id=project.id,
        name=data.name,
        plan=msgspec.to_builtins(data.plan),
        population=len(live.corpus),
        strata=drawn.strata,
        rows=drawn.rows.tolist(),
        stratum_of=drawn.stratum_of.tolist(),
        created_at=now(),
        scheme_id=None if model is None else model.scheme_id,
    )
    async with services.database.write() as connection:
        await add_sample(connection, sample)
    await services.residency.reload_artefacts(project.id)
    return _info(live, sample)


@get(
    _PATH,
    operation_id="list_drawn_samples",
    tags=["estimates"],
    requires=Requires.PROJECT_READER,
)
async def list_all(project: Project, services: Services) -> Page[SampleInfo]:
    """List the drawn samples, oldest first, with how far each is annotated."""
    live = await services.residency.get(project)
    return Page(items=[_info(live, each) for each in await _samples(services, project)])


@get(
    f"{_PATH}/{{sample:str}}",
    operation_id="get_drawn_sample",
    tags=["estimates"],
    requires=Requires.PROJECT_READER,
)
async def get_one(project: Project, sample: FromPath[str], services: Services) -> SampleInfo:
    """Show a drawn sample, with how far it is annotated."""
    live = await services.residency.get(project)
    return _info(live, named(project, await _samples(services, project), sample, "drawn sample"))


@delete(
    f"{_PATH}/{{sample:str}}",
    operation_id="delete_drawn_sample",
    tags=["estimates"],
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=204,
)
async def remove(project: Project, sample: FromPath[str], services: Services) -> None:
    """Forget a drawn sample; the annotations of its texts stay."""
    found = named(project, await _samples(services, project), sample, "drawn sample")
    async with services.database.write() as connection:
        await delete_sample(connection, found.id)
    await services.residency.reload_artefacts(project.id)


async def _samples(services: Services, project: Project) -> list[DrawnSample]:
    async with services.database.read() as connection:
        return await samples_of(connection, project)


def _info(live: LiveProject, sample: DrawnSample) -> SampleInfo:
    progress = [
        SampleProgress(
            scheme=scheme.row.name,
            annotated=int(scheme.fold.coded[sample.rows].sum()),
        )
        for scheme in live.schemes.values()
    ]
    return SampleInfo(
        id=sample.id,
        name=sample.name,
        plan=(plan := plan_of(sample)),
        population=sample.population,
        of=plan.population,
        n=len(sample.rows),
        strata=sample.strata,
        progress=progress,
        created_at=sample.created_at,
    )


def _draw(
    live: LiveProject, plan: DrawPlan, model: ModelRow | None, places: ProjectPlaces
) -> Draws:
    rows = rows_of_plan(plan, live.corpus)
    if plan.column is not None and model is not None:
        raise InvalidInputError("Name a column or a model for the strata, not both.")
    if model is not None:
        strata = _by_model(live, model, places, rows)
    elif plan.column is not None:
        strata = _by_column(live, plan.column, rows)
    else:
        strata = Strata(["all"], np.zeros(len(rows), dtype=np.int64), np.ones(1))
    return draw_sample(plan, rows, strata)


def _by_column(live: LiveProject, column: str, rows: NDArray[np.int64]) -> Strata:
    if column not in live.corpus.context_columns:
        raise InvalidInputError(
            f"There is no context column {column!r}; there are "
            f"{', '.join(live.corpus.context_columns) or 'none'}.",
            field="column",
        )
    values = live.corpus.context_column(column)[rows].cast(pl.String).fill_null(NONE)
    names = sorted(values.unique().to_list())
    if len(names) > _MOST_STRATA:
        raise InvalidInputError(
            f"The column {column!r} has {len(names)} values; strata go up to {_MOST_STRATA}.",
            field="column",
        )
    place = {name: each for each, name in enumerate(names)}
    of_row = np.array([place[each] for each in values.to_list()], dtype=np.int64)
    # Of a column nothing is known about labels: Neyman's allocation is then the proportional one.
    return Strata(names, of_row, np.ones(len(names)))


def _by_model(
    live: LiveProject, model: ModelRow, places: ProjectPlaces, rows: NDArray[np.int64]
) -> Strata:
    predicted = open_predicted(places.root, model.id)
    if predicted is None or not np.isin(rows, predicted.rows).all():
        raise ConflictError(
            f"The model {model.name!r} has not predicted all of the texts; let it predict the "
            "complete corpus."
        )
    scheme = live.schemes.get(model.scheme_id)
    if scheme is None:
        raise ConflictError(f"The scheme of the model {model.name!r} is being deleted.")
    decider = decider_of(scheme, model)
    thresholds = None
    if decider.many:
        halves = np.full(len(decider.labels), 0.5, dtype=np.float32)
        thresholds = halves if decider.thresholds is None else decider.thresholds
    return strata_of_labels(predicted.take(rows), decider.labels, thresholds)


routes: list[ControllerRouterHandler] = [create, list_all, get_one, remove]
