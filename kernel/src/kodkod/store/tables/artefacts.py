"""What is computed from a corpus: features, models, maps, topics."""

from __future__ import annotations

import sqlalchemy as sa

from kodkod.store.tables.columns import Json, Utc, metadata, project_column

__all__ = ["feature", "model", "projection", "topics"]

feature = sa.Table(
    "feature",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    project_column(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("component", sa.Text, nullable=False),
    sa.Column("params", Json, nullable=False),
    sa.Column("dim", sa.Integer, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("sparse", sa.Boolean, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    # The scheme of the model that it was made of, if it was: no foreign key, as it outlives both.
    sa.Column("scheme_id", sa.Integer),
    sa.Column("window", Json),
    sa.UniqueConstraint("project_id", "name"),
)

model = sa.Table(
    "model",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    project_column(),
    sa.Column("scheme_id", sa.ForeignKey("scheme.id", ondelete="CASCADE"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("component", sa.Text, nullable=False),
    sa.Column("params", Json, nullable=False),
    sa.Column("features", Json, nullable=False),
    sa.Column("label_ids", Json, nullable=False),
    sa.Column("n_train", sa.Integer, nullable=False),
    sa.Column("trained_at_seq", sa.BigInteger, nullable=False),
    sa.Column("corpus_fingerprint", sa.Text, nullable=False),
    sa.Column("seed", sa.Integer, nullable=False),
    sa.Column("scores", Json, nullable=False),
    sa.Column("predicted_rows", sa.Integer),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("training", Json, nullable=False, server_default="{}"),
    sa.Column("provenance", Json, nullable=False, server_default="{}"),
    sa.Column("thresholds", Json),
    sa.Column("validation", Json),
    sa.Column("predicted", Json, nullable=False, server_default="{}"),
    sa.Column("labelling", Json),
    sa.UniqueConstraint("project_id", "name"),
    sa.Index("ix_model_scheme_id", "scheme_id"),
)

projection = sa.Table(
    "projection",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    project_column(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("component", sa.Text, nullable=False),
    sa.Column("params", Json, nullable=False),
    sa.Column("feature_id", sa.Text, nullable=False),
    sa.Column("split", sa.Text),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("seed", sa.Integer, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    # The scheme of the model whose predictions the feature is, if it is; it may be deleted since.
    sa.Column("scheme_id", sa.Integer),
    sa.UniqueConstraint("project_id", "name"),
)

topics = sa.Table(
    "topics",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    project_column(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("component", sa.Text, nullable=False),
    sa.Column("params", Json, nullable=False),
    sa.Column("feature_id", sa.Text, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("found", Json, nullable=False),
    sa.Column("seed", sa.Integer, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    # The scheme of the model whose predictions the feature is, if it is; it may be deleted since.
    sa.Column("scheme_id", sa.Integer),
    sa.UniqueConstraint("project_id", "name"),
)
