"""Projects that are archived, or deleted and not gone yet; what people prefer"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("project", sa.Column("archived_at", sa.BigInteger(), nullable=True))
    op.add_column("project", sa.Column("deleted_at", sa.BigInteger(), nullable=True))
    op.add_column("user", sa.Column("preferences", sa.Text(), nullable=True))
