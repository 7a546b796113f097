"""How models were made, what jobs reported, files of projects, projections and topics"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    for column in (
        sa.Column("training", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("provenance", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("thresholds", sa.Text(), nullable=True),
        sa.Column("validation", sa.Text(), nullable=True),
        sa.Column("predicted", sa.Text(), nullable=False, server_default="{}"),
    ):
        op.add_column("model", column)
    op.create_index(op.f("ix_energy_job_id"), "energy", ["job_id"])
    op.create_table(
        "job_point",
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name=op.f("fk_job_point_job_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", "n", name=op.f("pk_job_point")),
    )
    _of_project(
        "projection",
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("feature_id", sa.Text(), nullable=False),
        sa.Column("split", sa.Text(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
    )
    _of_project(
        "topics",
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("feature_id", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
    )
    _of_project(
        "project_file",
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
    )


def _of_project(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        *columns,
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f(f"fk_{name}_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("project_id", "name", name=op.f(f"uq_{name}_project_id_name")),
    )
