"""Who adjudicates, and what people write to one another: threads on texts, and notices."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kodkod.store.tables.columns import Utc, id_column, metadata, project_column

__all__ = [
    "adjudicator",
    "assignment",
    "mention",
    "notice",
    "notice_read",
    "post",
    "thread",
    "thread_read",
]


def _of(table: str, name: str, **kwargs: Any) -> sa.Column[int]:
    return sa.Column(name, sa.ForeignKey(f"{table}.id", ondelete="CASCADE"), **kwargs)


adjudicator = sa.Table(
    "adjudicator",
    metadata,
    _of("scheme", "scheme_id", primary_key=True),
    _of("user", "user_id", primary_key=True),
    sa.Index("ix_adjudicator_user_id", "user_id"),
)

assignment = sa.Table(
    "assignment",
    metadata,
    _of("scheme", "scheme_id", primary_key=True),
    sa.Column("row", sa.Integer, primary_key=True, autoincrement=False),
    _of("user", "user_id", nullable=False, index=True),
)

thread = sa.Table(
    "thread",
    metadata,
    id_column(),
    project_column(),
    _of("scheme", "scheme_id", nullable=True, index=True),
    sa.Column("row", sa.Integer, nullable=False),
    sa.Column("user_id", sa.Integer, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("resolved_by", sa.Integer),
    sa.Column("resolved_at", Utc),
    sa.Index("ix_thread_project_id_row", "project_id", "row"),
    sqlite_autoincrement=True,
)

post = sa.Table(
    "post",
    metadata,
    id_column(),
    _of("thread", "thread_id", nullable=False),
    sa.Column("user_id", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("edited_at", Utc),
    sa.Column("deleted_at", Utc),
    sa.Index("ix_post_thread_id", "thread_id", "id"),
    sqlite_autoincrement=True,
)

mention = sa.Table(
    "mention",
    metadata,
    _of("post", "post_id", primary_key=True),
    _of("user", "user_id", primary_key=True),
    sa.Index("ix_mention_user_id", "user_id", "post_id"),
)

thread_read = sa.Table(
    "thread_read",
    metadata,
    _of("thread", "thread_id", primary_key=True),
    _of("user", "user_id", primary_key=True),
    sa.Column("post_id", sa.Integer, nullable=False),
    sa.Index("ix_thread_read_user_id", "user_id"),
)

notice = sa.Table(
    "notice",
    metadata,
    id_column(),
    _of("project", "project_id", nullable=True, index=True),
    sa.Column("user_id", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("expires_at", Utc),
    sqlite_autoincrement=True,
)

notice_read = sa.Table(
    "notice_read",
    metadata,
    _of("notice", "notice_id", primary_key=True),
    _of("user", "user_id", primary_key=True),
    sa.Index("ix_notice_read_user_id", "user_id"),
)
