"""What is to be told to webhooks, and what was: an outbox that outlives the server."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError, NotFoundError
from kodkod.store.database import now
from kodkod.store.tables import annotation, project, scheme, webhook, webhook_delivery

__all__ = [
    "Delivery",
    "Due",
    "NewDelivery",
    "Saved",
    "add_delivery",
    "find_delivery",
    "is_any_due",
    "list_deliveries",
    "purge_deliveries",
    "saved_annotations",
    "send_again",
    "settle",
    "take_due",
]

State = Literal["waiting", "delivered", "failed"]


class NewDelivery(Struct, frozen=True, kw_only=True):
    """Something to tell a webhook; `id` stays the same however often it is sent."""

    id: str
    webhook_id: int
    type: str
    user_id: int | None
    data: dict[str, Any]
    happened_at: datetime


class Delivery(NewDelivery, frozen=True, kw_only=True):
    """It, and what became of it. `status` and `problem` are of the last attempt."""

    number: int
    state: State
    attempts: int
    due_at: datetime
    status: int | None
    problem: str
    tried_at: datetime | None


class Due(Struct, frozen=True, kw_only=True):
    """A delivery whose time has come, with what is needed to send it."""

    delivery: Delivery
    format: str
    sealed: str
    failing_since: datetime | None
    project: str
    project_name: str


class Saved(Struct, frozen=True, kw_only=True):
    """How many answers a scheme was given since an entry of the log, by their source."""

    scheme_id: int
    scheme: str
    sources: dict[str, int]
    first_at: datetime
    last_at: datetime
    last_seq: int


_COLUMNS = [webhook_delivery.c[name] for name in Delivery.__struct_fields__]


async def add_delivery(connection: AsyncConnection, new: NewDelivery) -> Delivery:
    """Store something to tell, at once."""
    values: dict[str, Any] = {
        **{name: getattr(new, name) for name in new.__struct_fields__},
        "state": "waiting",
        "attempts": 0,
        "due_at": now(),
        "status": None,
        "problem": "",
        "tried_at": None,
    }
    made = await connection.execute(
        sa.insert(webhook_delivery).values(**values).returning(webhook_delivery.c.number)
    )
    return Delivery(number=made.scalar_one(), **values)


async def find_delivery(connection: AsyncConnection, webhook_id: int, id_: str) -> Delivery:
    """Return a delivery.

    Raises:
        NotFoundError: the webhook has none of this id.
    """
    query = sa.select(*_COLUMNS).where(
        webhook_delivery.c.id == id_, webhook_delivery.c.webhook_id == webhook_id
    )
    row = (await connection.execute(query)).first()
    if row is None:
        raise NotFoundError(f"The webhook has no delivery {id_[:40]!r}; old ones are forgotten.")
    return Delivery(**row._mapping)


async def list_deliveries(
    connection: AsyncConnection, webhook_id: int, *, before: int | None, limit: int
) -> list[Delivery]:
    """Return the deliveries of a webhook, the newest first."""
    query = sa.select(*_COLUMNS).where(webhook_delivery.c.webhook_id == webhook_id)
    if before is not None:
        query = query.where(webhook_delivery.c.number < before)
    query = query.order_by(webhook_delivery.c.number.desc()).limit(limit)
    return [Delivery(**row._mapping) for row in await connection.execute(query)]


async def send_again(connection: AsyncConnection, delivery: Delivery) -> None:
    """Let a delivery that has ended be sent once more, from its first attempt on.

    Raises:
        ConflictError: it is still to be sent.
    """
    change = sa.update(webhook_delivery).where(
        webhook_delivery.c.id == delivery.id, webhook_delivery.c.state != "waiting"
    )
    again = change.values(state="waiting", attempts=0, due_at=now(), leased_until=None)
    if not (await connection.execute(again)).rowcount:
        raise ConflictError("This delivery is still on its way; it is tried again by itself.")


async def is_any_due(connection: AsyncConnection, time: datetime, busy: Collection[int]) -> bool:
    """Tell whether there is anything to send."""
    return (await connection.execute(_due(time, busy).limit(1))).first() is not None


async def take_due(
    connection: AsyncConnection,
    time: datetime,
    lease: timedelta,
    *,
    busy: Collection[int],
    limit: int,
) -> list[Due]:
    """Take what is due for this server until the lease ends: at most one for each webhook.

    `busy` are webhooks that are being told something. A server that was killed gives nothing back;
    what it had is taken by the next one once its lease is over.
    """
    taken: list[Due] = []
    seen = set(busy)
    for row in (await connection.execute(_due(time, busy).limit(10 * limit))).all():
        if row.webhook_id in seen or len(taken) == limit:
            continue
        change = sa.update(webhook_delivery).where(
            webhook_delivery.c.number == row.number,
            webhook_delivery.c.state == "waiting",
            _is_free(time),
        )
        # On PostgreSQL another server may have been quicker.
        if (await connection.execute(change.values(leased_until=time + lease))).rowcount:
            seen.add(row.webhook_id)
            taken.append(_read_due(row))
    return taken


async def settle(
    connection: AsyncConnection, delivery: Delivery, state: State, due_at: datetime, **values: Any
) -> None:
    """Note what became of an attempt; `values` are its status and problem."""
    change = sa.update(webhook_delivery).where(webhook_delivery.c.number == delivery.number)
    await connection.execute(
        change.values(
            state=state,
            attempts=delivery.attempts + 1,
            due_at=due_at,
            leased_until=None,
            tried_at=now(),
            **values,
        )
    )


async def purge_deliveries(connection: AsyncConnection, older_than: timedelta) -> None:
    """Forget what ended long ago."""
    await connection.execute(
        sa.delete(webhook_delivery).where(
            webhook_delivery.c.state != "waiting",
            webhook_delivery.c.due_at < now() - older_than,
        )
    )


async def saved_annotations(
    connection: AsyncConnection, project_id: int, after: int
) -> list[Saved]:
    """Count the answers of a project after an entry of the log, by scheme and source."""
    query = (
        sa.select(
            annotation.c.scheme_id,
            scheme.c.name,
            annotation.c.source,
            sa.func.count().label("n"),
            sa.func.min(annotation.c.created_at).label("first_at"),
            sa.func.max(annotation.c.created_at).label("last_at"),
            sa.func.max(annotation.c.seq).label("last_seq"),
        )
        .join(scheme, scheme.c.id == annotation.c.scheme_id)
        .where(
            annotation.c.project_id == project_id,
            annotation.c.seq > after,
            annotation.c.op == "set",
            annotation.c.value.is_not(None),
        )
        .group_by(annotation.c.scheme_id, scheme.c.name, annotation.c.source)
        .order_by(annotation.c.scheme_id, annotation.c.source)
    )
    found: dict[int, Saved] = {}
    for row in await connection.execute(query):
        before = found.get(row.scheme_id)
        found[row.scheme_id] = Saved(
            scheme_id=row.scheme_id,
            scheme=row.name,
            sources={**(before.sources if before else {}), row.source: row.n},
            first_at=min(row.first_at, before.first_at) if before else row.first_at,
            last_at=max(row.last_at, before.last_at) if before else row.last_at,
            last_seq=max(row.last_seq, before.last_seq) if before else row.last_seq,
        )
    return list(found.values())


def _due(time: datetime, busy: Collection[int]) -> sa.Select[Any]:
    return (
        sa.select(
            *_COLUMNS,
            webhook.c.format,
            webhook.c.sealed,
            webhook.c.failing_since,
            project.c.slug.label("project"),
            project.c.name.label("project_name"),
        )
        .join(webhook, webhook.c.id == webhook_delivery.c.webhook_id)
        .join(project, project.c.id == webhook.c.project_id)
        .where(
            webhook_delivery.c.state == "waiting",
            webhook_delivery.c.due_at <= time,
            _is_free(time),
            webhook.c.active,
            webhook.c.id.not_in(busy),
        )
        .order_by(webhook_delivery.c.due_at, webhook_delivery.c.number)
    )


def _is_free(time: datetime) -> sa.ColumnElement[bool]:
    leased = webhook_delivery.c.leased_until
    return leased.is_(None) | (leased < time)


def _read_due(row: sa.Row[Any]) -> Due:
    values = dict(row._mapping)
    own = {name: values.pop(name) for name in Delivery.__struct_fields__}
    return Due(delivery=Delivery(**own), **values)
