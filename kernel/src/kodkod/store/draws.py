"""How each text of a scheme came to be annotated first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import sqlalchemy as sa
from msgspec import Struct
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.tables import annotation

__all__ = ["FirstDraws", "read_first_draws"]


class FirstDraws(Struct, frozen=True):
    """The first value of each row that ever had one: `rows` ascend, the rest is in their order.

    `seqs` are the entries' places in the log, `strategies` the names of what chose the row (None:
    nobody was given it), `probabilities` float64, NaN where they are not defined.
    """

    rows: NDArray[np.int64]
    seqs: NDArray[np.int64]
    strategies: list[str | None]
    probabilities: NDArray[np.float64]


async def read_first_draws(connection: AsyncConnection, scheme_id: int) -> FirstDraws:
    """Read them from the log."""
    query = (
        sa.select(
            annotation.c.row,
            annotation.c.seq,
            annotation.c.strategy,
            annotation.c.selection_probability,
        )
        .where(
            annotation.c.scheme_id == scheme_id,
            annotation.c.op == "set",
            annotation.c.row.is_not(None),
            annotation.c.value.is_not(None),
            # What a machine answers of a text says nothing of how people came to it.
            annotation.c.source.not_in(("llm", "model")),
        )
        .order_by(annotation.c.seq)
    )
    rows, seqs, strategies, probabilities = _columns((await connection.execute(query)).all())
    known, first = np.unique(np.array(rows, dtype=np.int64), return_index=True)
    return FirstDraws(
        known,
        np.array(seqs, dtype=np.int64)[first],
        [strategies[place] for place in first.tolist()],
        np.array(probabilities, dtype=np.float64)[first],
    )


def _columns(entries: Sequence[sa.Row[*tuple[Any, ...]]]) -> tuple[list[Any], ...]:
    columns = list(map(list, zip(*entries, strict=True)))
    return tuple(columns or [[], [], [], []])
