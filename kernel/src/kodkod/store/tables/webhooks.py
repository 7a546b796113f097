"""Whom projects tell elsewhere, and what is to be told or was."""

from __future__ import annotations

import sqlalchemy as sa

from kodkod.store.tables.columns import BigId, Json, Utc, id_column, metadata, project_column

__all__ = ["stopping_told", "webhook", "webhook_delivery"]

webhook = sa.Table(
    "webhook",
    metadata,
    id_column(),
    project_column(index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("format", sa.Text, nullable=False),
    # What may be seen of the address; the address itself and the keys are in `sealed`.
    sa.Column("shown", sa.Text, nullable=False),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("events", Json, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    # Why it was turned off by itself; empty where somebody did, or where it is on.
    sa.Column("off_because", sa.Text, nullable=False),
    # Since when nothing has arrived; null where the last attempt did.
    sa.Column("failing_since", Utc),
    # What came before is told already, or is not to be: the last event and entry of the log.
    sa.Column("event_id", sa.BigInteger, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("created_by", sa.Integer, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sqlite_autoincrement=True,
)

webhook_delivery = sa.Table(
    "webhook_delivery",
    metadata,
    sa.Column("number", BigId, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("webhook_id", sa.ForeignKey("webhook.id", ondelete="CASCADE"), nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("user_id", sa.Integer),
    sa.Column("data", Json, nullable=False),
    sa.Column("happened_at", Utc, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_at", Utc, nullable=False),
    # Until then it is in the hands of a server, which may have been killed meanwhile.
    sa.Column("leased_until", Utc),
    sa.Column("status", sa.Integer),
    sa.Column("problem", sa.Text, nullable=False),
    sa.Column("tried_at", Utc),
    sa.Index("ix_webhook_delivery_webhook_id", "webhook_id", "number"),
    sa.Index("ix_webhook_delivery_state", "state", "due_at"),
    sqlite_autoincrement=True,
)

stopping_told = sa.Table(
    "stopping_told",
    metadata,
    sa.Column("scheme_id", sa.ForeignKey("scheme.id", ondelete="CASCADE"), primary_key=True),
    # The verdict of each rule, as it was last told.
    sa.Column("verdicts", Json, nullable=False),
)
