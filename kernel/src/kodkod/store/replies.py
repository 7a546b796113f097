"""What labellers have replied: kept for good under the key of the question, asked once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Literal, cast

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import NotFoundError
from kodkod.store.tables import labelled, reply

__all__ = [
    "AnswerRow",
    "ReplyRow",
    "ReplyState",
    "ReplyTotals",
    "add_labelled",
    "find_replies",
    "labelled_rows",
    "list_answers",
    "list_replies",
    "put_replies",
    "reply_totals",
    "totals_by_model",
]

ReplyState = Literal["answered", "unparsed", "failed"]
_KEYS = 500
_TOOK = ("tokens_in", "tokens_out", "calls", "seconds", "cost", "wh")
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class ReplyRow(Struct, frozen=True, kw_only=True):
    """A reply to the question `key`.

    `value` is coded as in the annotation log, with the ids of labels; `probabilities` go by
    them. What it took is of all calls together, the currency of `cost` the labelling's.
    """

    key: str
    state: ReplyState
    value: str | None
    confidence: float | None
    probabilities: dict[str, float] | None
    justification: str
    raw: str
    problem: str
    tokens_in: int
    tokens_out: int
    calls: int
    seconds: float
    cost: float | None
    wh: float | None
    created_at: datetime


class AnswerRow(Struct, frozen=True, kw_only=True):
    """What was answered of the text in `row`, as in `ReplyRow`, without how it came to that."""

    row: int
    value: str
    confidence: float | None
    probabilities: dict[str, float] | None


class ReplyTotals(Struct, frozen=True, kw_only=True):
    """How many texts a labelling has replies to, by state, and what its questions took.

    Texts that are alike share a question; `cost` and `wh` are None where no reply says.
    """

    answered: int = 0
    unparsed: int = 0
    failed: int = 0
    questions: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    calls: int = 0
    seconds: float = 0.0
    cost: float | None = None
    wh: float | None = None


_COLUMNS = tuple(reply.c[name] for name in ReplyRow.__struct_fields__)


async def put_replies(
    connection: AsyncConnection, project_id: int, rows: Sequence[ReplyRow]
) -> None:
    """Keep replies, whoever else is keeping replies to the same questions.

    A later one takes the place of an earlier, but one that failed only of one that failed. What
    both took is added up.
    """
    if not rows:
        return
    # In one order, for two that wait for each other's rows would wait for good.
    in_order = sorted(rows, key=lambda row: row.key)
    await connection.execute(
        _keeping(connection.dialect.name),
        [{**asdict(row), "project_id": project_id} for row in in_order],
    )


# Hundreds a second are kept, and to phrase a statement takes longer than to run it.
@cache
def _keeping(dialect: str) -> sa.Insert:
    new = _INSERT[dialect](reply)
    is_worse = sa.and_(new.excluded.state == "failed", reply.c.state != "failed")
    told = set(ReplyRow.__struct_fields__) - {"key", *_TOOK}
    changes = {
        name: sa.case((is_worse, reply.c[name]), else_=new.excluded[name]) for name in told
    } | {name: _added(reply.c[name], new.excluded[name]) for name in _TOOK}
    return new.on_conflict_do_update(index_elements=["project_id", "key"], set_=changes)


@cache
def _noting(dialect: str) -> sa.Insert:
    new = _INSERT[dialect](labelled)
    return new.on_conflict_do_update(
        index_elements=["model_id", "row"], set_={"key": new.excluded.key}
    )


def _added(one: sa.ColumnElement[Any], other: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(one + other, one, other)


async def add_labelled(
    connection: AsyncConnection, model_id: str, keys: Iterable[tuple[int, str]]
) -> None:
    """Note which question was asked of which rows, whatever was noted of them before.

    Raises:
        NotFoundError: there is no such labelling any more.
    """
    given = sorted(dict(keys).items())
    if given:
        values = [{"model_id": model_id, "row": row, "key": key} for row, key in given]
        try:
            await connection.execute(_noting(connection.dialect.name), values)
        except IntegrityError as error:
            raise NotFoundError(
                "The labelling was deleted meanwhile. What was replied is kept: another that asks "
                "the same does not pay for it again."
            ) from error


async def find_replies(
    connection: AsyncConnection, project_id: int, keys: Sequence[str]
) -> dict[str, ReplyState]:
    """Return the state of each question that has a reply."""
    found: dict[str, ReplyState] = {}
    for some in _some(keys):
        query = sa.select(reply.c.key, reply.c.state).where(
            reply.c.project_id == project_id, reply.c.key.in_(some)
        )
        found.update({line.key: line.state for line in await connection.execute(query)})
    return found


async def labelled_rows(connection: AsyncConnection, model_id: str) -> list[int]:
    """Return the rows that a labelling has a reply to, ascending."""
    query = (
        sa.select(labelled.c.row).where(labelled.c.model_id == model_id).order_by(labelled.c.row)
    )
    return list((await connection.execute(query)).scalars())


async def list_replies(
    connection: AsyncConnection,
    project_id: int,
    model_id: str,
    *,
    state: ReplyState | None = None,
    rows: Sequence[int] | None = None,
    after: int = -1,
    limit: int | None = None,
) -> list[tuple[int, ReplyRow]]:
    """Return a labelling's replies by row, from after row `after` on, all or of some rows."""
    query = _of_model(project_id, model_id, labelled.c.row, *_COLUMNS)
    query = query.where(labelled.c.row > after).order_by(labelled.c.row)
    if state is not None:
        query = query.where(reply.c.state == state)
    if rows is not None:
        query = query.where(labelled.c.row.in_(rows))
    if limit is not None:
        query = query.limit(limit)
    found = []
    for line in await connection.execute(query):
        values = dict(line._mapping)
        found.append((values.pop("row"), ReplyRow(**values)))
    return found


async def list_answers(
    connection: AsyncConnection, project_id: int, model_id: str, *, after: int = -1, limit: int
) -> list[AnswerRow]:
    """Return a labelling's answers by row, from after row `after` on."""
    columns = (labelled.c.row, reply.c.value, reply.c.confidence, reply.c.probabilities)
    query = _of_model(project_id, model_id, *columns).where(
        labelled.c.row > after, reply.c.state == "answered"
    )
    query = query.order_by(labelled.c.row).limit(limit)
    return [
        AnswerRow(
            row=line.row,
            value=line.value,
            confidence=line.confidence,
            probabilities=line.probabilities,
        )
        for line in await connection.execute(query)
    ]


async def reply_totals(
    connection: AsyncConnection, project_id: int, model_id: str, *, heard: bool = False
) -> ReplyTotals:
    """Return the totals of one labelling; see `totals_by_model`."""
    totals = await totals_by_model(connection, project_id, [model_id], heard=heard)
    return totals[model_id]


async def totals_by_model(
    connection: AsyncConnection,
    project_id: int,
    model_ids: Sequence[str],
    *,
    heard: bool = False,
) -> dict[str, ReplyTotals]:
    """Count each labelling's texts by the state of their replies, and add up what those took.

    With `heard`, only of replies where something was said.
    """
    asked = (
        sa.select(labelled.c.model_id, labelled.c.key, sa.func.count().label("texts"))
        .where(labelled.c.model_id.in_(model_ids))
        .group_by(labelled.c.model_id, labelled.c.key)
        .subquery()
    )
    query = (
        sa.select(
            asked.c.model_id,
            reply.c.state,
            sa.func.sum(asked.c.texts).label("texts"),
            sa.func.count().label("questions"),
            *(sa.func.sum(reply.c[name]).label(name) for name in _TOOK),
        )
        .select_from(asked.join(reply, reply.c.key == asked.c.key))
        .where(reply.c.project_id == project_id)
        .group_by(asked.c.model_id, reply.c.state)
    )
    if heard:
        query = query.where(reply.c.state != "failed")
    lines: dict[str, list[sa.Row[Any]]] = {id_: [] for id_ in model_ids}
    for line in await connection.execute(query):
        lines[line.model_id].append(line)
    return {id_: _total(of_model) for id_, of_model in lines.items()}


def _total(lines: Sequence[sa.Row[Any]]) -> ReplyTotals:
    """Return the totals of the lines of one labelling, one for each state."""
    # PostgreSQL adds whole numbers up to decimal ones.
    counts = {line.state: int(line.texts) for line in lines}
    took = {name: [line._mapping[name] for line in lines] for name in _TOOK}
    known = {
        name: sum(value for value in values if value is not None)
        for name, values in took.items()
        if any(value is not None for value in values)
    }
    return ReplyTotals(**counts, questions=sum(line.questions for line in lines), **known)


def _of_model(project_id: int, model_id: str, *columns: Any) -> sa.Select[Any]:
    joined = labelled.join(reply, reply.c.key == labelled.c.key)
    query = cast("sa.Select[Any]", sa.select(*columns))
    return query.select_from(joined).where(
        labelled.c.model_id == model_id, reply.c.project_id == project_id
    )


def _some(given: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield parts that a statement's list of values can have."""
    for start in range(0, len(given), _KEYS):
        yield given[start : start + _KEYS]
