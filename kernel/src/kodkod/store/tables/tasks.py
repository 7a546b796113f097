"""Tasks for people, and which texts each of them has."""

from __future__ import annotations

import sqlalchemy as sa

from kodkod.store.tables.columns import Json, Utc, metadata, project_column

__all__ = ["task", "task_share"]

task = sa.Table(
    "task",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    project_column(),
    sa.Column("scheme_id", sa.ForeignKey("scheme.id", ondelete="CASCADE"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("instructions", sa.Text, nullable=False),
    sa.Column("plan", Json, nullable=False),
    sa.Column("rows", sa.Text, nullable=False),
    sa.Column("order", sa.Text, nullable=False),
    sa.Column("blind", sa.Boolean, nullable=False),
    sa.Column("hide_predictions", sa.Boolean, nullable=False),
    sa.Column("only", sa.Boolean, nullable=False),
    sa.Column("deadline", Utc),
    sa.Column("closed_at", Utc),
    sa.Column("late_told_at", Utc),
    sa.Column("created_by", sa.Integer, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.UniqueConstraint("scheme_id", "name"),
)

task_share = sa.Table(
    "task_share",
    metadata,
    sa.Column("task_id", sa.ForeignKey("task.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("user_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("places", sa.Text),
    sa.Column("given_at", Utc, nullable=False),
    sa.Index("ix_task_share_user_id", "user_id"),
)
