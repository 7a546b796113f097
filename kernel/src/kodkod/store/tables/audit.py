"""What was done, by whom: the audit log."""

from __future__ import annotations

import sqlalchemy as sa

from kodkod.store.tables.columns import BigId, Json, Utc, metadata

__all__ = ["audit"]

# No foreign keys: what was done stays known when a project or an account is gone.
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("seq", BigId, primary_key=True, autoincrement=True),
    sa.Column("at", Utc, nullable=False),
    sa.Column("user_id", sa.Integer),
    sa.Column("token_id", sa.Text),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("operation", sa.Text, nullable=False),
    sa.Column("project_id", sa.Integer),
    sa.Column("project_slug", sa.Text),
    sa.Column("target", Json, nullable=False),
    sa.Column("sent", Json),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("merged", sa.Integer, nullable=False),
    sa.Column("request_id", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Index("ix_audit_project_id_seq", "project_id", "seq"),
    sa.Index("ix_audit_user_id_seq", "user_id", "seq"),
    sa.Index("ix_audit_at", "at"),
    sqlite_autoincrement=True,
)
