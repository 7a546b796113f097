"""Versions of codebooks, and texts whose answer is known."""

from __future__ import annotations

import sqlalchemy as sa

from kodkod.store.tables.columns import Json, Utc, metadata

__all__ = ["codebook_version", "gold"]

codebook_version = sa.Table(
    "codebook_version",
    metadata,
    sa.Column("scheme_id", sa.ForeignKey("scheme.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    # Entries of the log after this one were made under it.
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("codebook", sa.Text, nullable=False),
    sa.Column("labels", Json, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    # The labels whose meaning changed, by id; "all"; null for none.
    sa.Column("affects", Json),
    # Null: of a scheme that is older than versions are.
    sa.Column("created_by", sa.Integer),
    sa.Column("created_at", Utc, nullable=False),
)

gold = sa.Table(
    "gold",
    metadata,
    sa.Column("scheme_id", sa.ForeignKey("scheme.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("row", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("attention", sa.Boolean, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("created_by", sa.Integer, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
)
