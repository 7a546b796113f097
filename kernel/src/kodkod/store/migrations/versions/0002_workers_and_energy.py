"""Workers that are alive, what jobs took in energy, and what a project may spend"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "worker",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=True),
        sa.Column("master", sa.Text(), nullable=False),
        sa.Column("restarts", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=True),
        sa.Column("rss_mb", sa.Integer(), nullable=False),
        sa.Column("cards", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("heartbeat_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker")),
    )
    op.create_table(
        "energy",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("project_slug", sa.Text(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("cpu_wh", sa.Float(), nullable=False),
        sa.Column("gpu_wh", sa.Float(), nullable=False),
        sa.Column("ram_wh", sa.Float(), nullable=False),
        sa.Column("remote_wh", sa.Float(), nullable=False),
        sa.Column("wh", sa.Float(), nullable=False),
        sa.Column("g_co2e", sa.Float(), nullable=False),
        sa.Column("measured_wh", sa.Float(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_energy_project_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_energy")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_energy_project_id"), "energy", ["project_id"])
    op.create_index(op.f("ix_energy_kind_subject"), "energy", ["kind", "subject"])
    op.create_index(op.f("ix_energy_finished_at"), "energy", ["finished_at"])
    op.add_column("project", sa.Column("budget", sa.Text(), nullable=True))
    for column in (
        sa.Column("eta", sa.BigInteger(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False, server_default=""),
        sa.Column("expected", sa.Text(), nullable=True),
        sa.Column("warning", sa.Text(), nullable=False, server_default=""),
        sa.Column("energy", sa.Text(), nullable=True),
        sa.Column("need_mb", sa.Integer(), nullable=True),
        sa.Column("card", sa.Text(), nullable=True),
    ):
        op.add_column("job", column)
    # Retention and the monitor ask for what ended since or before some time.
    op.create_index(op.f("ix_job_finished_at"), "job", ["finished_at"])
