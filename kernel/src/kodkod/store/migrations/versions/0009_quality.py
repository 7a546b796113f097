"""Versions of codebooks, texts whose answer is known, a text's history, whose a map is"""

import sqlalchemy as sa
from alembic import op
from msgspec import json

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "codebook_version",
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("codebook", sa.Text(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("affects", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scheme_id"],
            ["scheme.id"],
            name=op.f("fk_codebook_version_scheme_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("scheme_id", "number", name=op.f("pk_codebook_version")),
    )
    op.create_table(
        "gold",
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("attention", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scheme_id"], ["scheme.id"], name=op.f("fk_gold_scheme_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("scheme_id", "row", name=op.f("pk_gold")),
    )
    for table in ("projection", "topics"):
        op.add_column(table, sa.Column("scheme_id", sa.Integer(), nullable=True))
        op.execute(
            f"UPDATE {table} SET scheme_id = "  # noqa: S608 - of the two names above
            f"(SELECT scheme_id FROM feature WHERE feature.id = {table}.feature_id)"
        )
    op.add_column("scheme", sa.Column("checks", sa.Text(), nullable=True))
    op.create_index("ix_annotation_scheme_id_row", "annotation", ["scheme_id", "row", "seq"])
    _first_versions()


def _first_versions() -> None:
    """Give each scheme the version that its annotations until now count as made under."""
    connection = op.get_bind()
    labels: dict[int, list[dict[str, object]]] = {}
    names = sa.table("label", *map(sa.column, _LABEL), sa.column("scheme_id"))
    for row in connection.execute(sa.select(names).order_by(names.c.position, names.c.id)):
        shown = {name: getattr(row, name) for name in _LABEL}
        labels.setdefault(row.scheme_id, []).append(shown)
    columns = ("scheme_id", "number", "seq", "codebook", "labels", "note", "created_at")
    versions = sa.table("codebook_version", *map(sa.column, columns))
    schemes = sa.table("scheme", *map(sa.column, ("id", "codebook", "created_at")))
    for row in connection.execute(sa.select(schemes)).all():
        first = {
            "scheme_id": row.id,
            "number": 1,
            "seq": 0,
            "codebook": row.codebook,
            "labels": json.encode(labels.get(row.id, [])).decode(),
            "note": "",
            "created_at": row.created_at,
        }
        connection.execute(sa.insert(versions).values(**first))


_LABEL = ("id", "name", "color", "description", "position")
