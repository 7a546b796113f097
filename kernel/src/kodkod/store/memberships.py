"""What people are in projects, by themselves and by their groups."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError, NotFoundError
from kodkod.store.tables import group_member, member, project, project_group, user, user_group

__all__ = [
    "ROLES",
    "GroupRole",
    "Standing",
    "copy_members",
    "highest",
    "is_there",
    "keeping_managers",
    "list_project_groups",
    "list_standings",
    "project_ids_of",
    "projects_of_group",
    "put_project_group",
    "remove_project_group",
    "roles_in",
]

ROLES = ("reader", "annotator", "contributor", "manager")
"""The roles in a project; each may do what those before it may."""


class GroupRole(Struct, frozen=True, kw_only=True):
    """What a group is in a project."""

    group: str
    role: str


class Standing(Struct, frozen=True, kw_only=True):
    """What somebody is in a project, and why: `own`, or by `groups`."""

    username: str
    role: str
    own: str | None
    groups: list[GroupRole]


def highest(roles: Iterable[str]) -> str | None:
    """Return the role among these that may do the most, None where there are none."""
    return max(roles, key=ROLES.index, default=None)


async def roles_in(connection: AsyncConnection, project_id: int, user_id: int) -> list[str]:
    """Return the roles that a user has in a project, the own one and those of groups."""
    own = sa.select(member.c.role).where(
        member.c.project_id == project_id, member.c.user_id == user_id
    )
    theirs = (
        sa.select(project_group.c.role)
        .join(group_member, group_member.c.group_id == project_group.c.group_id)
        .where(project_group.c.project_id == project_id, group_member.c.user_id == user_id)
    )
    return list((await connection.execute(sa.union_all(own, theirs))).scalars())


def is_there() -> sa.ColumnElement[bool]:
    """Tell, in a query, a project from one that was deleted and can still be restored."""
    return project.c.deleted_at.is_(None)


def project_ids_of(user_id: int, *, deleted: bool = False) -> sa.CompoundSelect[int, str]:
    """Select (project_id, role) of a user, once for each reason; else of `deleted` projects."""
    which = ~is_there() if deleted else is_there()
    own = (
        sa.select(member.c.project_id, member.c.role)
        .join(project, project.c.id == member.c.project_id)
        .where(member.c.user_id == user_id, which)
    )
    theirs = (
        sa.select(project_group.c.project_id, project_group.c.role)
        .join(group_member, group_member.c.group_id == project_group.c.group_id)
        .join(project, project.c.id == project_group.c.project_id)
        .where(group_member.c.user_id == user_id, which)
    )
    return sa.union_all(own, theirs)


async def list_standings(connection: AsyncConnection, project_id: int) -> list[Standing]:
    """Return everybody who belongs to a project, by name, with the reasons."""
    own_of = {row.username: row.role for row in await connection.execute(_own(project_id))}
    groups_of: dict[str, list[GroupRole]] = {}
    for row in await connection.execute(_by_groups(project_id)):
        by = GroupRole(group=row.name, role=row.role)
        groups_of.setdefault(row.username, []).append(by)
    return [
        _standing(username, own_of.get(username), groups_of.get(username, []))
        for username in sorted({*own_of, *groups_of})
    ]


def _own(project_id: int) -> sa.Select[str, str]:
    query = sa.select(user.c.username, member.c.role).join(user, user.c.id == member.c.user_id)
    return query.where(member.c.project_id == project_id)


def _by_groups(project_id: int) -> sa.Select[str, str, str]:
    return (
        sa.select(user.c.username, user_group.c.name, project_group.c.role)
        .join(group_member, group_member.c.user_id == user.c.id)
        .join(project_group, project_group.c.group_id == group_member.c.group_id)
        .join(user_group, user_group.c.id == group_member.c.group_id)
        .where(project_group.c.project_id == project_id)
        .order_by(user_group.c.name)
    )


def _standing(username: str, own: str | None, groups: list[GroupRole]) -> Standing:
    roles = [*([] if own is None else [own]), *(each.role for each in groups)]
    role = max(roles, key=ROLES.index)
    return Standing(username=username, role=role, own=own, groups=groups)


async def copy_members(
    connection: AsyncConnection, project_id: int, to_id: int, *, but: int
) -> None:
    """Let those who belong to a project belong to another one, `but` who is its manager already."""
    own = sa.select(sa.literal(to_id), member.c.user_id, member.c.role)
    own = own.where(member.c.project_id == project_id, member.c.user_id != but)
    await connection.execute(sa.insert(member).from_select(["project_id", "user_id", "role"], own))
    theirs = sa.select(sa.literal(to_id), project_group.c.group_id, project_group.c.role)
    theirs = theirs.where(project_group.c.project_id == project_id)
    names = ["project_id", "group_id", "role"]
    await connection.execute(sa.insert(project_group).from_select(names, theirs))


async def list_project_groups(connection: AsyncConnection, project_id: int) -> list[GroupRole]:
    """Return the groups that belong to a project, by name."""
    query = (
        sa.select(user_group.c.name.label("group"), project_group.c.role)
        .join(user_group, user_group.c.id == project_group.c.group_id)
        .where(project_group.c.project_id == project_id)
        .order_by(user_group.c.name)
    )
    return [GroupRole(**row._mapping) for row in await connection.execute(query)]


async def put_project_group(
    connection: AsyncConnection, project_id: int, group_id: int, role: str
) -> None:
    """Make all of a group members of a project, or change what they are."""
    await connection.execute(_project_group(project_id, group_id))
    await connection.execute(
        sa.insert(project_group).values(project_id=project_id, group_id=group_id, role=role)
    )


async def remove_project_group(connection: AsyncConnection, project_id: int, group_id: int) -> None:
    """Take a group out of a project.

    Raises:
        NotFoundError: it does not belong to it.
    """
    if not (await connection.execute(_project_group(project_id, group_id))).rowcount:
        raise NotFoundError("The group does not belong to the project.")


def _project_group(project_id: int, group_id: int) -> sa.Delete:
    return sa.delete(project_group).where(
        project_group.c.project_id == project_id, project_group.c.group_id == group_id
    )


async def projects_of_group(connection: AsyncConnection, group_id: int) -> list[int]:
    """Return the ids of the projects that a group belongs to."""
    query = sa.select(project_group.c.project_id).where(project_group.c.group_id == group_id)
    return list((await connection.execute(query)).scalars())


@asynccontextmanager
async def keeping_managers(
    connection: AsyncConnection, project_ids: Collection[int]
) -> AsyncIterator[None]:
    """Let what is done within leave no project without a manager that had one.

    Only accounts that are open count. Whoever does the same to one of the projects waits until
    the commit.

    Raises:
        ConflictError: it would; the message names the project. Nothing may be committed then.
    """
    locked = sa.select(project.c.id).where(project.c.id.in_(project_ids)).order_by(project.c.id)
    await connection.execute(locked.with_for_update())
    before = await _managed(connection, project_ids)
    yield
    lost = before - await _managed(connection, project_ids)
    if lost:
        query = sa.select(project.c.slug).where(project.c.id == min(lost))
        slug = (await connection.execute(query)).scalar()
        raise ConflictError(
            f"The project {slug!r} would have no manager any more; make somebody else one first."
        )


async def _managed(connection: AsyncConnection, project_ids: Collection[int]) -> set[int]:
    own = (
        sa.select(member.c.project_id)
        .join(user, user.c.id == member.c.user_id)
        .where(member.c.project_id.in_(project_ids), member.c.role == "manager", user.c.active)
    )
    theirs = (
        sa.select(project_group.c.project_id)
        .join(group_member, group_member.c.group_id == project_group.c.group_id)
        .join(user, user.c.id == group_member.c.user_id)
        .where(
            project_group.c.project_id.in_(project_ids),
            project_group.c.role == "manager",
            user.c.active,
        )
    )
    return set((await connection.execute(sa.union(own, theirs))).scalars())
