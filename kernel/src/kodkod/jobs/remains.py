"""Delete what runs left behind that were killed, and that no run will make whole."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.settings import Settings
from kodkod.store.database import Database
from kodkod.store.files import asides
from kodkod.store.tables import feature, job, model, project, project_file, projection, topics

__all__ = ["sweep_remains"]

_KEPT_SECONDS = 3600.0
_MODELS = ("predicted/*", "exports")
_MAPS = ("projections", "topics", "topics/*/states")


async def sweep_remains(settings: Settings, database: Database) -> None:
    """Delete half-written artefacts of projects where no job runs, and whole ones of ended jobs.

    A job may have been ended between its files and their row. What was to become a project or a
    corpus is deleted after an hour, for the server writes those too.
    """
    # First what is there, then who may be writing: what comes later is none of it.
    written = await asyncio.to_thread(_half_written, settings)
    made = await asyncio.to_thread(_made, settings)
    given = await asyncio.to_thread(_given, settings)
    async with database.read() as connection:
        busy = await _busy(connection)
        unclaimed = await _unclaimed(connection, [folder.name for folder in made])
        named = set((await connection.execute(sa.select(project_file.c.id))).scalars())
    left = [path for slug, path in written if slug not in busy]
    left += [folder for folder in made if folder.name in unclaimed]
    left += [folder for folder in given if folder.name not in named]
    await asyncio.to_thread(_delete, left)
    await asyncio.to_thread(_delete_old, settings.projects)


def _half_written(settings: Settings) -> list[tuple[str, Path]]:
    """Return what lies aside, each with its project's slug."""
    places = [(folder.name, folder) for folder in settings.models.glob("[!.]*")]
    for folder in settings.projects.glob("[!.]*"):
        for pattern in (
            "features",
            "predictions",
            "guides",
            "guides/*",
            "simulations",
            *_MODELS,
            *_MAPS,
        ):
            places += [(folder.name, place) for place in folder.glob(pattern)]
    return [(slug, path) for slug, place in places for path in asides(place)]


def _made(settings: Settings) -> list[Path]:
    found = [*settings.models.glob("*/[!.]*")]
    for kind in ("features", "projections", "topics"):
        found += settings.projects.glob(f"*/{kind}/[!.]*")
    return [folder for folder in found if folder.is_dir()]


def _given(settings: Settings) -> list[Path]:
    """Return the folders of files of projects; one that is new may have no row yet."""
    horizon = time.time() - _KEPT_SECONDS
    return [
        folder
        for folder in settings.projects.glob("*/files/[!.]*")
        if _changed_at(folder) < horizon
    ]


async def _busy(connection: AsyncConnection) -> set[str]:
    """Return the slugs of the projects where a job runs."""
    query = sa.select(project.c.slug).join(job, job.c.project_id == project.c.id)
    return set((await connection.execute(query.where(job.c.state == "running"))).scalars())


async def _unclaimed(connection: AsyncConnection, ids: Iterable[str]) -> set[str]:
    """Return which ids are of jobs that ended without what they were to make."""
    ended = sa.select(job.c.id).where(
        job.c.state.in_(("failed", "cancelled")),
        job.c.id.not_in(sa.select(feature.c.id)),
        job.c.id.not_in(sa.select(model.c.id)),
        job.c.id.not_in(sa.select(projection.c.id)),
        job.c.id.not_in(sa.select(topics.c.id)),
    )
    return set(ids) & set((await connection.execute(ended)).scalars())


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _delete_old(projects: Path) -> None:
    horizon = time.time() - _KEPT_SECONDS
    for folder in (projects, *projects.glob("[!.]*"), *projects.glob("[!.]*/files")):
        # What is being written may be moved into place between a look and the next.
        _delete(path for path in asides(folder) if _changed_at(path) < horizon)


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()
