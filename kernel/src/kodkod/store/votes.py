"""Everything that people have said of a scheme's texts, entry by entry, for agreement to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.tables import annotation

__all__ = ["VOTE_COLUMNS", "read_votes"]

VOTE_COLUMNS = ("seq", "row", "user_id", "value", "strategy", "created_at")


async def read_votes(
    connection: AsyncConnection, scheme_id: int, until: int
) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Return the entries `VOTE_COLUMNS` of annotators up to a place in the log, in its order.

    What a machine said is nobody's vote. Nor is an adjudication, which may be entered by somebody
    who has voted too: the vote is what they said before.
    """
    query = (
        sa.select(*(annotation.c[name] for name in VOTE_COLUMNS))
        .where(
            annotation.c.scheme_id == scheme_id,
            annotation.c.seq <= until,
            annotation.c.op == "set",
            annotation.c.row.is_not(None),
            annotation.c.source.in_(("human", "import")),
        )
        .order_by(annotation.c.seq)
    )
    return (await connection.execute(query)).all()
