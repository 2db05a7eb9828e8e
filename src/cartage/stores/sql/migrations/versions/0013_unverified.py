"""What of a product nobody has verified yet."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("products", sa.Column("unverified", sa.Text, nullable=False, server_default="[]"))


def downgrade() -> None:
    """Go back."""
    op.drop_column("products", "unverified")
