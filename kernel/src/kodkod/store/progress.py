"""How far projects have come, counted in the database: for lists, where none is loaded for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.tables import annotation, energy, group_member, member, project_group, scheme

__all__ = ["CodedTexts", "Progress", "progress_of"]

_MACHINES = ("llm", "model")


class CodedTexts(Struct, frozen=True, kw_only=True):
    """How many texts of all splits people have coded in a scheme.

    A text whose only label was deleted since still counts: what a value reads as is known only
    where the project is loaded.
    """

    scheme: str
    coded: int


class Progress(Struct, frozen=True, kw_only=True):
    """How far a project has come. `active_at` is when somebody last coded or a job last ended."""

    schemes: list[CodedTexts]
    members: int
    active_at: datetime | None
    wh: float


async def progress_of(
    connection: AsyncConnection, project_ids: Sequence[int], *, hidden: Collection[int] = ()
) -> dict[int, Progress]:
    """Return the progress of projects, by id; of the schemes `hidden` nothing is told.

    Asks the same five questions for one project and for five hundred.
    """
    seen = ~annotation.c.scheme_id.in_(hidden) if hidden else sa.true()
    schemes = await _schemes(connection, project_ids, hidden, seen)
    members = await _members(connection, project_ids)
    spent = await _spent(connection, project_ids)
    last = await _last_coded(connection, project_ids, seen)
    return {
        id_: Progress(
            schemes=schemes.get(id_, []),
            members=members.get(id_, 0),
            active_at=max(
                (at for at in (last.get(id_), spent.get(id_, (0.0, None))[1]) if at is not None),
                default=None,
            ),
            wh=spent.get(id_, (0.0, None))[0],
        )
        for id_ in project_ids
    }


async def _schemes(
    connection: AsyncConnection,
    project_ids: Sequence[int],
    hidden: Collection[int],
    seen: sa.ColumnElement[bool],
) -> dict[int, list[CodedTexts]]:
    # The newest entry of each person for each text is what they say of it now.
    newest = (
        sa.select(sa.func.max(annotation.c.seq))
        .where(annotation.c.project_id.in_(project_ids), annotation.c.op == "set", seen)
        .where(annotation.c.row.is_not(None), annotation.c.source.not_in(_MACHINES))
        .group_by(annotation.c.scheme_id, annotation.c.row, annotation.c.user_id)
    )
    counts = (
        sa.select(annotation.c.scheme_id, sa.func.count(annotation.c.row.distinct()))
        .where(annotation.c.seq.in_(newest), annotation.c.value.is_not(None))
        .group_by(annotation.c.scheme_id)
    )
    coded: dict[int, int] = dict((await connection.execute(counts)).all())
    query = sa.select(scheme.c.id, scheme.c.project_id, scheme.c.name).order_by(scheme.c.id)
    found: dict[int, list[CodedTexts]] = {}
    for row in await connection.execute(query.where(scheme.c.project_id.in_(project_ids))):
        if row.id not in hidden:
            each = CodedTexts(scheme=row.name, coded=coded.get(row.id, 0))
            found.setdefault(row.project_id, []).append(each)
    return found


async def _members(connection: AsyncConnection, project_ids: Sequence[int]) -> dict[int, int]:
    own = sa.select(member.c.project_id, member.c.user_id)
    theirs = sa.select(project_group.c.project_id, group_member.c.user_id).join(
        group_member, group_member.c.group_id == project_group.c.group_id
    )
    all_ = sa.union(
        own.where(member.c.project_id.in_(project_ids)),
        theirs.where(project_group.c.project_id.in_(project_ids)),
    ).subquery()
    query = sa.select(all_.c.project_id, sa.func.count()).group_by(all_.c.project_id)
    return dict((await connection.execute(query)).all())


async def _spent(
    connection: AsyncConnection, project_ids: Sequence[int]
) -> dict[int, tuple[float, datetime | None]]:
    query = (
        sa.select(
            energy.c.project_id,
            sa.func.sum(energy.c.wh),
            sa.func.max(energy.c.finished_at, type_=energy.c.finished_at.type),
        )
        .where(energy.c.project_id.in_(project_ids))
        .group_by(energy.c.project_id)
    )
    return {id_: (wh, at) for id_, wh, at in await connection.execute(query)}


async def _last_coded(
    connection: AsyncConnection, project_ids: Sequence[int], seen: sa.ColumnElement[bool]
) -> dict[int, datetime]:
    newest = (
        sa.select(sa.func.max(annotation.c.seq))
        .where(annotation.c.project_id.in_(project_ids), seen)
        .group_by(annotation.c.project_id)
    )
    query = sa.select(annotation.c.project_id, annotation.c.created_at)
    rows = await connection.execute(query.where(annotation.c.seq.in_(newest)))
    return dict(rows.all())
