"""Topics: the rows that say what was found, and which version of it counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError, Topic
from kodkod.store.tables import feature, topics

__all__ = [
    "TopicList",
    "TopicsRow",
    "add_topics",
    "delete_topics",
    "find_topics",
    "list_topics",
    "put_topics",
    "topics_behind",
]


class TopicList(Struct, frozen=True, kw_only=True):
    """The topics of one version, the greatest first, and how many texts are in none.

    `named` are the ids of those that somebody gave a name.
    """

    topics: tuple[Topic, ...] = ()
    outliers: int = 0
    named: tuple[int, ...] = ()


class TopicsRow(Struct, frozen=True, kw_only=True):
    """Topics on disk under `id`, of the corpus's first `rows` rows, as of `version` (from 1)."""

    id: str
    project_id: int
    name: str
    component: str
    params: dict[str, Any]
    feature_id: str
    rows: int
    version: int
    found: TopicList
    seed: int
    created_at: datetime
    scheme_id: int | None = None


async def add_topics(connection: AsyncConnection, new: TopicsRow) -> None:
    """Register topics whose files are in place.

    Raises:
        ConflictError: the name was taken meanwhile.
    """
    values = {name: getattr(new, name) for name in new.__struct_fields__}
    try:
        await connection.execute(sa.insert(topics).values(**values))
    except IntegrityError as error:
        raise ConflictError(
            f"The project has topics {new.name!r} already; delete them or choose another name."
        ) from error


async def put_topics(
    connection: AsyncConnection, topics_id: str, *, before: int, **values: Any
) -> bool:
    """Change columns of topics whose version is `before`; tell whether it still was."""
    change = sa.update(topics).where(topics.c.id == topics_id, topics.c.version == before)
    return (await connection.execute(change.values(**values))).rowcount == 1


async def find_topics(connection: AsyncConnection, topics_id: str) -> TopicsRow | None:
    """Return the topics, or None if they are gone."""
    row = (await connection.execute(sa.select(topics).where(topics.c.id == topics_id))).first()
    return None if row is None else _row(row)


async def list_topics(connection: AsyncConnection, project_id: int) -> list[TopicsRow]:
    """Return a project's topics, oldest first."""
    query = sa.select(topics).where(topics.c.project_id == project_id).order_by(topics.c.created_at)
    return [_row(row) for row in await connection.execute(query)]


async def topics_behind(
    connection: AsyncConnection, feature_id: str | None = None
) -> list[TopicsRow]:
    """Return the topics that have fewer rows than their feature, all or of one."""
    query = sa.select(topics).join(feature, feature.c.id == topics.c.feature_id)
    query = query.where(topics.c.rows < feature.c.rows)
    if feature_id is not None:
        query = query.where(feature.c.id == feature_id)
    return [_row(row) for row in await connection.execute(query)]


async def delete_topics(connection: AsyncConnection, topics_id: str) -> None:
    """Forget topics."""
    await connection.execute(sa.delete(topics).where(topics.c.id == topics_id))


def _row(row: sa.Row[Any]) -> TopicsRow:
    values = dict(row._mapping)
    return TopicsRow(**{**values, "found": msgspec.convert(values["found"], TopicList)})
