"""Tasks for people: what is stored of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import sqlalchemy as sa
from msgspec import Struct
from numpy.typing import NDArray
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError, InvalidInputError
from kodkod.store.database import now
from kodkod.store.groups import find_group
from kodkod.store.memberships import is_there
from kodkod.store.packing import pack, unpack
from kodkod.store.rights import members_of
from kodkod.store.tables import group_member, project, scheme, task, task_share, user

__all__ = [
    "Assignment",
    "Share",
    "Task",
    "add_task",
    "assignees",
    "change_task",
    "delete_task",
    "late_tasks",
    "list_tasks",
    "put_shares",
    "tasks_of_user",
]

Places = NDArray[np.int64]
_GROUP = "group:"


class Share(Struct, frozen=True, kw_only=True):
    """Which places in a task's rows a person has: None for all of them."""

    user_id: int
    places: Places | None
    given_at: datetime


class Task(Struct, frozen=True, kw_only=True):
    """Texts to be coded by named people. `rows` are in the order in which they were given.

    `plan` is how they were dealt. While it is open (`closed_at` is None) it counts.
    """

    id: str
    project_id: int
    scheme_id: int
    name: str
    instructions: str
    plan: dict[str, Any]
    rows: Places
    order: str
    blind: bool
    hide_predictions: bool
    only: bool
    deadline: datetime | None
    closed_at: datetime | None
    late_told_at: datetime | None
    created_by: int
    created_at: datetime
    shares: tuple[Share, ...] = ()


class Assignment(Struct, frozen=True, kw_only=True):
    """A task of somebody's, and where it is."""

    project_id: int
    slug: str
    scheme: str
    task_id: str


async def assignees(
    connection: AsyncConnection, project_id: int, usernames: Sequence[str]
) -> dict[str, int]:
    """Return the ids of those who are to have texts, by name, in the order given.

    `group:NAME` stands for those of a group who are members of the project.

    Raises:
        InvalidInputError: somebody is no member of the project.
        NotFoundError: there is no such group.
    """
    members = (await members_of(connection, [project_id])).get(project_id, {})
    usernames = [name for each in usernames for name in await _meant(connection, each, members)]
    query = sa.select(user.c.username, user.c.id).where(user.c.username.in_(usernames))
    found = await connection.execute(query)
    known = {row.username: row.id for row in found if row.id in members}
    strangers = [name for name in usernames if name not in known]
    if strangers:
        raise InvalidInputError(
            f"{', '.join(map(repr, strangers))}: no members of this project; add them to it first.",
            field="assignees",
        )
    return {name: known[name] for name in dict.fromkeys(usernames)}


async def _meant(connection: AsyncConnection, name: str, members: Collection[int]) -> list[str]:
    """Return the usernames that a name stands for."""
    if not name.startswith(_GROUP):
        return [name]
    group = await find_group(connection, name.removeprefix(_GROUP))
    query = (
        sa.select(user.c.username, user.c.id)
        .join(group_member, group_member.c.user_id == user.c.id)
        .where(group_member.c.group_id == group.id)
        .order_by(user.c.username)
    )
    return [row.username for row in await connection.execute(query) if row.id in members]


async def add_task(connection: AsyncConnection, new: Task) -> None:
    """Store a task with its shares.

    Raises:
        ConflictError: the scheme has a task of this name.
    """
    fields = (name for name in new.__struct_fields__ if name != "shares")
    values = {name: getattr(new, name) for name in fields} | {"rows": pack(new.rows)}
    try:
        await connection.execute(sa.insert(task).values(**values))
    except IntegrityError as error:
        raise ConflictError(_taken(new.name)) from error
    await put_shares(connection, new.id, {each.user_id: each.places for each in new.shares})


async def change_task(connection: AsyncConnection, task_id: str, **values: Any) -> None:
    """Change columns of a task; `rows` is an array.

    Raises:
        ConflictError: the scheme has another task of the new name.
    """
    if "rows" in values:
        values["rows"] = pack(values["rows"])
    try:
        await connection.execute(sa.update(task).where(task.c.id == task_id).values(**values))
    except IntegrityError as error:
        raise ConflictError(_taken(str(values.get("name")))) from error


async def put_shares(
    connection: AsyncConnection, task_id: str, shares: Mapping[int, Places | None]
) -> None:
    """Set what each of these people has of a task; nobody else's share changes."""
    if not shares:
        return
    theirs = (task_share.c.task_id == task_id) & task_share.c.user_id.in_(list(shares))
    await connection.execute(sa.delete(task_share).where(theirs))
    given_at = now()
    rows = [
        {
            "task_id": task_id,
            "user_id": user_id,
            "places": None if places is None else pack(places),
            "given_at": given_at,
        }
        for user_id, places in shares.items()
    ]
    await connection.execute(sa.insert(task_share), rows)


async def list_tasks(connection: AsyncConnection, scheme_id: int) -> list[Task]:
    """Return a scheme's tasks with their shares, oldest first."""
    query = sa.select(task).where(task.c.scheme_id == scheme_id)
    found = (await connection.execute(query.order_by(task.c.created_at, task.c.id))).all()
    theirs = sa.select(task_share).join(task).where(task.c.scheme_id == scheme_id)
    shares: dict[str, list[Share]] = {}
    for row in await connection.execute(theirs.order_by(task_share.c.user_id)):
        places = None if row.places is None else unpack(row.places)
        share = Share(user_id=row.user_id, places=places, given_at=row.given_at)
        shares.setdefault(row.task_id, []).append(share)
    return [
        Task(
            **dict(row._mapping)
            | {"rows": unpack(row.rows), "shares": tuple(shares.get(row.id, ()))}
        )
        for row in found
    ]


async def delete_task(connection: AsyncConnection, task_id: str) -> None:
    """Forget a task; what was said of its texts stays."""
    await connection.execute(sa.delete(task).where(task.c.id == task_id))


async def tasks_of_user(connection: AsyncConnection, user_id: int) -> list[Assignment]:
    """Return the open tasks of a user, also in projects that they have left."""
    query = (
        sa.select(task.c.project_id, project.c.slug, scheme.c.name, task.c.id)
        .join(task_share, task_share.c.task_id == task.c.id)
        .join(scheme, scheme.c.id == task.c.scheme_id)
        .join(project, project.c.id == task.c.project_id)
        .where(task_share.c.user_id == user_id, task.c.closed_at.is_(None), is_there())
        .order_by(task.c.created_at)
    )
    return [
        Assignment(project_id=row.project_id, slug=row.slug, scheme=row.name, task_id=row.id)
        for row in await connection.execute(query)
    ]


async def late_tasks(connection: AsyncConnection) -> list[tuple[int, int, str]]:
    """Mark the open tasks whose deadline has passed as told; return (project, scheme, id) of each.

    Of several servers one is given a task.
    """
    moment = now()
    passed = (
        task.c.deadline < moment,
        task.c.closed_at.is_(None),
        task.c.late_told_at.is_(None),
    )
    update = sa.update(task).where(*passed).values(late_told_at=moment)
    found = await connection.execute(
        update.returning(task.c.project_id, task.c.scheme_id, task.c.id)
    )
    return [(row.project_id, row.scheme_id, row.id) for row in found]


def _taken(name: str) -> str:
    return f"The scheme has a task {name!r} already; choose another name."
