"""What each annotator says of each text as of now, and how the text came to be annotated.

From the log and not from the fold, which does not keep what chose a text. Values read in the labels
of now, so that agreement is by labels as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
from msgspec import Struct
from numpy.typing import NDArray

from kodkod.api import Value
from kodkod.project.coding import Coder

__all__ = ["Chosen", "Votes", "read_ballots"]

_SCHEMA = {
    "seq": pl.Int64,
    "row": pl.Int64,
    "user": pl.Int64,
    "raw": pl.String,
    "strategy": pl.String,
    "at": pl.Datetime("us", "UTC"),
}


class Chosen(Struct, frozen=True, kw_only=True):
    """Which votes count: of which rows (a mask) and users, given when; None means all."""

    rows: NDArray[np.bool_]
    users: Collection[int] | None = None
    since: datetime | None = None
    until: datetime | None = None


class Votes(Struct, frozen=True, kw_only=True):
    """Votes that count: one for each `row` and `user`, by row.

    `value` is a place in `values`. `at` are microseconds since 1970. `first_strategy` says, by
    row, what chose the text for whoever annotated it first (None: nobody was given it).
    """

    row: NDArray[np.int64]
    user: NDArray[np.int64]
    value: NDArray[np.int64]
    values: list[Value]
    at: NDArray[np.int64]
    first_strategy: dict[int, str | None]

    def of(self, kept: NDArray[np.bool_]) -> Votes:
        """Return the part for which `kept` holds."""
        return Votes(
            row=self.row[kept],
            user=self.user[kept],
            value=self.value[kept],
            values=self.values,
            at=self.at[kept],
            first_strategy=self.first_strategy,
        )


def read_ballots(entries: Sequence[Sequence[Any]], coder: Coder, chosen: Chosen) -> Votes:
    """Return the newest vote of each annotator on each text, if it is among those chosen.

    A vote that was cleared, or whose labels are all deleted, is none.
    """
    frame = pl.DataFrame(entries, schema=_SCHEMA, orient="row")
    voted = frame.filter(pl.col("raw").is_not_null())
    first = voted.group_by("row", maintain_order=True).first().select("row", "strategy")
    newest = frame.group_by("row", "user").agg(pl.all().sort_by("seq").last())
    newest = newest.filter(pl.col("raw").is_not_null(), *_conditions(chosen))
    newest = newest.sort("row", "user")
    read = {raw: coder.read(raw) for raw in newest["raw"].unique(maintain_order=True).to_list()}
    readable = {raw: value for raw, value in read.items() if value is not None}
    known = {raw: place for place, raw in enumerate(readable)}
    places = newest["raw"].replace_strict(known, default=-1, return_dtype=pl.Int64).to_numpy()
    votes = Votes(
        row=newest["row"].to_numpy(),
        user=newest["user"].to_numpy(),
        value=places,
        values=list(readable.values()),
        at=newest["at"].to_physical().to_numpy(),
        first_strategy=dict(first.iter_rows()),
    )
    # Rows that another process has just added have no place in the mask yet.
    there = votes.row < len(chosen.rows)
    there[there] = chosen.rows[votes.row[there]]
    return votes.of((votes.value >= 0) & there)


def _conditions(chosen: Chosen) -> list[pl.Expr]:
    conditions: list[pl.Expr] = []
    if chosen.users is not None:
        conditions.append(pl.col("user").is_in(list(chosen.users)))
    if chosen.since is not None:
        conditions.append(pl.col("at") >= chosen.since)
    if chosen.until is not None:
        conditions.append(pl.col("at") < chosen.until)
    return conditions
