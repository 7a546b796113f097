"""Groups of users, and which of them belong to a project."""

from __future__ import annotations

from litestar import delete, get, patch, post, put
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ForbiddenError, NotFoundError
from kodkod.store import groups, memberships, people
from kodkod.store.groups import Group
from kodkod.web.access import Requires
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Project, Services
from kodkod.web.paging import Cursor, Limit, next_cursor, parse_cursor
from kodkod.web.people_contract import GroupStanding, Membership
from kodkod.web.rights_contract import (
    GroupDetails,
    GroupInfo,
    GroupPatch,
    NewGroup,
)

__all__ = ["own_group", "routes"]


@get("/groups", operation_id="list_groups", tags=["groups"], requires=Requires.SIGNED_IN)
async def list_all(
    services: Services, identity: Identity, cursor: Cursor = None, limit: Limit = 100
) -> Page[GroupInfo]:
    """List the groups in the order they were made: root and managers all, others their own."""
    only = identity.user_id if identity.role == "annotator" else None
    async with services.database.read() as connection:
        found = await groups.list_groups(
            connection, user_id=only, after=parse_cursor(cursor), limit=limit
        )
    await services.names.know([each.keeper_id for each in found])
    items = [_info(services, each) for each in found]
    return Page(items=items, cursor=next_cursor([each.id for each in found], limit))


@post("/groups", operation_id="create_group", tags=["groups"], requires=Requires.MANAGER)
async def create(services: Services, identity: Identity, data: JSONBody[NewGroup]) -> GroupDetails:
    """Make a group and keep it."""
    async with services.database.write() as connection:
        made = await groups.add_group(connection, data.name, identity.user_id)
        for username in data.members:
            user = await people.find_user(connection, username)
            await groups.add_group_member(connection, made.id, user.id)
        return await _details(services, connection, made)


@get("/groups/{group:str}", operation_id="get_group", tags=["groups"], requires=Requires.SIGNED_IN)
async def get_one(services: Services, identity: Identity, group: FromPath[str]) -> GroupDetails:
    """Show a group with its members. To annotators, groups of others do not exist."""
    async with services.database.read() as connection:
        found = await groups.find_group(connection, group)
        details = await _details(services, connection, found)
    insider = identity.username in details.members or found.keeper_id == identity.user_id
    if identity.role == "annotator" and not insider:
        raise NotFoundError(f"There is no group {group!r}.")
    return details


@patch(
    "/groups/{group:str}", operation_id="rename_group", tags=["groups"], requires=Requires.MANAGER
)
async def rename(
    services: Services, identity: Identity, group: FromPath[str], data: JSONBody[GroupPatch]
) -> GroupDetails:
    """Give a group another name; what it may do stays."""
    async with services.database.write() as connection:
        found = await own_group(connection, identity, group)
        await groups.rename_group(connection, found.id, data.name)
        return await _details(services, connection, await groups.find_group(connection, data.name))


@delete(
    "/groups/{group:str}", operation_id="delete_group", tags=["groups"], requires=Requires.MANAGER
)
async def remove(services: Services, identity: Identity, group: FromPath[str]) -> None:
    """Delete a group; what its members could do by it ends, their accounts stay."""
    async with services.database.write() as connection:
        found = await own_group(connection, identity, group)
        projects = await memberships.projects_of_group(connection, found.id)
        async with memberships.keeping_managers(connection, projects):
            await groups.delete_group(connection, found.id)
    services.forget_access()


@put(
    "/groups/{group:str}/members/{username:str}",
    operation_id="put_group_member",
    tags=["groups"],
    requires=Requires.MANAGER,
)
async def put_member(
    services: Services, identity: Identity, group: FromPath[str], username: FromPath[str]
) -> GroupDetails:
    """Let a user belong to a group, with all that it may do."""
    async with services.database.write() as connection:
        found = await own_group(connection, identity, group)
        user = await people.find_user(connection, username)
        await groups.add_group_member(connection, found.id, user.id)
        details = await _details(services, connection, found)
    services.forget_access()
    return details


@delete(
    "/groups/{group:str}/members/{username:str}",
    operation_id="remove_group_member",
    tags=["groups"],
    requires=Requires.MANAGER,
)
async def remove_member(
    services: Services, identity: Identity, group: FromPath[str], username: FromPath[str]
) -> None:
    """Take a user out of a group, with all that it may do."""
    async with services.database.write() as connection:
        found = await own_group(connection, identity, group)
        user = await people.find_user(connection, username)
        projects = await memberships.projects_of_group(connection, found.id)
        async with memberships.keeping_managers(connection, projects):
            if not await groups.remove_group_member(connection, found.id, user.id):
                raise NotFoundError(f"{username!r} does not belong to the group {group!r}.")
    services.forget_access()


@get(
    "/projects/{slug:str}/groups",
    operation_id="list_project_groups",
    tags=["groups"],
    requires=Requires.PROJECT_READER,
)
async def of_project(project: Project, services: Services) -> Page[GroupStanding]:
    """List the groups that belong to a project, with their roles."""
    async with services.database.read() as connection:
        found = await memberships.list_project_groups(connection, project.id)
    return Page(items=[_standing(each.group, each.role) for each in found])


@put(
    "/projects/{slug:str}/groups/{group:str}",
    operation_id="put_project_group",
    tags=["groups"],
    requires=Requires.PROJECT_MANAGER,
)
async def put_in_project(
    project: Project, group: FromPath[str], data: JSONBody[Membership], services: Services
) -> GroupStanding:
    """Let all of a group belong to a project, or change its role.

    Whoever keeps the group decides who that is.
    """
    async with services.database.write() as connection:
        found = await groups.find_group(connection, group)
        async with memberships.keeping_managers(connection, [project.id]):
            await memberships.put_project_group(connection, project.id, found.id, data.role)
    services.forget_access(project_slug=project.slug)
    return _standing(group, data.role)


@delete(
    "/projects/{slug:str}/groups/{group:str}",
    operation_id="remove_project_group",
    tags=["groups"],
    requires=Requires.PROJECT_MANAGER,
)
async def remove_from_project(project: Project, group: FromPath[str], services: Services) -> None:
    """Take a group out of a project; members that belong to it otherwise stay."""
    async with services.database.write() as connection:
        found = await groups.find_group(connection, group)
        async with memberships.keeping_managers(connection, [project.id]):
            await memberships.remove_project_group(connection, project.id, found.id)
    services.forget_access(project_slug=project.slug)


async def own_group(connection: AsyncConnection, identity: Identity, name: str) -> Group:
    """Return a group that the user may change.

    Raises:
        NotFoundError: there is none of this name.
        ForbiddenError: somebody else keeps it.
    """
    found = await groups.find_group(connection, name)
    if identity.role != "root" and found.keeper_id != identity.user_id:
        raise ForbiddenError(
            f"Only who keeps the group {name!r}, or an administrator, may change who belongs to it."
        )
    return found


async def _details(services: Services, connection: AsyncConnection, found: Group) -> GroupDetails:
    members = await groups.list_group_members(connection, found.id)
    keeper = await people.name_of(connection, found.keeper_id)
    return GroupDetails(
        name=found.name,
        keeper=keeper or services.names[found.keeper_id],
        created_at=found.created_at,
        members=members,
    )


def _info(services: Services, found: Group) -> GroupInfo:
    return GroupInfo(
        name=found.name, keeper=services.names[found.keeper_id], created_at=found.created_at
    )


def _standing(group: str, role: str) -> GroupStanding:
    return GroupStanding(group=group, role=role)  # type: ignore[arg-type]


routes: list[ControllerRouterHandler] = [
    list_all,
    create,
    get_one,
    rename,
    remove,
    put_member,
    remove_member,
    of_project,
    put_in_project,
    remove_from_project,
]
