"""How much of a text a feature reads"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("feature", sa.Column("window", sa.Text(), nullable=True))
