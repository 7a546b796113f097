"""Projects, their files and samples, their schemes, and the log."""

from __future__ import annotations

import sqlalchemy as sa

from kodkod.store.tables.columns import BigId, Json, Utc, id_column, metadata, project_column

__all__ = ["annotation", "drawn_sample", "label", "project", "project_file", "scheme"]

project = sa.Table(
    "project",
    metadata,
    id_column(),
    sa.Column("slug", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("config", Json, nullable=False),
    sa.Column("n_rows", sa.Integer, nullable=False),
    sa.Column("splits", Json, nullable=False),
    sa.Column("corpus_fingerprint", sa.Text, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("budget", Json),
    sa.Column("archived_at", Utc),
    sa.Column("deleted_at", Utc),
    sqlite_autoincrement=True,
)

project_file = sa.Table(
    "project_file",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    project_column(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("user_id", sa.Integer, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.UniqueConstraint("project_id", "name"),
)

drawn_sample = sa.Table(
    "drawn_sample",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    project_column(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("plan", Json, nullable=False),
    sa.Column("population", sa.Integer, nullable=False),
    sa.Column("strata", Json, nullable=False),
    sa.Column("rows", Json, nullable=False),
    sa.Column("stratum_of", Json, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    # The scheme of the model whose labels are the strata, if they are; it may be deleted since.
    sa.Column("scheme_id", sa.Integer),
    sa.UniqueConstraint("project_id", "name"),
)

scheme = sa.Table(
    "scheme",
    metadata,
    id_column(),
    project_column(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("params", Json, nullable=False),
    sa.Column("codebook", sa.Text, nullable=False),
    sa.Column("overlap", sa.Integer, nullable=False),
    sa.Column("guide", Json),
    sa.Column("checks", Json),
    sa.Column("created_at", Utc, nullable=False),
    sa.UniqueConstraint("project_id", "name"),
    sqlite_autoincrement=True,
)

label = sa.Table(
    "label",
    metadata,
    id_column(),
    sa.Column("scheme_id", sa.ForeignKey("scheme.id", ondelete="CASCADE"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("color", sa.Text),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Index("ix_label_scheme_id", "scheme_id", "position"),
    sqlite_autoincrement=True,
)

annotation = sa.Table(
    "annotation",
    metadata,
    sa.Column("seq", BigId, primary_key=True, autoincrement=True),
    project_column(),
    sa.Column("scheme_id", sa.ForeignKey("scheme.id", ondelete="CASCADE"), nullable=False),
    sa.Column("op", sa.Text, nullable=False),
    sa.Column("row", sa.Integer),
    sa.Column("user_id", sa.Integer, nullable=False),
    sa.Column("value", sa.Text),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("strategy", sa.Text),
    sa.Column("selection_probability", sa.Float),
    sa.Column("model_version", sa.Integer),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("flagged", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("seconds", sa.Float),
    sa.Column("undoes", sa.BigInteger),
    sa.Column("created_at", Utc, nullable=False),
    sa.Index("ix_annotation_scheme_id_seq", "scheme_id", "seq"),
    sa.Index("ix_annotation_project_id_seq", "project_id", "seq"),
    sa.Index("ix_annotation_scheme_id_row", "scheme_id", "row", "seq"),
    sqlite_autoincrement=True,
)
