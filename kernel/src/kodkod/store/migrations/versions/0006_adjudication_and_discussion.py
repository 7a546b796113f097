"""Adjudicators, what is assigned to them, threads on texts, messages to many"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "adjudicator",
        *_both("adjudicator", "scheme", "user"),
    )
    op.create_index("ix_adjudicator_user_id", "adjudicator", ["user_id"])
    op.create_table(
        "assignment",
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        _refers("assignment", "scheme"),
        _refers("assignment", "user"),
        sa.PrimaryKeyConstraint("scheme_id", "row", name=op.f("pk_assignment")),
    )
    op.create_index("ix_assignment_user_id", "assignment", ["user_id"])
    _discussion()
    _notices()


def _discussion() -> None:
    op.create_table(
        "thread",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("resolved_by", sa.Integer(), nullable=True),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        _refers("thread", "project"),
        _refers("thread", "scheme"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_thread_project_id_row", "thread", ["project_id", "row"])
    op.create_index("ix_thread_scheme_id", "thread", ["scheme_id"])
    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        _refers("post", "thread"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_post_thread_id", "post", ["thread_id", "id"])
    op.create_table("mention", *_both("mention", "post", "user"))
    op.create_index("ix_mention_user_id", "mention", ["user_id", "post_id"])
    op.create_table(
        "thread_read",
        *_both("thread_read", "thread", "user"),
        sa.Column("post_id", sa.Integer(), nullable=False),
    )
    op.create_index("ix_thread_read_user_id", "thread_read", ["user_id"])


def _notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        _refers("notice", "project"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notice_project_id", "notice", ["project_id"])
    op.create_table("notice_read", *_both("notice_read", "notice", "user"))
    op.create_index("ix_notice_read_user_id", "notice_read", ["user_id"])


def _both(table: str, *others: str) -> list[sa.schema.SchemaItem]:
    """Return two columns that refer to other tables and are the key together."""
    columns = [sa.Column(f"{other}_id", sa.Integer(), nullable=False) for other in others]
    key = sa.PrimaryKeyConstraint(*(each.name for each in columns), name=op.f(f"pk_{table}"))
    return [*columns, *(_refers(table, other) for other in others), key]


def _refers(table: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [f"{other}_id"],
        [f"{other}.id"],
        name=op.f(f"fk_{table}_{other}_id"),
        ondelete="CASCADE",
    )
