"""The labels of schemes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.tables import label, scheme

__all__ = [
    "Label",
    "add_labels",
    "change_label",
    "delete_labels",
    "insert_labels",
    "labels_by_scheme",
    "labels_of",
]


class Label(Struct, frozen=True, kw_only=True):
    """A label of a scheme; the list's order is the scheme's, by position and then by id."""

    id: int
    name: str
    color: str | None = None
    description: str = ""
    position: int = 1_000_000


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


async def labels_of(connection: AsyncConnection, scheme_id: int) -> list[Label]:
    """Return a scheme's labels in order."""
    query = sa.select(label).where(label.c.scheme_id == scheme_id)
    query = query.order_by(label.c.position, label.c.id)
    return [_label(row) for row in await connection.execute(query)]


async def labels_by_scheme(connection: AsyncConnection, project_id: int) -> dict[int, list[Label]]:
    """Return the labels of a project's schemes, by scheme, in order."""
    query = (
        sa.select(label)
        .join(scheme, scheme.c.id == label.c.scheme_id)
        .where(scheme.c.project_id == project_id)
        .order_by(label.c.position, label.c.id)
    )
    found: dict[int, list[Label]] = {}
    for row in await connection.execute(query):
        found.setdefault(row.scheme_id, []).append(_label(row))
    return found


def _label(row: sa.Row[Any]) -> Label:
    return Label(
        id=row.id,
        name=row.name,
        color=row.color,
        description=row.description,
        position=row.position,
    )
