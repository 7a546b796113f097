"""Deleting a project, and bringing it back."""

from __future__ import annotations

from litestar import delete, post
from litestar.params import FromQuery
from litestar.types import ControllerRouterHandler
from msgspec.structs import replace

from kodkod.web import ending
from kodkod.web.access import Requires
from kodkod.web.contract import ProjectInfo
from kodkod.web.given import Identity, Project, ProjectRole, Services
from kodkod.web.views import project_info

__all__ = ["routes"]


@delete(
    "/projects/{slug:str}",
    operation_id="delete_project",
    requires=Requires.PROJECT_MANAGER,
    of_archived=True,
    of_deleted=True,
)
async def remove(
    project: Project, services: Services, identity: Identity, at_once: FromQuery[bool] = False
) -> None:
    """Delete a project with its annotations, features and models.

    Its managers can restore it for as long as the setting `restore_days` says; with `at_once` it
    cannot be restored, and nothing of it is left, whether or not it was deleted before.
    """
    if project.deleted_at is None:
        await ending.delete(services, project, identity.username)
    if at_once or not ending.kept_for(services):
        await ending.purge(services, project)


@post(
    "/projects/{slug:str}/restore",
    operation_id="restore_project",
    requires=Requires.PROJECT_MANAGER,
    of_archived=True,
    of_deleted=True,
    status_code=200,
)
async def restore(
    project: Project, project_role: ProjectRole, services: Services, identity: Identity
) -> ProjectInfo:
    """Bring back a project that was deleted, as it was. What computed in it was stopped."""
    await ending.restore(services, project, identity.username)
    return project_info(replace(project, deleted_at=None), project_role)


routes: list[ControllerRouterHandler] = [remove, restore]
