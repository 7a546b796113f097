"""Who belongs to a project, and whom its schemes are for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import delete, get, put
from litestar.params import FromPath, JSONBody
from litestar.types import ControllerRouterHandler
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import InvalidInputError, NotFoundError
from kodkod.store import groups, people
from kodkod.store.memberships import Standing, keeping_managers, list_standings
from kodkod.store.scheme_rights import find_rights, lift_rights, put_rights
from kodkod.web.access import Requires
from kodkod.web.contract import Page
from kodkod.web.given import Identity, Project, Services
from kodkod.web.people_contract import GroupStanding, Member, Membership
from kodkod.web.rights_contract import Rights

__all__ = ["routes"]


@get("/projects/{slug:str}/members", operation_id="list_members", requires=Requires.PROJECT_READER)
async def members(project: Project, services: Services) -> Page[Member]:
    """List who belongs to a project, by name, with the reasons: by themselves, or by groups."""
    async with services.database.read() as connection:
        found = await list_standings(connection, project.id)
    return Page(items=[_member(each) for each in found])


@put(
    "/projects/{slug:str}/members/{username:str}",
    operation_id="put_member",
    requires=Requires.PROJECT_MANAGER,
)
async def put_member(
    project: Project, username: FromPath[str], data: JSONBody[Membership], services: Services
) -> Member:
    """Make a user a member of a project, or change their own role; one of a group stays."""
    async with services.database.write() as connection:
        user = await people.find_user(connection, username)
        async with keeping_managers(connection, [project.id]):
            await people.put_member(connection, project.id, user.id, data.role)
        found = await list_standings(connection, project.id)
    services.forget_access(project_slug=project.slug)
    return next(_member(each) for each in found if each.username == user.username)


@delete(
    "/projects/{slug:str}/members/{username:str}",
    operation_id="remove_member",
    requires=Requires.PROJECT_MANAGER,
)
async def remove_member(project: Project, username: FromPath[str], services: Services) -> None:
    """Take a user out of a project; the annotations stay. What a group lets them do stays too."""
    async with services.database.write() as connection:
        user = await people.find_user(connection, username)
        await _take_out(connection, project, user.id, username)
    services.forget_access(project_slug=project.slug)


@delete(
    "/projects/{slug:str}/membership",
    operation_id="leave_project",
    requires=Requires.PROJECT_READER,
)
async def leave(project: Project, services: Services, identity: Identity) -> None:
    """Leave a project; the annotations stay."""
    async with services.database.write() as connection:
        await _take_out(connection, project, identity.user_id, identity.username)
    services.forget_access(project_slug=project.slug)


async def _take_out(
    connection: AsyncConnection, project: Project, user_id: int, username: str
) -> None:
    async with keeping_managers(connection, [project.id]):
        if await people.remove_member(connection, project.id, user_id):
            return
    raise NotFoundError(
        f"{username!r} is not a member of the project by themselves; whoever belongs to it by a "
        "group leaves with the group."
    )


@get(
    "/projects/{slug:str}/schemes/{scheme:str}/rights",
    operation_id="get_scheme_rights",
    requires=Requires.PROJECT_MANAGER,
)
async def get_rights(project: Project, scheme: FromPath[str], services: Services) -> Rights:
    """Show whom a scheme is for."""
    there = (await services.residency.get(project)).scheme(scheme)
    async with services.database.read() as connection:
        return await _rights(connection, there.row.id)


@put(
    "/projects/{slug:str}/schemes/{scheme:str}/rights",
    operation_id="put_scheme_rights",
    requires=Requires.PROJECT_MANAGER,
)
async def set_rights(
    project: Project, scheme: FromPath[str], data: JSONBody[Rights], services: Services
) -> Rights:
    """Restrict a scheme to those named, and the project's managers; or let it be for everybody.

    To other members it does not exist any more, nor does what was made of it. The right to
    annotate is of use to those whose role lets them annotate.
    """
    if not data.restricted and (data.users or data.groups):
        raise InvalidInputError(
            "A scheme that is not restricted is for everybody; name nobody, or restrict it.",
            field="restricted",
        )
    there = (await services.residency.get(project)).scheme(scheme)
    async with services.database.write() as connection:
        if data.restricted:
            await put_rights(
                connection,
                project.id,
                there.row.id,
                await _user_ids(connection, data.users),
                await _group_ids(connection, data.groups),
            )
        else:
            await lift_rights(connection, there.row.id)
        found = await _rights(connection, there.row.id)
    services.forget_access(project_slug=project.slug)
    return found


async def _user_ids(connection: AsyncConnection, users: Mapping[str, Any]) -> dict[int, str]:
    return {(await people.find_user(connection, name)).id: may for name, may in users.items()}


async def _group_ids(connection: AsyncConnection, named: Mapping[str, Any]) -> dict[int, str]:
    return {(await groups.find_group(connection, name)).id: may for name, may in named.items()}


async def _rights(connection: AsyncConnection, scheme_id: int) -> Rights:
    found = await find_rights(connection, scheme_id)
    if found is None:
        return Rights(restricted=False)
    return Rights(users=found.users, groups=found.groups)  # type: ignore[arg-type]


def _member(standing: Standing) -> Member:
    return Member(
        username=standing.username,
        role=standing.role,  # type: ignore[arg-type]
        own=standing.own,  # type: ignore[arg-type]
        groups=[
            GroupStanding(group=each.group, role=each.role)  # type: ignore[arg-type]
            for each in standing.groups
        ],
    )


routes: list[ControllerRouterHandler] = [
    members,
    put_member,
    remove_member,
    leave,
    get_rights,
    set_rights,
]
