"""Threads on texts: what was written, who is mentioned, who has read how far."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from kodkod.api import NotFoundError
from kodkod.store.database import now
from kodkod.store.tables import mention, post, project, thread, thread_read

__all__ = [
    "MentionRow",
    "PostRow",
    "ThreadRow",
    "add_post",
    "add_thread",
    "change_post",
    "change_thread",
    "find_post",
    "find_thread",
    "list_mentions",
    "list_posts",
    "list_threads",
    "mark_read",
    "read_marks",
]


class ThreadRow(Struct, frozen=True, kw_only=True):
    """A thread on a text, of one scheme or of none."""

    id: int
    project_id: int
    scheme_id: int | None
    row: int
    user_id: int
    created_at: datetime
    resolved_by: int | None
    resolved_at: datetime | None


class PostRow(Struct, frozen=True, kw_only=True):
    """What somebody wrote in a thread, exactly as given; "" once it is deleted."""

    id: int
    thread_id: int
    user_id: int
    text: str
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None


class MentionRow(Struct, frozen=True, kw_only=True):
    """A post in which a user is mentioned, where it is, and whether it was read."""

    post: PostRow
    thread: ThreadRow
    slug: str
    read: bool


async def add_thread(connection: AsyncConnection, **values: Any) -> ThreadRow:
    """Store a thread, which has no post yet."""
    values |= {"created_at": now(), "resolved_by": None, "resolved_at": None}
    made = await connection.execute(sa.insert(thread).values(**values).returning(thread.c.id))
    return ThreadRow(id=made.scalar_one(), **values)


async def find_thread(connection: AsyncConnection, project_id: int, thread_id: int) -> ThreadRow:
    """Return a thread of a project.

    Raises:
        NotFoundError: the project has none of this id.
    """
    query = sa.select(thread).where(thread.c.id == thread_id, thread.c.project_id == project_id)
    row = (await connection.execute(query)).first()
    if row is None:
        raise NotFoundError(f"The project has no thread {thread_id}.")
    return ThreadRow(**row._mapping)


async def list_threads(
    connection: AsyncConnection,
    project_id: int,
    *,
    row: int | None = None,
    scheme_id: int | None = None,
    resolved: bool | None = None,
    after: int = 0,
    limit: int = 100,
) -> list[ThreadRow]:
    """Return a project's threads in the order of making: of a text, of a scheme, open ones."""
    query = sa.select(thread).where(thread.c.project_id == project_id, thread.c.id > after)
    if row is not None:
        query = query.where(thread.c.row == row)
    if scheme_id is not None:
        query = query.where(thread.c.scheme_id == scheme_id)
    if resolved is not None:
        is_open = thread.c.resolved_at.is_(None)
        query = query.where(~is_open if resolved else is_open)
    found = await connection.execute(query.order_by(thread.c.id).limit(limit))
    return [ThreadRow(**each._mapping) for each in found]


async def change_thread(connection: AsyncConnection, thread_id: int, **values: Any) -> None:
    """Change columns of a thread."""
    await connection.execute(sa.update(thread).where(thread.c.id == thread_id).values(**values))


async def list_posts(
    connection: AsyncConnection, thread_ids: Collection[int]
) -> dict[int, list[PostRow]]:
    """Return the posts of threads, by thread, in order."""
    query = sa.select(post).where(post.c.thread_id.in_(thread_ids)).order_by(post.c.id)
    found: dict[int, list[PostRow]] = {id_: [] for id_ in thread_ids}
    for row in await connection.execute(query):
        found[row.thread_id].append(PostRow(**row._mapping))
    return found


async def find_post(connection: AsyncConnection, thread_id: int, post_id: int) -> PostRow:
    """Return a post of a thread.

    Raises:
        NotFoundError: the thread has none of this id.
    """
    query = sa.select(post).where(post.c.id == post_id, post.c.thread_id == thread_id)
    row = (await connection.execute(query)).first()
    if row is None:
        raise NotFoundError(f"The thread {thread_id} has no post {post_id}.")
    return PostRow(**row._mapping)


async def add_post(
    connection: AsyncConnection,
    thread_id: int,
    user_id: int,
    text: str,
    mentioned: Collection[int],
) -> int:
    """Store a post with those it mentions; its writer has read so far. Return its id."""
    values = {"thread_id": thread_id, "user_id": user_id, "text": text, "created_at": now()}
    made = await connection.execute(sa.insert(post).values(**values).returning(post.c.id))
    post_id = made.scalar_one()
    await _mention(connection, post_id, mentioned)
    await mark_read(connection, thread_id, user_id, post_id)
    return post_id


async def change_post(
    connection: AsyncConnection,
    post_id: int,
    mentioned: Collection[int],
    **values: Any,
) -> None:
    """Change columns of a post, and whom it mentions."""
    await connection.execute(sa.update(post).where(post.c.id == post_id).values(**values))
    await connection.execute(sa.delete(mention).where(mention.c.post_id == post_id))
    await _mention(connection, post_id, mentioned)


async def _mention(connection: AsyncConnection, post_id: int, user_ids: Collection[int]) -> None:
    rows = [{"post_id": post_id, "user_id": user_id} for user_id in user_ids]
    if rows:
        await connection.execute(sa.insert(mention), rows)


async def mark_read(
    connection: AsyncConnection, thread_id: int, user_id: int, post_id: int
) -> None:
    """Note how far a user has read a thread."""
    here = (thread_read.c.thread_id == thread_id) & (thread_read.c.user_id == user_id)
    await connection.execute(sa.delete(thread_read).where(here))
    await connection.execute(
        sa.insert(thread_read).values(thread_id=thread_id, user_id=user_id, post_id=post_id)
    )


async def read_marks(
    connection: AsyncConnection, thread_ids: Collection[int], user_id: int
) -> dict[int, int]:
    """Return the newest post that a user has read, by thread; 0 where none was."""
    query = sa.select(thread_read.c.thread_id, thread_read.c.post_id).where(
        thread_read.c.thread_id.in_(thread_ids), thread_read.c.user_id == user_id
    )
    marks = {row.thread_id: row.post_id for row in await connection.execute(query)}
    return {id_: marks.get(id_, 0) for id_ in thread_ids}


async def list_mentions(
    connection: AsyncConnection,
    user_id: int,
    project_ids: Collection[int] | None,
    *,
    before: int | None = None,
    limit: int = 100,
) -> list[MentionRow]:
    """Return the posts that mention a user, newest first, in these projects (None: in any)."""
    read = sa.func.coalesce(thread_read.c.post_id, 0) >= post.c.id
    query = (
        sa.select(
            *(column.label(f"post_{column.name}") for column in post.columns),
            *(column.label(f"thread_{column.name}") for column in thread.columns),
            project.c.slug,
            read.label("read"),
        )
        .select_from(mention)
        .join(post, post.c.id == mention.c.post_id)
        .join(thread, thread.c.id == post.c.thread_id)
        .join(project, project.c.id == thread.c.project_id)
        .outerjoin(
            thread_read,
            (thread_read.c.thread_id == thread.c.id) & (thread_read.c.user_id == user_id),
        )
        .where(mention.c.user_id == user_id, post.c.deleted_at.is_(None))
        .order_by(post.c.id.desc())
        .limit(limit)
    )
    if project_ids is not None:
        query = query.where(thread.c.project_id.in_(project_ids))
    if before is not None:
        query = query.where(post.c.id < before)
    return [_mention_row(dict(row._mapping)) for row in await connection.execute(query)]


def _mention_row(values: dict[str, Any]) -> MentionRow:
    def part(prefix: str) -> dict[str, Any]:
        return {k.removeprefix(prefix): v for k, v in values.items() if k.startswith(prefix)}

    return MentionRow(
        post=PostRow(**part("post_")),
        thread=ThreadRow(**part("thread_")),
        slug=values["slug"],
        read=bool(values["read"]),
    )
