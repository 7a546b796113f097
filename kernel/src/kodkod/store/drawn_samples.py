"""Samples that were drawn with known probabilities, for people to annotate."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError
from kodkod.store.tables import drawn_sample

__all__ = [
    "DrawnSample",
    "Stratum",
    "add_sample",
    "delete_sample",
    "list_samples",
]


class Stratum(Struct, frozen=True, kw_only=True):
    """A part of the corpus with `size` texts, of which `drawn` were drawn."""

    name: str
    size: int
    drawn: int


class DrawnSample(Struct, frozen=True, kw_only=True):
    """A sample. `rows` are in the order in which they were drawn, and `stratum_of` has the place
    in `strata` of each. `plan` is how it was drawn (`project.drawn_samples.DrawPlan`).

    `population` is how many rows the corpus had, of which those that the plan is about were drawn
    from: rows that were added since had no chance. `scheme_id` is the scheme of the model whose
    labels are the strata, if they are.
    """

    id: str
    project_id: int
    name: str
    plan: dict[str, Any]
    population: int
    strata: list[Stratum]
    rows: list[int]
    stratum_of: list[int]
    created_at: datetime
    scheme_id: int | None = None


async def add_sample(connection: AsyncConnection, new: DrawnSample) -> None:
    """Keep a sample.

    Raises:
        ConflictError: the name was taken meanwhile.
    """
    try:
        await connection.execute(sa.insert(drawn_sample).values(**_plain(new)))
    except IntegrityError as error:
        raise ConflictError(
            f"The project has a drawn sample {new.name!r} already; choose another name."
        ) from error


async def list_samples(connection: AsyncConnection, project_id: int) -> list[DrawnSample]:
    """Return a project's samples, oldest first."""
    query = (
        sa.select(drawn_sample)
        .where(drawn_sample.c.project_id == project_id)
        .order_by(drawn_sample.c.created_at)
    )
    return [_sample(row) for row in await connection.execute(query)]


async def delete_sample(connection: AsyncConnection, sample_id: str) -> None:
    """Forget a sample; what was said of its texts stays."""
    await connection.execute(sa.delete(drawn_sample).where(drawn_sample.c.id == sample_id))


def _sample(row: sa.Row[Any]) -> DrawnSample:
    values = dict(row._mapping)
    values["strata"] = msgspec.convert(values["strata"], list[Stratum])
    return DrawnSample(**values)


def _plain(sample: DrawnSample) -> dict[str, Any]:
    return msgspec.structs.asdict(sample) | {"strata": msgspec.to_builtins(sample.strata)}
