"""Projects: made from a file, listed, changed, grown."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response, get, patch, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromQuery, JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler
from msgspec import UNSET, Struct

from kodkod.api import Event, InvalidInputError, Split
from kodkod.project.importing import ProjectConfig
from kodkod.store import jobs, projects
from kodkod.store.database import now
from kodkod.store.energy import energy_of
from kodkod.store.rights import all_hidden
from kodkod.web.access import Requires
from kodkod.web.contract import Page, ProjectInfo, ProjectPatch, RowsAdded
from kodkod.web.ending import kept_for
from kodkod.web.given import Identity, Project, ProjectRole, Services
from kodkod.web.job_contract import JobView
from kodkod.web.model_views import model_info
from kodkod.web.paging import next_cursor, parse_cursor
from kodkod.web.reach import features_of, models_of
from kodkod.web.state_contract import ProjectState
from kodkod.web.uploads import received
from kodkod.web.views import feature_info, job_view, project_info, scheme_info

__all__ = ["routes", "uploads"]


class ProjectUpload(Struct):
    """A file and what to make of it; `config` is a ProjectConfig as JSON."""

    file: UploadFile
    config: str


class RowsUpload(Struct):
    """A file with the project's columns, and the split its rows go to."""

    file: UploadFile
    split: str = "train"


@post("/projects", operation_id="create_project", requires=Requires.MANAGER, status_code=201)
async def create(
    data: Annotated[ProjectUpload, Body(media_type=RequestEncodingType.MULTI_PART)],
    services: Services,
    identity: Identity,
) -> Response[ProjectInfo | JobView]:
    """Make a project from a file: at once (201), or by a job where the file is large (202)."""
    try:
        config = msgspec.json.decode(data.config, type=ProjectConfig)
    except msgspec.DecodeError as error:
        raise InvalidInputError(f"config: {error}", field="config") from error
    async with received(services, data.file) as upload:
        if upload.size > services.settings.inline_import_mb * 1_000_000:
            job = await services.dispatcher.submit(
                "import",
                {"upload": upload.path.name, "filename": upload.filename, "config": config},
                user_id=identity.user_id,
                username=identity.username,
                project=None,
                lock_key=f"import:{identity.user_id}",
            )
            upload.keep()
            await services.names.know([identity.user_id])
            return Response(job_view(job, None, services.names), status_code=202)
        made = await services.workshop.create(
            upload.path,
            upload.filename,
            config,
            owner_id=identity.user_id,
            owner=identity.username,
        )
    services.observe(Event(type="project.created", project=made.slug, user=identity.username))
    return Response(project_info(made, "manager"), status_code=201)


@get("/projects", operation_id="list_projects", requires=Requires.SIGNED_IN)
async def list_all(
    services: Services,
    identity: Identity,
    cursor: FromQuery[str | None] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=500)] = 100,
    deleted: FromQuery[bool] = False,
) -> Page[ProjectInfo]:
    """List the user's projects and how far each has come; root sees all.

    `deleted`: those that the user may restore.
    """
    after = parse_cursor(cursor)
    user_id = None if identity.role == "root" else identity.user_id
    async with services.database.read() as connection:
        found = await projects.list_projects(
            connection, user_id=user_id, after=after, limit=limit, deleted=deleted
        )
        hidden = frozenset[int]() if user_id is None else await all_hidden(connection, user_id)
    progress = await services.progress.of(tuple(row.id for row, _ in found), hidden)
    kept = kept_for(services)
    items = [
        project_info(
            row,
            role,
            gone_at=row.deleted_at and row.deleted_at + kept,
            progress=progress[row.id],
        )
        for row, role in found
    ]
    return Page(items=items, cursor=next_cursor([row.id for row, _ in found], limit))


@get("/projects/{slug:str}", operation_id="get_project", requires=Requires.PROJECT_READER)
async def get_one(project: Project, project_role: ProjectRole) -> ProjectInfo:
    """Show a project."""
    return project_info(project, project_role)


@patch(
    "/projects/{slug:str}",
    operation_id="change_project",
    requires=Requires.PROJECT_MANAGER,
    of_archived=True,
)
async def change(
    project: Project, project_role: ProjectRole, data: JSONBody[ProjectPatch], services: Services
) -> ProjectInfo:
    """Change a project's name, language or budget, or archive it; its slug stays."""
    values = {
        name: msgspec.to_builtins(value)
        for name in ("name", "language", "budget")
        if (value := getattr(data, name)) is not UNSET
    }
    if data.archived is not UNSET and data.archived != (project.archived_at is not None):
        values["archived_at"] = now() if data.archived else None
    if values:
        async with services.database.write() as connection:
            await projects.change_project(connection, project.id, **values)
        services.forget_access(project_slug=project.slug)
    return project_info(msgspec.structs.replace(project, **values), project_role)


@get(
    "/projects/{slug:str}/state",
    operation_id="get_project_state",
    requires=Requires.PROJECT_READER,
)
async def state(project: Project, project_role: ProjectRole, services: Services) -> ProjectState:
    """Show what exists in a project and what is computing."""
    live = await services.residency.get(project)
    async with services.database.read() as connection:
        features = await features_of(connection, project)
        models = await models_of(connection, project)
        energy = await energy_of(connection, [row.id for row in models])
        running = await jobs.list_jobs(
            connection, project_id=project.id, states=jobs.LIVE, hidden=project.hidden
        )
    await services.names.know(job.user_id for job in running)
    return ProjectState(
        project=project_info(project, project_role),
        schemes=[scheme_info(each, services.registry) for each in live.schemes.values()],
        features=[feature_info(row) for row in features],
        models=[
            model_info(row, live.schemes[row.scheme_id], services.registry, energy)
            for row in models
            if row.scheme_id in live.schemes
        ],
        jobs=[job_view(row, project.slug, services.names) for row in running],
    )


@post(
    "/projects/{slug:str}/rows",
    operation_id="add_rows",
    requires=Requires.PROJECT_CONTRIBUTOR,
    status_code=200,
)
async def rows(
    project: Project,
    data: Annotated[RowsUpload, Body(media_type=RequestEncodingType.MULTI_PART)],
    services: Services,
    identity: Identity,
) -> RowsAdded:
    """Add the rows of a file; what is computed for the others stays, features are extended."""
    if data.split not in set(Split):
        raise InvalidInputError(
            f"There is no split {data.split!r}; use train, valid or test.", field="split"
        )
    async with received(services, data.file) as upload:
        grown, added = await services.workshop.add_rows(
            project, upload.path, upload.filename, Split(data.split)
        )
    services.forget_access(project_slug=project.slug)
    await services.residency.grow(grown)
    await services.extend_features(grown, identity)
    return RowsAdded(added=added, n_rows=grown.n_rows)


routes: list[ControllerRouterHandler] = [
    list_all,
    get_one,
    change,
    state,
]
uploads: list[ControllerRouterHandler] = [create, rows]
