"""Prompts, keys, and what was replied."""

from __future__ import annotations

import sqlalchemy as sa

from kodkod.store.tables.columns import Json, Utc, metadata, project_column

__all__ = ["labelled", "prompt", "prompt_version", "reply", "secret"]

prompt = sa.Table(
    "prompt",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    project_column(),
    sa.Column("scheme_id", sa.ForeignKey("scheme.id", ondelete="CASCADE"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.UniqueConstraint("project_id", "name"),
    sa.Index("ix_prompt_scheme_id", "scheme_id"),
)

prompt_version = sa.Table(
    "prompt_version",
    metadata,
    sa.Column("prompt_id", sa.ForeignKey("prompt.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("system", sa.Text, nullable=False),
    sa.Column("user", sa.Text, nullable=False),
    sa.Column("examples", Json, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("created_by", sa.Integer, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
)

secret = sa.Table(
    "secret",
    metadata,
    project_column(primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("created_by", sa.Integer, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("last_used_at", Utc),
)

reply = sa.Table(
    "reply",
    metadata,
    project_column(primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("value", sa.Text),
    sa.Column("confidence", sa.Float),
    sa.Column("probabilities", Json),
    sa.Column("justification", sa.Text, nullable=False),
    sa.Column("raw", sa.Text, nullable=False),
    sa.Column("problem", sa.Text, nullable=False),
    sa.Column("tokens_in", sa.Integer, nullable=False),
    sa.Column("tokens_out", sa.Integer, nullable=False),
    sa.Column("calls", sa.Integer, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("cost", sa.Float),
    sa.Column("wh", sa.Float),
    sa.Column("created_at", Utc, nullable=False),
)

labelled = sa.Table(
    "labelled",
    metadata,
    sa.Column("model_id", sa.ForeignKey("model.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("row", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("key", sa.Text, nullable=False),
)
