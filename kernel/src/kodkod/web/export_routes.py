"""Export: annotations, log, predictions, features, codebook; written aside, then streamed."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, cast

import msgspec
import polars as pl
from litestar import get
from litestar.background_tasks import BackgroundTask
from litestar.params import FromPath, FromQuery
from litestar.response import File
from litestar.types import ControllerRouterHandler

from kodkod.api import Exporter, ExporterSpec, InvalidInputError, NotFoundError
from kodkod.jobs.kinds.params import PredictOn
from kodkod.jobs.places import ProjectPlaces
from kodkod.project.exporting import (
    annotation_frames,
    feature_frames,
    log_frames,
)
from kodkod.project.exporting_predictions import file_ids, prediction_frames
from kodkod.project.live import LiveProject
from kodkod.project.scheme import LiveScheme
from kodkod.project.sight import Sight
from kodkod.store.artefacts import ModelRow
from kodkod.store.log import Entry, read_entries
from kodkod.store.matrices import MatrixFolder
from kodkod.store.predictions import open_rows
from kodkod.store.project_files import list_project_files, name_on_disk
from kodkod.web.access import Requires
from kodkod.web.artefacts import named
from kodkod.web.given import Identity, Project, Services
from kodkod.web.names import Names
from kodkod.web.reach import features_of, models_of
from kodkod.web.seeing import as_logged, check_sees_all, sees_entry, sight_of
from kodkod.web.time_travel import AsOf, as_of
from kodkod.web.views import log_entry

__all__ = ["routes"]

What = Literal["annotations", "log", "predictions", "features", "codebook"]
_LOG_PAGE = 5_000


@get(
    "/projects/{slug:str}/export/{what:str}",
    operation_id="export",
    tags=["export"],
    requires=Requires.PROJECT_READER,
    media_type="application/octet-stream",
)
async def export(
    project: Project,
    what: FromPath[What],
    services: Services,
    identity: Identity,
    format: FromQuery[str] = "csv",  # noqa: A002 - the contract's name
    scheme: FromQuery[str | None] = None,
    moment: AsOf = None,
    model: FromQuery[str | None] = None,
    feature: FromQuery[str | None] = None,
    on: FromQuery[PredictOn] = "complete",
    file: FromQuery[str | None] = None,
) -> File:
    """Download `what`: `scheme` is needed for all but features, which need `feature`.

    Annotations are those of now, or `as_of` a date or a position in the log.

    Predictions need `model`, and may be `on` a split, or on a `file` by its id or name. Formats
    are those of the installed exporters; a codebook is Markdown.
    """
    live = await services.residency.get(project)
    if what == "predictions":
        await check_sees_all(services, project, identity)
    folder = services.settings.data_dir / "downloads"
    path = folder / secrets.token_hex(8)
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    if what == "codebook":
        there = live.scheme(_needed(scheme, "scheme"))
        await asyncio.to_thread(path.write_text, there.row.codebook, encoding="utf-8")
        return _download(path, f"{project.slug}-{there.row.name}-codebook.md", "text/markdown")
    spec = cast("ExporterSpec", services.registry.spec("exporter", format))
    exporter = cast("Exporter[Any]", services.registry.build("exporter", format))
    frames, name = await (
        _predictions(services, live, _needed(model, "model"), on, file)
        if what == "predictions"
        else _frames(services, live, what, scheme, feature, identity, moment)
    )
    try:
        await asyncio.to_thread(exporter.write, frames, path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return _download(path, f"{project.slug}-{name}{spec.extension}", spec.media_type)


async def _frames(
    services: Services,
    live: LiveProject,
    what: str,
    scheme: str | None,
    feature: str | None,
    identity: Identity,
    moment: str | None,
) -> tuple[Iterable[pl.DataFrame], str]:
    if what == "features":
        return await _features(services, live, _needed(feature, "feature"))
    there = live.scheme(_needed(scheme, "scheme"))
    await services.names.refresh()
    sight = await sight_of(services, live.row, there, identity)
    if what == "annotations":
        there = await as_of(services, there, moment)
        return annotation_frames(there, services.names, sight), f"{there.row.name}-annotations"
    entries = [e async for e in _log(services, there.row.id) if sees_entry(sight, e)]
    return _log_tables(there, entries, services.names, sight), f"{there.row.name}-log"


def _log_tables(
    scheme: LiveScheme, entries: Sequence[Entry], names: Names, sight: Sight
) -> Iterator[pl.DataFrame]:
    # Shown as they are written: a long log in the exporter's thread, not on the event loop.
    for start in range(0, max(len(entries), 1), _LOG_PAGE):
        page = entries[start : start + _LOG_PAGE]
        shown = [as_logged(log_entry(scheme, each, names), sight) for each in page]
        yield from log_frames([msgspec.to_builtins(each) for each in shown])


async def _log(services: Services, scheme_id: int) -> AsyncIterator[Entry]:
    after = 0
    while True:
        async with services.database.read() as connection:
            page = await read_entries(connection, scheme_id, after=after, limit=_LOG_PAGE)
        for entry in page:
            yield entry
        if len(page) < _LOG_PAGE:
            return
        after = page[-1].seq


async def _features(
    services: Services, live: LiveProject, name: str
) -> tuple[Iterator[pl.DataFrame], str]:
    async with services.database.read() as connection:
        rows = await features_of(connection, live.row)
    for row in rows:
        if name in {row.id, row.name}:
            if row.sparse:
                raise InvalidInputError(
                    f"The feature {name!r} is sparse ({row.dim} columns); only dense ones can be "
                    "exported as a table.",
                    field="feature",
                )
            matrix = MatrixFolder(_places(services, live).feature(row.id)).open_dense()
            return feature_frames(live.corpus, matrix), row.name
    raise NotFoundError(f"The project has no feature {name!r}.")


async def _predictions(
    services: Services, live: LiveProject, key: str, on: PredictOn, file: str | None
) -> tuple[Iterator[pl.DataFrame], str]:
    async with services.database.read() as connection:
        row = named(live.row, await models_of(connection, live.row), key, "model")
        files = await list_project_files(connection, live.row.id)
    places, name = _places(services, live), f"{row.name}-predictions"
    folder = places.predictions(row.id)
    if on == "file":
        given = named(live.row, files, _needed(file, "file"), "file")
        folder, name = places.predicted(row.id, given.id), f"{name}-{name_on_disk(given.name)}"
    elif on != "complete":
        folder, name = places.predicted(row.id, on), f"{name}-{on}"
    return await asyncio.to_thread(_open_predictions, live, row, folder, on), name


def _open_predictions(
    live: LiveProject, row: ModelRow, folder: Path, on: PredictOn
) -> Iterator[pl.DataFrame]:
    stored = open_rows(folder)
    if stored is None:
        raise NotFoundError(
            f"The model {row.name!r} has no predictions of that yet ({on}); POST its predictions "
            "first."
        )
    ids = file_ids(folder) if on == "file" else None
    return prediction_frames(live.schemes[row.scheme_id], row, stored, ids)


def _places(services: Services, live: LiveProject) -> ProjectPlaces:
    return ProjectPlaces.of(services.settings, live.row.slug)


def _needed(value: str | None, name: str) -> str:
    if value is None:
        raise InvalidInputError(f"This export needs `{name}` in the query.", field=name)
    return value


def _download(path: Path, filename: str, media_type: str) -> File:
    return File(
        path,
        filename=filename,
        media_type=media_type,
        background=BackgroundTask(_delete, path),
    )


async def _delete(path: Path) -> None:
    path.unlink(missing_ok=True)


routes: list[ControllerRouterHandler] = [export]
