"""What is stored of a person: read out for them, or erased."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.store.audit import AuditRow, rewrite_audit
from kodkod.store.people import User, delete_user
from kodkod.store.tables import (
    annotation,
    drawn_sample,
    event,
    job,
    metadata,
    model,
    notice,
    post,
    project,
    task,
)

__all__ = ["Erased", "erase_person", "former_name", "person_columns", "personal_rows"]

_PEOPLE = frozenset({"user_id", "created_by", "keeper_id"})
_SECRET = frozenset({"digest", "secret", "sealed", "remembered", "browser", "places"})
"""What proves who somebody is, or is large and says nothing of them."""
_NAMING: tuple[tuple[sa.Table, tuple[str, ...]], ...] = (
    (event, ("data",)),
    (job, ("params", "result")),
    (task, ("plan",)),
    (model, ("params", "training")),
    (drawn_sample, ("plan",)),
)
"""Where JSON has usernames in it; the log and all else have ids."""


def former_name(user_id: int) -> str:
    """Return what stands for an account that is no more."""
    return f"former user {user_id}"


def person_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """Return the columns by which a table says whose a row is, by id."""
    if table.name == "user":
        return [table.c.id]
    theirs = [
        each
        for each in table.c
        if any(key.column.table.name == "user" for key in each.foreign_keys)
    ]
    named = [each for each in table.c if each.name in _PEOPLE and isinstance(each.type, sa.Integer)]
    return list(dict.fromkeys([*theirs, *named]))


async def personal_rows(
    connection: AsyncConnection, user: User
) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """Yield all that is stored of a person: the table, and a row without what is secret.

    Tables are found by their columns, so that none is forgotten.
    """
    for table in metadata.sorted_tables:
        for column in person_columns(table):
            shown = [each for each in table.c if each.name not in _SECRET]
            query = sa.select(*shown).where(column == user.id)
            async for row in await connection.stream(query):
                yield str(table.name), {str(name): each for name, each in row._mapping.items()}
    made = sa.select(project).where(project.c.created_by == user.username)
    for row in await connection.execute(made):
        yield "project", {str(name): each for name, each in row._mapping.items()}


class Erased(Struct, frozen=True, kw_only=True):
    """What an erasure has changed: `annotations` stay, under a number; `projects` have some."""

    annotations: int
    words: int
    projects: list[int]


async def erase_person(connection: AsyncConnection, user: User, *, words: bool) -> Erased:
    """Delete an account and all by which a person could be known.

    What they annotated stays under a number. With `words`, what they wrote goes as well: comments,
    posts and messages. The audit log keeps what was done, without address, session and what was
    sent, and its chain is made anew from there.
    """
    theirs = sa.select(annotation.c.project_id, sa.func.count().label("n"))
    theirs = theirs.where(annotation.c.user_id == user.id).group_by(annotation.c.project_id)
    counts = {row.project_id: row.n for row in await connection.execute(theirs)}
    gone = await _erase_words(connection, user.id) if words else 0
    name = former_name(user.id)
    for table, columns in _NAMING:
        for column in columns:
            await _rename(connection, table, table.c[column], user.username, name)
    mine = project.c.created_by == user.username
    await connection.execute(sa.update(project).where(mine).values(created_by=name))
    for table in (post, notice):
        await _rename_mentions(connection, table, user.username, name)

    word = re.compile(rf"(?<![\w.-]){re.escape(user.username)}(?![\w.@-])")

    def rename(text: str) -> str:
        return word.sub(lambda _: name, text)

    def scrubbed(row: AuditRow) -> AuditRow:
        own = row.user_id == user.id
        return replace(
            row,
            token_id=None if own else row.token_id,
            address="" if own else row.address,
            target=_renamed(row.target, rename),
            sent=None if own else _renamed(row.sent, rename),
        )

    await rewrite_audit(connection, scrubbed)
    await delete_user(connection, user.id)
    return Erased(annotations=sum(counts.values()), words=gone, projects=list(counts))


async def _erase_words(connection: AsyncConnection, user_id: int) -> int:
    commented = (annotation.c.user_id == user_id) & (annotation.c.comment != "")
    written = (post.c.user_id == user_id) & (post.c.text != "")
    gone = 0
    for change in (
        sa.update(annotation).where(commented).values(comment=""),
        sa.update(post).where(written).values(text=""),
        sa.delete(notice).where(notice.c.user_id == user_id),
    ):
        gone += (await connection.execute(change)).rowcount
    return gone


async def _rename(
    connection: AsyncConnection, table: sa.Table, column: sa.Column[Any], old: str, new: str
) -> None:
    (key,) = table.primary_key
    quoted = msgspec.json.encode(old).decode()
    raw = sa.cast(sa.type_coerce(column, sa.Text), sa.Text)
    query = sa.select(key, column).where(raw.contains(quoted, autoescape=True))
    for row in (await connection.execute(query)).all():
        changed = {column.name: _renamed(row[1], lambda text: new if text == old else text)}
        await connection.execute(sa.update(table).where(key == row[0]).values(changed))


def _renamed(value: Any, rename: Callable[[str], str]) -> Any:
    """Return JSON with every string in it renamed."""
    if isinstance(value, str):
        return rename(value)
    if isinstance(value, Mapping):
        return {key: _renamed(each, rename) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_renamed(each, rename) for each in value]
    return value


async def _rename_mentions(
    connection: AsyncConnection, table: sa.Table, old: str, new: str
) -> None:
    mention = re.compile(rf"@{re.escape(old)}(?![\w.@-])")
    query = sa.select(table.c.id, table.c.text)
    query = query.where(table.c.text.contains(f"@{old}", autoescape=True))
    for row in (await connection.execute(query)).all():
        text = mention.sub(lambda _: f"@{new}", row.text)
        if text != row.text:
            await connection.execute(sa.update(table).where(table.c.id == row.id).values(text=text))
