"""Models for other software: written by a job, downloaded as a zip that is made on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Stream
from litestar.types import ControllerRouterHandler

from kodkod.api import (
    ConflictError,
    InvalidInputError,
    ModelNotes,
    NotFoundError,
    UnavailableError,
)
from kodkod.jobs.needs import subject_of
from kodkod.jobs.places import ProjectPlaces
from kodkod.store.artefacts import ModelRow
from kodkod.store.energy import energy_of
from kodkod.store.model_exports import read_export
from kodkod.web.access import Requires
from kodkod.web.artefacts import start_job, trained
from kodkod.web.given import Identity, Project, Services
from kodkod.web.job_contract import JobView
from kodkod.web.model_card import model_card
from kodkod.web.model_contract import ModelInfo, NewModelExport
from kodkod.web.model_views import exports_of, model_info
from kodkod.web.reach import models_of
from kodkod.web.zip_stream import zip_stream

__all__ = ["routes"]

_AS_SAVED = "kodkod"


@post(
    "/projects/{slug:str}/models/{model:str}/exports",
    operation_id="write_model",
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=202,
)
async def write_model(
    project: Project,
    model: FromPath[str],
    data: JSONBody[NewModelExport],
    services: Services,
    identity: Identity,
) -> JobView:
    """Start writing a model in a form that other software loads; then download it."""
    row = await _model(services, project, model)
    _check_form(services, row, data.format)
    return await start_job(
        services,
        project,
        identity,
        "export-model",
        {"model_id": row.id, "form": data.format},
        gpu=services.registry.spec("model", row.component).resources.gpu,
        subject=subject_of(row.component, row.params),
    )


@get(
    "/projects/{slug:str}/export/model",
    operation_id="export_model",
    tags=["export"],
    requires=Requires.PROJECT_CONTRIBUTOR,
    needs_results=True,
    media_type="application/zip",
)
async def export_model(
    project: Project,
    services: Services,
    model: FromQuery[str],
    format: FromQuery[str] = _AS_SAVED,  # noqa: A002 - the contract's name
) -> Stream:
    """Download a model with its card.

    `format` is `kodkod` (as it was saved) or one of the model's `exports`, which a job has to
    write first.
    """
    row = await _model(services, project, model)
    live = await services.residency.get(project)
    async with services.database.read() as connection:
        energy = await energy_of(connection, [row.id])
    scheme = live.schemes.get(row.scheme_id)
    if scheme is None:
        raise NotFoundError(f"The scheme of the model {row.name!r} is being deleted.")
    info = model_info(row, scheme, services.registry, energy)
    places = ProjectPlaces.of(services.settings, project.slug)
    notes, files = await asyncio.to_thread(_files, services, places, row, info, format)
    card = model_card(info, project, notes).encode()
    name = f"{project.slug}-{row.name}-{format}.zip"
    return Stream(
        zip_stream([("README.md", card), *files]),
        media_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _model(services: Services, project: Project, key: str) -> ModelRow:
    async with services.database.read() as connection:
        rows = await models_of(connection, project)
    return trained(project, rows, key)


def _check_form(services: Services, row: ModelRow, form: str) -> None:
    forms = exports_of(row, services.registry)
    if form not in forms:
        raise InvalidInputError(
            f"The model {row.name!r} ({row.component}) cannot be written as {form!r}; choose "
            f"among {', '.join((*forms, _AS_SAVED))}.",
            field="format",
        )


def _files(
    services: Services, places: ProjectPlaces, row: ModelRow, info: ModelInfo, form: str
) -> tuple[ModelNotes, list[tuple[str, Path]]]:
    if form == _AS_SAVED:
        return ModelNotes(), list(_below(places.model(row.id)))
    _check_form(services, row, form)
    folder = places.export(row.id, form)
    facts = read_export(folder)
    if facts is None or facts.labels != info.labels:
        raise ConflictError(
            f"The model {row.name!r} is not written as {form} yet, or its labels have changed "
            f"since: POST to its exports first, with format {form}."
        )
    return facts.notes, list(_below(folder / "files"))


def _below(folder: Path) -> Iterator[tuple[str, Path]]:
    if not folder.is_dir():
        raise UnavailableError(
            f"The files of {folder.name} are missing; train the model again, or restore a backup."
        )
    for path in sorted(folder.rglob("*")):
        # What a component links to lies elsewhere, and is not the model's to give away.
        if path.is_file() and not path.is_symlink() and path.name != "README.md":
            yield path.relative_to(folder).as_posix(), path


routes: list[ControllerRouterHandler] = [write_model, export_model]
