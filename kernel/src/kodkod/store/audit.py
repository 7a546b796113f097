"""The audit log: rows in a chain, so that one that is changed or taken out is noticed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import asdict, replace
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.tables import audit

__all__ = [
    "AuditRow",
    "NewAudit",
    "add_audit",
    "broken_audit",
    "list_audit",
    "purge_audit",
    "rewrite_audit",
]

_CHAIN_LOCK = 0x6B6F6B61
_PAGE = 1_000


class NewAudit(Struct, frozen=True, kw_only=True):
    """Something that somebody did, or was not let do.

    `operation` is the id that docs/openapi.json has for it; `target` what of its address was
    variable, `sent` what came with it, without secrets. `merged` counts attempts before this one
    that failed and have no row of their own.
    """

    at: datetime
    operation: str
    status: int
    user_id: int | None = None
    token_id: str | None = None
    address: str = ""
    project_id: int | None = None
    project_slug: str | None = None
    target: Mapping[str, str] = {}
    sent: Any = None
    merged: int = 0
    request_id: str = ""


class AuditRow(NewAudit, frozen=True, kw_only=True):
    """The same as it is stored; `digest` is of the row and of the digest before it."""

    seq: int
    digest: str


async def add_audit(connection: AsyncConnection, new: NewAudit) -> None:
    """Append a row."""
    if connection.dialect.name != "sqlite":
        # Otherwise two rows would have the same one before them.
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_CHAIN_LOCK)))
    newest = sa.select(audit.c.digest).order_by(audit.c.seq.desc()).limit(1)
    before = (await connection.execute(newest)).scalar() or ""
    await connection.execute(sa.insert(audit).values(**asdict(new), digest=_digest(before, new)))


async def list_audit(
    connection: AsyncConnection,
    *,
    project_id: int | None = None,
    user_id: int | None = None,
    operation: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int,
) -> list[AuditRow]:
    """Return rows, the newest first, those before row `before` where one is given."""
    query = sa.select(audit).order_by(audit.c.seq.desc()).limit(limit)
    wanted = {"project_id": project_id, "user_id": user_id, "operation": operation}
    for name, value in wanted.items():
        if value is not None:
            query = query.where(audit.c[name] == value)
    if since is not None:
        query = query.where(audit.c.at >= since)
    if until is not None:
        query = query.where(audit.c.at < until)
    if before is not None:
        query = query.where(audit.c.seq < before)
    return [AuditRow(**row._mapping) for row in await connection.execute(query)]


async def broken_audit(connection: AsyncConnection) -> int | None:
    """Return the first row that does not fit the one before it; None where all do.

    The oldest row that is left is believed: those before it may have been purged.
    """
    last: AuditRow | None = None
    while True:
        query = sa.select(audit).order_by(audit.c.seq).limit(_PAGE)
        if last is not None:
            query = query.where(audit.c.seq > last.seq)
        page = [AuditRow(**row._mapping) for row in await connection.execute(query)]
        for row in page:
            if last is not None and row.digest != _digest(last.digest, row):
                return row.seq
            last = row
        if len(page) < _PAGE:
            return None


async def rewrite_audit(
    connection: AsyncConnection, change: Callable[[AuditRow], AuditRow]
) -> None:
    """Change rows, and make the chain anew from the first that changed.

    Whoever has kept a digest from before can tell that this was done.
    """
    if connection.dialect.name != "sqlite":
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_CHAIN_LOCK)))
    last_seq, digest, broken = 0, "", False
    while True:
        query = sa.select(audit).where(audit.c.seq > last_seq).order_by(audit.c.seq).limit(_PAGE)
        page = [AuditRow(**row._mapping) for row in await connection.execute(query)]
        for row in page:
            changed = change(row)
            broken = broken or changed != row
            if broken:
                changed = replace(changed, digest=_digest(digest, changed))
                values = {name: getattr(changed, name) for name in AuditRow.__struct_fields__}
                await connection.execute(
                    sa.update(audit).where(audit.c.seq == row.seq).values(values)
                )
            last_seq, digest = row.seq, changed.digest
        if len(page) < _PAGE:
            return


async def purge_audit(connection: AsyncConnection, before: datetime) -> None:
    """Forget rows from before a time, but the newest: the next one builds on it."""
    newest = sa.select(sa.func.max(audit.c.seq)).scalar_subquery()
    await connection.execute(sa.delete(audit).where(audit.c.at < before, audit.c.seq < newest))


def _digest(before: str, row: NewAudit) -> str:
    told = [before, *(getattr(row, name) for name in NewAudit.__struct_fields__)]
    # Times are kept to the microsecond, and JSON has no tuples: as it will be read.
    return hashlib.sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()
