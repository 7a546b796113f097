"""Versions of a scheme's codebook and labels: what was in force when something was annotated."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import ConflictError, NotFoundError
from kodkod.store.database import now
from kodkod.store.labels import Label, labels_of
from kodkod.store.tables import annotation, codebook_version, scheme

__all__ = [
    "Affects",
    "CodebookMark",
    "CodebookVersion",
    "list_marks",
    "list_versions",
    "mark_version",
    "note_version",
    "number_at",
    "version_of",
]

Affects = tuple[int, ...] | Literal["all"] | None
"""The labels, by id, whose meaning a version changes for what was annotated before it."""

_table = codebook_version


class CodebookMark(Struct, frozen=True, kw_only=True):
    """From where in the log a version is in force: the entries after `seq` were made under it."""

    number: int
    seq: int
    affects: Affects


class CodebookVersion(CodebookMark, frozen=True, kw_only=True):
    """A version: the codebook (Markdown) and the labels with their descriptions.

    `created_by` is None for the first version of a scheme that is older than versions are.
    """

    scheme_id: int
    codebook: str
    labels: list[Label]
    note: str
    created_by: int | None
    created_at: datetime


def number_at(marks: Sequence[CodebookMark], seq: int) -> int | None:
    """Return the number of the version that an entry of the log was made under."""
    place = bisect_left(marks, seq, key=lambda mark: mark.seq)
    return marks[place - 1].number if place else None


async def note_version(
    connection: AsyncConnection,
    scheme_id: int,
    *,
    user_id: int,
    note: str = "",
    affects: Affects = None,
    base: int | None = None,
) -> int:
    """Keep the codebook and labels as they are now as a version, and return its number.

    Nothing is kept where nothing changed. A version under which nobody has annotated yet is
    written anew by whoever wrote it: ten labels added one by one are one version.

    Raises:
        ConflictError: `base`, the version that the change was made to, is not the newest.
    """
    last = await _newest(connection, scheme_id)
    if base is not None and last is not None and base != last.number:
        raise ConflictError(
            f"The codebook was changed meanwhile: version {last.number} is there, and yours was "
            f"made from {base}. Look at what changed, put the two together, then save."
        )
    query = sa.select(scheme.c.codebook).where(scheme.c.id == scheme_id)
    codebook = (await connection.execute(query)).scalar_one()
    labels = await labels_of(connection, scheme_id)
    said = bool(note) or affects is not None
    if last is not None:
        if not said and (last.codebook, _meaning(last.labels)) == (codebook, _meaning(labels)):
            return last.number
        tail = await _tail(connection, scheme_id)
        if last.created_by == user_id and last.seq == tail and not last.note and not last.affects:
            where = (_table.c.scheme_id == scheme_id) & (_table.c.number == last.number)
            values = {"codebook": codebook, "labels": labels, "note": note, "affects": affects}
            await connection.execute(sa.update(_table).where(where).values(**values))
            return last.number
    return await _insert(
        connection,
        scheme_id,
        number=1 if last is None else last.number + 1,
        codebook=codebook,
        labels=labels,
        note=note,
        affects=affects,
        created_by=user_id,
    )


async def _insert(
    connection: AsyncConnection, scheme_id: int, *, number: int, **values: Any
) -> int:
    seq = await _tail(connection, scheme_id)
    new = {"scheme_id": scheme_id, "number": number, "seq": seq, "created_at": now(), **values}
    try:
        await connection.execute(sa.insert(_table).values(**new))
    except IntegrityError as error:
        raise ConflictError("The codebook was changed at this moment; look, then save.") from error
    return number


async def mark_version(
    connection: AsyncConnection, scheme_id: int, number: int, **values: Any
) -> None:
    """Change the note of a version, or what it `affects`.

    Raises:
        NotFoundError: there is no such version.
    """
    where = (_table.c.scheme_id == scheme_id) & (_table.c.number == number)
    done = await connection.execute(sa.update(_table).where(where).values(**values))
    if not done.rowcount:
        raise NotFoundError(_missing(number))


async def list_versions(connection: AsyncConnection, scheme_id: int) -> list[CodebookVersion]:
    """Return a scheme's versions, oldest first."""
    query = sa.select(_table).where(_table.c.scheme_id == scheme_id).order_by(_table.c.number)
    return [_version(row) for row in await connection.execute(query)]


async def version_of(connection: AsyncConnection, scheme_id: int, number: int) -> CodebookVersion:
    """Return a version.

    Raises:
        NotFoundError: there is no such version.
    """
    query = sa.select(_table).where(_table.c.scheme_id == scheme_id, _table.c.number == number)
    row = (await connection.execute(query)).first()
    if row is None:
        raise NotFoundError(_missing(number))
    return _version(row)


async def list_marks(connection: AsyncConnection, project_id: int) -> dict[int, list[CodebookMark]]:
    """Return the marks of a project's schemes, by scheme, in order."""
    query = (
        sa.select(_table.c.scheme_id, _table.c.number, _table.c.seq, _table.c.affects)
        .join(scheme, scheme.c.id == _table.c.scheme_id)
        .where(scheme.c.project_id == project_id)
        .order_by(_table.c.scheme_id, _table.c.number)
    )
    found: dict[int, list[CodebookMark]] = {}
    for row in await connection.execute(query):
        mark = CodebookMark(number=row.number, seq=row.seq, affects=_affects(row.affects))
        found.setdefault(row.scheme_id, []).append(mark)
    return found


async def _newest(connection: AsyncConnection, scheme_id: int) -> CodebookVersion | None:
    query = (
        sa.select(_table)
        .where(_table.c.scheme_id == scheme_id)
        .order_by(_table.c.number.desc())
        .limit(1)
    )
    row = (await connection.execute(query)).first()
    return None if row is None else _version(row)


async def _tail(connection: AsyncConnection, scheme_id: int) -> int:
    newest = sa.func.coalesce(sa.func.max(annotation.c.seq), 0)
    query = sa.select(newest).where(annotation.c.scheme_id == scheme_id)
    return (await connection.execute(query)).scalar_one()


def _version(row: sa.Row[Any]) -> CodebookVersion:
    values = dict(row._mapping)
    values["labels"] = msgspec.convert(values["labels"], list[Label])
    values["affects"] = _affects(values["affects"])
    return CodebookVersion(**values)


def _affects(stored: Any) -> Affects:
    return tuple(stored) if isinstance(stored, list) else stored


def _meaning(labels: Sequence[Label]) -> list[tuple[int, str, str]]:
    """Return what of labels matters to whoever annotates, whatever their order and colour."""
    return sorted((each.id, each.name, each.description) for each in labels)


def _missing(number: int) -> str:
    return f"The codebook has no version {number}."
