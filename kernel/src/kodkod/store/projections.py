"""Projections: the rows that say which maps of a corpus lie on disk under an id."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError
from kodkod.store.tables import feature, projection

__all__ = [
    "ProjectionRow",
    "add_projection",
    "delete_projection",
    "find_projection",
    "list_projections",
    "projections_behind",
    "put_projection_rows",
]


class ProjectionRow(Struct, frozen=True, kw_only=True):
    """A map on disk under `id`: a point for each of the first `rows` rows that is in `split`.

    `split` None means the whole corpus. The feature that it is of may be gone.
    """

    id: str
    project_id: int
    name: str
    component: str
    params: dict[str, Any]
    feature_id: str
    split: str | None
    rows: int
    seed: int
    created_at: datetime
    scheme_id: int | None = None


async def add_projection(connection: AsyncConnection, new: ProjectionRow) -> None:
    """Register a projection whose files are in place.

    Raises:
        ConflictError: the name was taken meanwhile.
    """
    values = {name: getattr(new, name) for name in new.__struct_fields__}
    try:
        await connection.execute(sa.insert(projection).values(**values))
    except IntegrityError as error:
        raise ConflictError(
            f"The project has a projection {new.name!r} already; delete it or choose another name."
        ) from error


async def put_projection_rows(connection: AsyncConnection, projection_id: str, rows: int) -> None:
    """Note that a projection was extended."""
    change = sa.update(projection).where(projection.c.id == projection_id)
    await connection.execute(change.values(rows=rows))


async def find_projection(connection: AsyncConnection, projection_id: str) -> ProjectionRow | None:
    """Return the projection, or None if it is gone."""
    query = sa.select(projection).where(projection.c.id == projection_id)
    row = (await connection.execute(query)).first()
    return None if row is None else ProjectionRow(**row._mapping)


async def list_projections(connection: AsyncConnection, project_id: int) -> list[ProjectionRow]:
    """Return a project's projections, oldest first."""
    query = (
        sa.select(projection)
        .where(projection.c.project_id == project_id)
        .order_by(projection.c.created_at)
    )
    return [ProjectionRow(**row._mapping) for row in await connection.execute(query)]


async def projections_behind(
    connection: AsyncConnection, feature_id: str | None = None
) -> list[ProjectionRow]:
    """Return the projections that have fewer rows than their feature, all or of one."""
    query = sa.select(projection).join(feature, feature.c.id == projection.c.feature_id)
    query = query.where(projection.c.rows < feature.c.rows)
    if feature_id is not None:
        query = query.where(feature.c.id == feature_id)
    return [ProjectionRow(**row._mapping) for row in await connection.execute(query)]


async def delete_projection(connection: AsyncConnection, projection_id: str) -> None:
    """Forget a projection."""
    await connection.execute(sa.delete(projection).where(projection.c.id == projection_id))
