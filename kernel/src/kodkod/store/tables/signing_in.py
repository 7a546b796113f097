"""What is remembered of attempts to sign in, where people signed in, and accounts elsewhere."""

from __future__ import annotations

import sqlalchemy as sa

from kodkod.store.tables.columns import Utc, metadata

__all__ = ["attempts", "external_account", "known_place", "redirected"]

attempts = sa.Table(
    "attempts",
    metadata,
    # What is counted: a name at a place, a place, a name. Names are digests.
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("level", sa.Float, nullable=False),
    sa.Column("at", Utc, nullable=False, index=True),
)

known_place = sa.Table(
    "known_place",
    metadata,
    sa.Column("user_id", sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    # A network, or the digest of what a browser keeps.
    sa.Column("place", sa.Text, primary_key=True),
    sa.Column("used_at", Utc, nullable=False, index=True),
)

redirected = sa.Table(
    "redirected",
    metadata,
    # Of the state that a provider gives back, then of the code that the browser exchanges.
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("way", sa.Text, nullable=False),
    sa.Column("browser", sa.Text, nullable=False),
    sa.Column("network", sa.Text, nullable=False, index=True),
    sa.Column("remembered", sa.Text, nullable=False),
    sa.Column("user_id", sa.ForeignKey("user.id", ondelete="CASCADE"), index=True),
    sa.Column("expires_at", Utc, nullable=False, index=True),
)

external_account = sa.Table(
    "external_account",
    metadata,
    sa.Column("issuer", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("user_id", sa.ForeignKey("user.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("linked_at", Utc, nullable=False),
)
