"""Accounts, their tokens, and who belongs to a project."""

from __future__ import annotations

import sqlalchemy as sa

from kodkod.store.tables.columns import Json, Utc, id_column, metadata

__all__ = ["member", "token", "user"]

user = sa.Table(
    "user",
    metadata,
    id_column(),
    sa.Column("username", sa.Text, nullable=False, unique=True),
    sa.Column("sign_in", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False, default=True),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("preferences", Json),
    sqlite_autoincrement=True,
)

token = sa.Table(
    "token",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("user_id", sa.ForeignKey("user.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text),
    sa.Column("scopes", Json, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("expires_at", Utc, nullable=False),
    sa.Column("last_used_at", Utc),
    # Of sessions: with what, from where and by which way one signed in.
    sa.Column("agent", sa.Text),
    sa.Column("address", sa.Text),
    sa.Column("way", sa.Text),
    sa.Column("idle_seconds", sa.BigInteger),
)

member = sa.Table(
    "member",
    metadata,
    sa.Column("project_id", sa.ForeignKey("project.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("user_id", sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Index("ix_member_user_id", "user_id"),
)
