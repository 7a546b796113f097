"""Jobs, who runs them, what they took, and what is told of it."""

from __future__ import annotations

import sqlalchemy as sa

from kodkod.store.tables.columns import BigId, Json, Utc, metadata

__all__ = ["energy", "event", "job", "job_point", "worker"]

_LIVE = sa.text("state IN ('queued', 'running')")

job = sa.Table(
    "job",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("queue", sa.Text, nullable=False),
    sa.Column("project_id", sa.ForeignKey("project.id", ondelete="CASCADE"), index=True),
    sa.Column("user_id", sa.Integer, nullable=False, index=True),
    sa.Column("params", Json, nullable=False),
    sa.Column("lock_key", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("progress", sa.Float),
    sa.Column("message", sa.Text, nullable=False),
    sa.Column("metrics", Json, nullable=False),
    sa.Column("log", sa.Text, nullable=False),
    sa.Column("result", Json),
    sa.Column("error", sa.Text),
    sa.Column("seconds", sa.Float),
    sa.Column("wh", sa.Float),
    sa.Column("g_co2e", sa.Float),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("worker", sa.Text),
    sa.Column("heartbeat_at", Utc),
    sa.Column("cancel_requested", sa.Boolean, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("started_at", Utc),
    sa.Column("finished_at", Utc, index=True),
    sa.Column("eta", Utc),
    sa.Column("request_id", sa.Text),
    sa.Column("subject", sa.Text, nullable=False, server_default=""),
    sa.Column("expected", Json),
    sa.Column("warning", sa.Text, nullable=False, server_default=""),
    sa.Column("energy", Json),
    sa.Column("need_mb", sa.Integer),
    sa.Column("card", sa.Text),
    # The scheme that it is about, if it is about one; it may be deleted since.
    sa.Column("scheme_id", sa.Integer),
    sa.Index(
        "uq_job_lock_key_live", "lock_key", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
    ),
)

job_point = sa.Table(
    "job_point",
    metadata,
    sa.Column("job_id", sa.ForeignKey("job.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Utc, nullable=False),
    sa.Column("values", Json, nullable=False),
)

event = sa.Table(
    "event",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("project_id", sa.Integer),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("data", Json, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sqlite_autoincrement=True,
)

worker = sa.Table(
    "worker",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("queue", sa.Text, nullable=False),
    sa.Column("card", sa.Text),
    sa.Column("master", sa.Text, nullable=False),
    sa.Column("restarts", sa.Integer, nullable=False),
    sa.Column("job_id", sa.Text),
    sa.Column("rss_mb", sa.Integer, nullable=False),
    sa.Column("cards", Json, nullable=False),
    sa.Column("started_at", Utc, nullable=False),
    sa.Column("heartbeat_at", Utc, nullable=False),
)

energy = sa.Table(
    "energy",
    metadata,
    sa.Column("id", BigId, primary_key=True, autoincrement=True),
    sa.Column("job_id", sa.Text, nullable=False),
    sa.Column("project_id", sa.ForeignKey("project.id", ondelete="SET NULL"), index=True),
    sa.Column("project_slug", sa.Text),
    sa.Column("user_id", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("rows", sa.Integer),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("cpu_wh", sa.Float, nullable=False),
    sa.Column("gpu_wh", sa.Float, nullable=False),
    sa.Column("ram_wh", sa.Float, nullable=False),
    sa.Column("remote_wh", sa.Float, nullable=False),
    sa.Column("wh", sa.Float, nullable=False),
    sa.Column("g_co2e", sa.Float, nullable=False),
    sa.Column("measured_wh", sa.Float, nullable=False),
    sa.Column("finished_at", Utc, nullable=False, index=True),
    sa.Index("ix_energy_kind_subject", "kind", "subject"),
    sa.Index("ix_energy_job_id", "job_id"),
    sqlite_autoincrement=True,
)
