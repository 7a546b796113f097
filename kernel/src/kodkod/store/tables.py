"""The tables. Times are whole microseconds since 1970, UTC, so that both databases agree."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Dialect

__all__ = [
    "annotation",
    "drawn_sample",
    "energy",
    "event",
    "feature",
    "job",
    "job_point",
    "label",
    "labelled",
    "member",
    "metadata",
    "model",
    "project",
    "project_file",
    "projection",
    "prompt",
    "prompt_version",
    "reply",
    "scheme",
    "secret",
    "token",
    "topics",
    "user",
    "worker",
]

_BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class Utc(sa.types.TypeDecorator[datetime]):
    """A point in time."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Write whole microseconds."""
        return None if value is None else round(value.timestamp() * 1_000_000)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Read a time with its zone."""
        return None if value is None else datetime.fromtimestamp(value / 1_000_000, tz=UTC)


class Json(sa.types.TypeDecorator[Any]):
    """A value as JSON text, by msgspec."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Write JSON; None stays null."""
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read JSON."""
        return None if value is None else msgspec.json.decode(value)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def _project(**kwargs: Any) -> sa.Column[int]:
    return sa.Column(
        "project_id", sa.ForeignKey("project.id", ondelete="CASCADE"), nullable=False, **kwargs
    )


user = sa.Table(
    "user",
    metadata,
    _id(),
    sa.Column("username", sa.Text, nullable=False, unique=True),
    sa.Column("sign_in", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False, default=True),
    sa.Column("created_at", Utc, nullable=False),
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
)

project = sa.Table(
    "project",
    metadata,
    _id(),
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
    sqlite_autoincrement=True,
)

member = sa.Table(
    "member",
    metadata,
    sa.Column("project_id", sa.ForeignKey("project.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("user_id", sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Index("ix_member_user_id", "user_id"),
)

scheme = sa.Table(
    "scheme",
    metadata,
    _id(),
    _project(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("params", Json, nullable=False),
    sa.Column("codebook", sa.Text, nullable=False),
    sa.Column("overlap", sa.Integer, nullable=False),
    sa.Column("guide", Json),
    sa.Column("created_at", Utc, nullable=False),
    sa.UniqueConstraint("project_id", "name"),
    sqlite_autoincrement=True,
)

label = sa.Table(
    "label",
    metadata,
    _id(),
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
    sa.Column("seq", _BigId, primary_key=True, autoincrement=True),
    _project(),
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
    sa.Column("seconds", sa.Float),
    sa.Column("undoes", sa.BigInteger),
    sa.Column("created_at", Utc, nullable=False),
    sa.Index("ix_annotation_scheme_id_seq", "scheme_id", "seq"),
    sa.Index("ix_annotation_project_id_seq", "project_id", "seq"),
    sqlite_autoincrement=True,
)

feature = sa.Table(
    "feature",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _project(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("component", sa.Text, nullable=False),
    sa.Column("params", Json, nullable=False),
    sa.Column("dim", sa.Integer, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("sparse", sa.Boolean, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.UniqueConstraint("project_id", "name"),
)

model = sa.Table(
    "model",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _project(),
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

prompt = sa.Table(
    "prompt",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _project(),
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
    _project(primary_key=True),
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
    _project(primary_key=True),
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

projection = sa.Table(
    "projection",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _project(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("component", sa.Text, nullable=False),
    sa.Column("params", Json, nullable=False),
    sa.Column("feature_id", sa.Text, nullable=False),
    sa.Column("split", sa.Text),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("seed", sa.Integer, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.UniqueConstraint("project_id", "name"),
)

topics = sa.Table(
    "topics",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _project(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("component", sa.Text, nullable=False),
    sa.Column("params", Json, nullable=False),
    sa.Column("feature_id", sa.Text, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("found", Json, nullable=False),
    sa.Column("seed", sa.Integer, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.UniqueConstraint("project_id", "name"),
)

project_file = sa.Table(
    "project_file",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _project(),
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
    _project(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("plan", Json, nullable=False),
    sa.Column("population", sa.Integer, nullable=False),
    sa.Column("strata", Json, nullable=False),
    sa.Column("rows", Json, nullable=False),
    sa.Column("stratum_of", Json, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.UniqueConstraint("project_id", "name"),
)

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
    sa.Column("id", _BigId, primary_key=True, autoincrement=True),
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
    sa.Column("id", _BigId, primary_key=True, autoincrement=True),
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
