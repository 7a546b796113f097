"""Groups, rights in projects and with schemes, and invitations"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    for table in ("feature", "drawn_sample", "job"):
        op.add_column(table, sa.Column("scheme_id", sa.Integer(), nullable=True))
    op.create_table(
        "user_group",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("keeper_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_group")),
        sa.UniqueConstraint("name", name=op.f("uq_user_group_name")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_user_group_keeper_id"), "user_group", ["keeper_id"])
    _pair("group_member", ("group_id", "user_group"), ("user_id", "user"))
    _pair(
        "project_group",
        ("project_id", "project"),
        ("group_id", "user_group"),
        sa.Column("role", sa.Text(), nullable=False),
    )
    op.create_table(
        "restriction",
        sa.Column("scheme_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        _key("restriction", "project_id", "project"),
        sa.PrimaryKeyConstraint("scheme_id", name=op.f("pk_restriction")),
    )
    op.create_index(op.f("ix_restriction_project_id"), "restriction", ["project_id"])
    for whose, other in (("user", "user"), ("group", "user_group")):
        _pair(
            f"scheme_{whose}",
            ("scheme_id", "scheme"),
            (f"{whose}_id", other),
            sa.Column("may", sa.Text(), nullable=False),
        )
    _invitations()


def _invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("max_uses", sa.Integer(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        _key("invitation", "project_id", "project"),
        _key("invitation", "group_id", "user_group"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("digest", name=op.f("uq_invitation_digest")),
    )
    op.create_index(op.f("ix_invitation_project_id"), "invitation", ["project_id"])
    op.create_index(op.f("ix_invitation_group_id"), "invitation", ["group_id"])
    op.create_table(
        "invitation_use",
        sa.Column("invitation_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        _key("invitation_use", "invitation_id", "invitation"),
        sa.PrimaryKeyConstraint("invitation_id", "user_id", name=op.f("pk_invitation_use")),
    )


def _pair(
    name: str, first: tuple[str, str], second: tuple[str, str], *more: sa.Column[str]
) -> None:
    """Make a table that relates two others, and find its rows by the second too."""
    op.create_table(
        name,
        *(sa.Column(column, sa.Integer(), nullable=False) for column, _ in (first, second)),
        *more,
        *(_key(name, column, other) for column, other in (first, second)),
        sa.PrimaryKeyConstraint(first[0], second[0], name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_{second[0]}"), name, [second[0]])


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
    )
