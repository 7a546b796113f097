"""Where sessions are, attempts to sign in, known places, accounts elsewhere"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    for column in (
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("way", sa.Text(), nullable=True),
        sa.Column("idle_seconds", sa.BigInteger(), nullable=True),
    ):
        op.add_column("token", column)
    op.create_table(
        "attempts",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("level", sa.Float(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_at"), "attempts", ["at"])
    op.create_table(
        "known_place",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        _of_user("known_place"),
        sa.PrimaryKeyConstraint("user_id", "place", name=op.f("pk_known_place")),
    )
    op.create_index(op.f("ix_known_place_used_at"), "known_place", ["used_at"])
    op.create_table(
        "redirected",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("remembered", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        _of_user("redirected"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_redirected")),
    )
    for name in ("network", "user_id", "expires_at"):
        op.create_index(op.f(f"ix_redirected_{name}"), "redirected", [name])
    op.create_table(
        "external_account",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", sa.BigInteger(), nullable=False),
        _of_user("external_account"),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_external_account")),
    )
    op.create_index(op.f("ix_external_account_user_id"), "external_account", ["user_id"])


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["user.id"], name=op.f(f"fk_{table}_user_id"), ondelete="CASCADE"
    )
