"""Files of a project: given once, read by features and predictions."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Annotated

from litestar import delete, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.types import ControllerRouterHandler
from msgspec import Struct

from kodkod.api import ConflictError, InvalidInputError
from kodkod.jobs.places import ProjectPlaces
from kodkod.store.artefacts import new_id
from kodkod.store.database import now
from kodkod.store.files import discard, whole_folder
from kodkod.store.project_files import (
    ProjectFileRow,
    add_project_file,
    checked_name,
    delete_project_file,
    list_project_files,
    name_on_disk,
)
from kodkod.web.access import Requires
from kodkod.web.artefacts import named
from kodkod.web.contract import Page
from kodkod.web.file_contract import ProjectFile
from kodkod.web.given import Identity, Project, Services
from kodkod.web.uploads import received

__all__ = ["routes", "uploads"]


class FileUpload(Struct):
    """A file for a project to keep, under the name that it is sent with."""

    file: UploadFile


@post(
    "/projects/{slug:str}/files",
    operation_id="add_file",
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=201,
)
async def add_file(
    project: Project,
    data: Annotated[FileUpload, Body(media_type=RequestEncodingType.MULTI_PART)],
    services: Services,
    identity: Identity,
) -> ProjectFile:
    """Give the project a file, such as vectors to import or texts to predict."""
    name = checked_name(data.file.filename)
    if any(row.name == name for row in await _files(services, project)):
        raise ConflictError(
            f"The project has a file {name!r} already; delete it or choose another name."
        )
    async with received(services, data.file) as upload:
        if not upload.size:
            raise InvalidInputError(f"The file {name!r} is empty.", field="file")
        row = ProjectFileRow(
            id=new_id(),
            project_id=project.id,
            name=name,
            bytes=upload.size,
            user_id=identity.user_id,
            created_at=now(),
        )
        folder = _folder(services, project, row)
        await asyncio.to_thread(_put, upload.keep(), folder, name_on_disk(name))
    try:
        async with services.database.write() as connection:
            await add_project_file(connection, row)
    except BaseException:
        await asyncio.to_thread(discard, folder)
        raise
    return await _shown(services, row)


@get("/projects/{slug:str}/files", operation_id="list_files", requires=Requires.PROJECT_CONTRIBUTOR)
async def files(project: Project, services: Services) -> Page[ProjectFile]:
    """List the files that the project was given, oldest first."""
    return Page(items=[await _shown(services, row) for row in await _files(services, project)])


@delete(
    "/projects/{slug:str}/files/{file:str}",
    operation_id="delete_file",
    requires=Requires.PROJECT_CONTRIBUTOR,
)
async def delete_file(project: Project, file: FromPath[str], services: Services) -> None:
    """Delete a file, by id or name; what was computed from it stays."""
    row = named(project, await _files(services, project), file, "file")
    async with services.database.write() as connection:
        await delete_project_file(connection, row.id)
    await asyncio.to_thread(discard, _folder(services, project, row))


async def _files(services: Services, project: Project) -> list[ProjectFileRow]:
    async with services.database.read() as connection:
        return await list_project_files(connection, project.id)


async def _shown(services: Services, row: ProjectFileRow) -> ProjectFile:
    await services.names.know([row.user_id])
    return ProjectFile(
        id=row.id,
        name=row.name,
        bytes=row.bytes,
        username=services.names[row.user_id],
        created_at=row.created_at,
    )


def _folder(services: Services, project: Project, row: ProjectFileRow) -> Path:
    return ProjectPlaces.of(services.settings, project.slug).file(row.id)


def _put(upload: Path, folder: Path, name: str) -> None:
    try:
        with whole_folder(folder) as aside:
            shutil.move(upload, aside / name)
    finally:
        upload.unlink(missing_ok=True)


routes: list[ControllerRouterHandler] = [files, delete_file]
uploads: list[ControllerRouterHandler] = [add_file]
