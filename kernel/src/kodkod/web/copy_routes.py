"""Another project of the same texts."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import post
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler

from kodkod.api import Event, ForbiddenError, NotFoundError
from kodkod.project.scheme import LiveScheme
from kodkod.store.codebooks import note_version
from kodkod.store.memberships import copy_members
from kodkod.store.projects import add_scheme
from kodkod.web.access import Requires
from kodkod.web.contract import ProjectCopy, ProjectInfo
from kodkod.web.given import Identity, Project, Services
from kodkod.web.views import project_info

__all__ = ["routes"]


@post(
    "/projects/{slug:str}/copies",
    operation_id="copy_project",
    requires=Requires.PROJECT_MANAGER,
    of_archived=True,
    status_code=201,
)
async def copy(
    project: Project, data: JSONBody[ProjectCopy], services: Services, identity: Identity
) -> ProjectInfo:
    """Make another project of the same texts and schemes, in which nothing is coded yet."""
    if identity.role == "annotator":
        raise ForbiddenError("Only users with the role manager or root may make projects.")
    live = await services.residency.get(project)
    chosen = _chosen(list(live.schemes.values()), data.schemes)
    made = await services.workshop.copy(
        project, data.name, owner_id=identity.user_id, owner=identity.username
    )
    async with services.database.write() as connection:
        for scheme in chosen:
            new = await add_scheme(
                connection,
                [(each.name, each.color, each.description) for each in scheme.coder.labels],
                project_id=made.id,
                name=scheme.row.name,
                type=scheme.row.type,
                params=scheme.row.params,
                codebook=scheme.row.codebook,
                overlap=scheme.row.overlap,
                guide=None,
            )
            await note_version(connection, new.id, user_id=identity.user_id)
        if data.members:
            await copy_members(connection, project.id, made.id, but=identity.user_id)
    services.forget_access()
    services.observe(Event(type="project.created", project=made.slug, user=identity.username))
    return project_info(made, "manager")


def _chosen(schemes: Sequence[LiveScheme], names: Sequence[str] | None) -> Sequence[LiveScheme]:
    if names is None:
        return schemes
    there = {each.row.name: each for each in schemes}
    for name in names:
        if name not in there:
            raise NotFoundError(f"The project has no scheme {name!r} to copy.")
    return [there[name] for name in dict.fromkeys(names)]


routes: list[ControllerRouterHandler] = [copy]
