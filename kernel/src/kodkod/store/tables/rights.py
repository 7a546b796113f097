"""Groups, what they and people may do in a project and with a scheme, and invitations."""

from __future__ import annotations

import sqlalchemy as sa

from kodkod.store.tables.columns import Utc, id_column, metadata, project_column

__all__ = [
    "group_member",
    "invitation",
    "invitation_use",
    "project_group",
    "restriction",
    "scheme_group",
    "scheme_user",
    "user_group",
]

user_group = sa.Table(
    "user_group",
    metadata,
    id_column(),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    # Who made it may change it; nobody but root may once that account is gone.
    sa.Column("keeper_id", sa.Integer, nullable=False, index=True),
    sa.Column("created_at", Utc, nullable=False),
    sqlite_autoincrement=True,
)

group_member = sa.Table(
    "group_member",
    metadata,
    sa.Column("group_id", sa.ForeignKey("user_group.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("user_id", sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    sa.Index("ix_group_member_user_id", "user_id"),
)

project_group = sa.Table(
    "project_group",
    metadata,
    project_column(primary_key=True),
    sa.Column("group_id", sa.ForeignKey("user_group.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Index("ix_project_group_group_id", "group_id"),
)

restriction = sa.Table(
    "restriction",
    metadata,
    # No foreign key: what was made of a restricted scheme stays hidden when the scheme is deleted.
    sa.Column("scheme_id", sa.Integer, primary_key=True, autoincrement=False),
    project_column(),
    sa.Index("ix_restriction_project_id", "project_id"),
)

scheme_user = sa.Table(
    "scheme_user",
    metadata,
    sa.Column("scheme_id", sa.ForeignKey("scheme.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("user_id", sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("may", sa.Text, nullable=False),
    sa.Index("ix_scheme_user_user_id", "user_id"),
)

scheme_group = sa.Table(
    "scheme_group",
    metadata,
    sa.Column("scheme_id", sa.ForeignKey("scheme.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("group_id", sa.ForeignKey("user_group.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("may", sa.Text, nullable=False),
    sa.Index("ix_scheme_group_group_id", "group_id"),
)

invitation = sa.Table(
    "invitation",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    project_column(),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("group_id", sa.ForeignKey("user_group.id", ondelete="CASCADE")),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("max_uses", sa.Integer, nullable=False),
    sa.Column("uses", sa.Integer, nullable=False),
    sa.Column("created_by", sa.Integer, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("expires_at", Utc, nullable=False),
    sa.Column("revoked_at", Utc),
    sa.Index("ix_invitation_project_id", "project_id"),
    sa.Index("ix_invitation_group_id", "group_id"),
)

invitation_use = sa.Table(
    "invitation_use",
    metadata,
    sa.Column(
        "invitation_id", sa.ForeignKey("invitation.id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("user_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("used_at", Utc, nullable=False),
)
