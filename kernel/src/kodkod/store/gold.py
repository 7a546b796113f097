"""Texts whose answer is known, to see how well people code: what is stored of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.database import now
from kodkod.store.tables import gold, scheme

__all__ = ["GoldText", "delete_gold", "list_gold", "put_gold"]


class GoldText(Struct, frozen=True, kw_only=True):
    """A text whose answer is known: the adjudication that stands for it is that answer.

    `note` says why, to whoever is told of a wrong answer. An `attention` check can only be
    answered wrongly by who does not read; nobody is told.
    """

    row: int
    attention: bool = False
    note: str = ""
    created_by: int
    created_at: datetime


async def put_gold(
    connection: AsyncConnection,
    scheme_id: int,
    user_id: int,
    texts: Collection[tuple[int, bool, str]],
) -> None:
    """Store (row, attention, note) of texts, whether they were there or not."""
    await delete_gold(connection, scheme_id, [row for row, _, _ in texts])
    time = now()
    rows = [
        {
            "scheme_id": scheme_id,
            "row": row,
            "attention": attention,
            "note": note,
            "created_by": user_id,
            "created_at": time,
        }
        for row, attention, note in texts
    ]
    if rows:
        await connection.execute(sa.insert(gold), rows)


async def delete_gold(connection: AsyncConnection, scheme_id: int, rows: Collection[int]) -> None:
    """Forget that texts are gold; what was said of them stays."""
    if rows:
        one = (gold.c.scheme_id == scheme_id) & (gold.c.row == sa.bindparam("gone"))
        await connection.execute(sa.delete(gold).where(one), [{"gone": row} for row in rows])


async def list_gold(connection: AsyncConnection, project_id: int) -> dict[int, list[GoldText]]:
    """Return the gold texts of a project's schemes, by scheme, in the order of their rows."""
    query = (
        sa.select(gold)
        .join(scheme, scheme.c.id == gold.c.scheme_id)
        .where(scheme.c.project_id == project_id)
        .order_by(gold.c.scheme_id, gold.c.row)
    )
    found: dict[int, list[GoldText]] = {}
    for row in await connection.execute(query):
        values = dict(row._mapping)
        found.setdefault(values.pop("scheme_id"), []).append(GoldText(**values))
    return found
