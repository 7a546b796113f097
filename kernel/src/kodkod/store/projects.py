"""Projects and their schemes."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError, NotFoundError
from kodkod.store.audit import rewrite_audit
from kodkod.store.codebooks import CodebookMark, list_marks
from kodkod.store.database import now
from kodkod.store.gold import GoldText, list_gold
from kodkod.store.labels import Label, add_labels, labels_by_scheme
from kodkod.store.memberships import ROLES, is_there, project_ids_of
from kodkod.store.tables import event, member, project, scheme

__all__ = [
    "Project",
    "Scheme",
    "add_project",
    "add_scheme",
    "change_project",
    "change_scheme",
    "delete_project",
    "delete_scheme",
    "deleted_before",
    "find_project",
    "free_slug",
    "list_projects",
    "list_schemes",
    "project_with_id",
]


class Project(Struct, frozen=True, kw_only=True):
    """A project. `splits` counts texts by split; `config` is what it was made with.

    `budget` is what its jobs may take: watt-hours `wh`, and whether to `refuse` beyond. One that
    is archived is only read; one that is deleted can be restored until it is purged. As it is
    read for somebody's request, the schemes `hidden` do not exist, and those `locked` may be seen
    and not be changed; none are stored.
    """

    id: int
    slug: str
    name: str
    language: str
    config: dict[str, Any]
    n_rows: int
    splits: dict[str, int]
    corpus_fingerprint: str
    created_by: str
    created_at: datetime
    budget: dict[str, Any] | None = None
    archived_at: datetime | None = None
    deleted_at: datetime | None = None
    hidden: frozenset[int] = frozenset()
    locked: frozenset[int] = frozenset()


class Scheme(Struct, frozen=True, kw_only=True):
    """A scheme with its labels in order.

    `checks` says how often the gold texts are slipped in, if they are.
    """

    id: int
    project_id: int
    name: str
    type: str
    params: dict[str, Any]
    codebook: str
    overlap: int
    guide: dict[str, Any] | None
    created_at: datetime
    labels: list[Label]
    versions: list[CodebookMark] = []
    checks: dict[str, Any] | None = None
    gold: list[GoldText] = []


_SLUG_MAX = 63


async def free_slug(connection: AsyncConnection, name: str) -> str:
    """Return a slug made from `name` that no project has yet."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: _SLUG_MAX - 8].strip("-") or "project"
    taken = set(
        (
            await connection.execute(
                sa.select(project.c.slug).where(project.c.slug.startswith(base, autoescape=True))
            )
        ).scalars()
    )
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


async def add_project(connection: AsyncConnection, *, owner_id: int, **values: Any) -> Project:
    """Store a project; its maker becomes its manager.

    Raises:
        ConflictError: the slug was taken meanwhile.
    """
    values["created_at"] = now()
    try:
        made = await connection.execute(sa.insert(project).values(**values).returning(project.c.id))
    except IntegrityError as error:
        raise ConflictError(
            f"A project {values['slug']!r} was made meanwhile; try again."
        ) from error
    new = Project(id=made.scalar_one(), **values)
    await connection.execute(
        sa.insert(member).values(project_id=new.id, user_id=owner_id, role="manager")
    )
    return new


async def find_project(connection: AsyncConnection, slug: str) -> Project:
    """Return the project, which may be deleted and not purged yet.

    Raises:
        NotFoundError: there is none of this slug.
    """
    row = (await connection.execute(sa.select(project).where(project.c.slug == slug))).first()
    if row is None:
        raise NotFoundError(f"There is no project {slug!r} among yours.")
    return Project(**row._mapping)


async def project_with_id(connection: AsyncConnection, project_id: int) -> Project | None:
    """Return the project, or None if it is gone."""
    row = (await connection.execute(sa.select(project).where(project.c.id == project_id))).first()
    return None if row is None else Project(**row._mapping)


async def list_projects(
    connection: AsyncConnection,
    *,
    user_id: int | None,
    after: int = 0,
    limit: int = 100,
    deleted: bool = False,
) -> list[tuple[Project, str]]:
    """Return (project, role) of a user's projects, or of all (user_id None), in order of making.

    The role is the highest of the user's own and those of groups. Of the `deleted` ones a user
    gets those that they may restore.
    """
    query = sa.select(project).where(project.c.id > after).order_by(project.c.id).limit(limit)
    query = query.where(project.c.deleted_at.is_not(None) if deleted else is_there())
    if user_id is None:
        found = await connection.execute(query)
        return [(Project(**row._mapping), "manager") for row in found]
    theirs = project_ids_of(user_id, deleted=deleted).subquery()
    least = ROLES[-1:] if deleted else ROLES
    query = query.where(
        project.c.id.in_(sa.select(theirs.c.project_id).where(theirs.c.role.in_(least)))
    )
    rows = [Project(**row._mapping) for row in await connection.execute(query)]
    mine = sa.select(theirs).where(theirs.c.project_id.in_([row.id for row in rows]))
    roles: dict[int, list[str]] = {}
    for row in await connection.execute(mine):
        roles.setdefault(row.project_id, []).append(row.role)
    return [(row, max(roles[row.id], key=ROLES.index)) for row in rows]


async def change_project(connection: AsyncConnection, project_id: int, **values: Any) -> None:
    """Change columns of a project."""
    await connection.execute(sa.update(project).where(project.c.id == project_id).values(**values))


async def delete_project(connection: AsyncConnection, project_id: int) -> None:
    """Delete a project's rows in every table, and what was told and sent about it.

    The audit log keeps what was done to it, and the account of energy what it took.
    """
    await connection.execute(sa.delete(project).where(project.c.id == project_id))
    await connection.execute(sa.delete(event).where(event.c.project_id == project_id))
    await rewrite_audit(
        connection,
        lambda row: replace(row, sent=None) if row.project_id == project_id else row,
    )


async def deleted_before(connection: AsyncConnection, before: datetime) -> list[Project]:
    """Return the projects that were deleted before then, and are still to be purged."""
    query = sa.select(project).where(project.c.deleted_at < before).order_by(project.c.id)
    return [Project(**row._mapping) for row in await connection.execute(query)]


async def add_scheme(
    connection: AsyncConnection, labels: list[tuple[str, str | None, str]], **values: Any
) -> Scheme:
    """Store a scheme with its labels (name, colour, description).

    Raises:
        ConflictError: the project has a scheme of this name.
    """
    values["created_at"] = now()
    try:
        made = await connection.execute(sa.insert(scheme).values(**values).returning(scheme.c.id))
    except IntegrityError as error:
        raise ConflictError(
            f"The project has a scheme {values['name']!r} already; choose another name."
        ) from error
    scheme_id = made.scalar_one()
    new = await add_labels(connection, scheme_id, labels)
    return Scheme(id=scheme_id, labels=new, **values)


async def list_schemes(connection: AsyncConnection, project_id: int) -> list[Scheme]:
    """Return a project's schemes with their labels, in order of making."""
    labels = await labels_by_scheme(connection, project_id)
    marks = await list_marks(connection, project_id)
    gold = await list_gold(connection, project_id)
    found = sa.select(scheme).where(scheme.c.project_id == project_id).order_by(scheme.c.id)
    return [
        Scheme(
            labels=labels.get(row.id, []),
            versions=marks.get(row.id, []),
            gold=gold.get(row.id, []),
            **row._mapping,
        )
        for row in await connection.execute(found)
    ]


async def change_scheme(connection: AsyncConnection, scheme_id: int, **values: Any) -> None:
    """Change columns of a scheme.

    Raises:
        ConflictError: the new name is taken.
    """
    try:
        await connection.execute(sa.update(scheme).where(scheme.c.id == scheme_id).values(**values))
    except IntegrityError as error:
        raise ConflictError(f"The project has a scheme {values.get('name')!r} already.") from error


async def delete_scheme(connection: AsyncConnection, scheme_id: int) -> None:
    """Delete a scheme with its labels, annotations and models."""
    await connection.execute(sa.delete(scheme).where(scheme.c.id == scheme_id))
