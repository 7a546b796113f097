"""Projects and their schemes."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError, NotFoundError
from kodkod.store.database import now
from kodkod.store.memberships import ROLES, project_ids_of
from kodkod.store.tables import label, member, project, scheme

__all__ = [
    "Label",
    "Project",
    "Scheme",
    "add_labels",
    "add_project",
    "add_scheme",
    "change_label",
    "change_project",
    "change_scheme",
    "delete_labels",
    "delete_project",
    "delete_scheme",
    "find_project",
    "free_slug",
    "insert_labels",
    "list_projects",
    "list_schemes",
    "project_with_id",
]


class Project(Struct, frozen=True, kw_only=True):
    """A project. `splits` counts texts by split; `config` is what it was made with.

    `budget` is what its jobs may take: watt-hours `wh`, and whether to `refuse` beyond. As it is
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
    hidden: frozenset[int] = frozenset()
    locked: frozenset[int] = frozenset()


class Label(Struct, frozen=True, kw_only=True):
    """A label of a scheme; the list's order is the scheme's, by position and then by id."""

    id: int
    name: str
    color: str | None = None
    description: str = ""
    position: int = 1_000_000


class Scheme(Struct, frozen=True, kw_only=True):
    """A scheme with its labels in order."""

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
    """Return the project.

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
    connection: AsyncConnection, *, user_id: int | None, after: int = 0, limit: int = 100
) -> list[tuple[Project, str]]:
    """Return (project, role) of a user's projects, or of all (user_id None), in order of making.

    The role is the highest of the user's own and those of groups.
    """
    query = sa.select(project).where(project.c.id > after).order_by(project.c.id).limit(limit)
    if user_id is None:
        found = await connection.execute(query)
        return [(Project(**row._mapping), "manager") for row in found]
    theirs = project_ids_of(user_id).subquery()
    query = query.where(project.c.id.in_(sa.select(theirs.c.project_id)))
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
    """Delete a project's rows in every table."""
    await connection.execute(sa.delete(project).where(project.c.id == project_id))


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


async def add_labels(
    connection: AsyncConnection,
    scheme_id: int,
    labels: list[tuple[str, str | None, str]],
) -> list[Label]:
    """Store labels after those that the scheme has."""
    if not labels:
        return []
    last = sa.select(sa.func.max(label.c.position)).where(label.c.scheme_id == scheme_id)
    highest = (await connection.execute(last)).scalar_one()
    first = 0 if highest is None else highest + 1
    rows = [
        {
            "scheme_id": scheme_id,
            "name": name,
            "color": color,
            "description": description,
            "position": first + offset,
        }
        for offset, (name, color, description) in enumerate(labels)
    ]
    insert = sa.insert(label).returning(label.c.id, sort_by_parameter_order=True)
    ids = (await connection.execute(insert, rows)).scalars()
    return [
        Label(id=id_, name=name, color=color, description=description, position=first + offset)
        for offset, (id_, (name, color, description)) in enumerate(zip(ids, labels, strict=True))
    ]


async def insert_labels(connection: AsyncConnection, scheme_id: int, labels: list[Label]) -> None:
    """Bring back labels under the ids and at the places they had (undo of a merge or delete)."""
    rows = [
        {
            "id": each.id,
            "scheme_id": scheme_id,
            "name": each.name,
            "color": each.color,
            "description": each.description,
            "position": each.position,
        }
        for each in labels
    ]
    await connection.execute(sa.insert(label), rows)


async def change_label(connection: AsyncConnection, label_id: int, **values: Any) -> None:
    """Change columns of a label."""
    await connection.execute(sa.update(label).where(label.c.id == label_id).values(**values))


async def delete_labels(connection: AsyncConnection, ids: list[int]) -> None:
    """Drop labels; what the log says of them stays."""
    await connection.execute(sa.delete(label).where(label.c.id.in_(ids)))


async def list_schemes(connection: AsyncConnection, project_id: int) -> list[Scheme]:
    """Return a project's schemes with their labels, in order of making."""
    labels: dict[int, list[Label]] = {}
    query = (
        sa.select(label)
        .join(scheme, scheme.c.id == label.c.scheme_id)
        .where(scheme.c.project_id == project_id)
        .order_by(label.c.position, label.c.id)
    )
    for row in await connection.execute(query):
        labels.setdefault(row.scheme_id, []).append(
            Label(
                id=row.id,
                name=row.name,
                color=row.color,
                description=row.description,
                position=row.position,
            )
        )
    found = sa.select(scheme).where(scheme.c.project_id == project_id).order_by(scheme.c.id)
    return [
        Scheme(labels=labels.get(row.id, []), **row._mapping)
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
