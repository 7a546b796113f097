"""Annotations that ask others to look at a text"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column(
        "annotation",
        sa.Column("flagged", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
